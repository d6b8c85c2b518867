/* SPDX-License-Identifier: Apache-2.0 */
/* void pw_call_on_stack(void (*function)(void*), void* argument, void* top); debuggers and unwinders can walk through. */
    .text
    .globl pw_call_on_stack
    .hidden pw_call_on_stack
    .type pw_call_on_stack, @function
pw_call_on_stack:
    .cfi_startproc
    endbr64
    pushq %rbp
    .cfi_def_cfa_offset 16
    .cfi_offset %rbp, -16
    movq %rsp, %rbp
    .cfi_def_cfa_register %rbp
    movq %rdx, %rsp
    movq %rdi, %rax
    movq %rsi, %rdi
    call *%rax
    movq %rbp, %rsp
    popq %rbp
    .cfi_def_cfa %rsp, 8
    ret
    .cfi_endproc
    .size pw_call_on_stack, .-pw_call_on_stack
    .section .note.GNU-stack, "", @progbits
