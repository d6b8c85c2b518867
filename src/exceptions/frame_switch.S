// SPDX-License-Identifier: Apache-2.0
// The switches between a function with a __try and the dispatcher. Offsets are those of struct pw_seh_frame (pw_seh.h) and
// ThreadState (thread_state.h); dispatch.cpp asserts them.
#define RBX 0
#define RBP 8
#define R12 16
#define R13 24
#define R14 32
#define R15 40
#define RSP 48
#define RIP 56
#define PREVIOUS 64
#define REASON 72
#define STATE 76
#define CODE 80
#define ABNORMAL 84
#define RESUME_SP 96
#define JUMP_BUFFER 112

#define TOP 0
#define ATTACHED 8

#define STATE_ENDED 1
#define STATE_POPPED 2
#define REASON_LOCAL 3

#define FUNCTION(name) .globl name; .type name, @function; .p2align 4; name: .cfi_startproc; endbr64
#define END(name) .cfi_endproc; .size name, . - name

    .text

// void* in rsi for the second: the jump buffer.
FUNCTION(pw_seh_enter_with)
    mov  %rsi, %r8
    jmp  .Lenter
END(pw_seh_enter_with)

// int pw_seh_enter(struct pw_seh_frame* frame)
FUNCTION(pw_seh_enter)
    xor  %r8d, %r8d
.Lenter:
    mov  %rbx, RBX(%rdi)
    mov  %rbp, RBP(%rdi)
    mov  %r12, R12(%rdi)
    mov  %r13, R13(%rdi)
    mov  %r14, R14(%rdi)
    mov  %r15, R15(%rdi)
    lea  8(%rsp), %rax
    mov  %rax, RSP(%rdi)
    mov  (%rsp), %rax
    mov  %rax, RIP(%rdi)
    movq $0, REASON(%rdi)        // and state, kind
    movq $0, CODE(%rdi)          // and abnormal
    mov  %r8, JUMP_BUFFER(%rdi)
    mov  pw_seh_thread@gottpoff(%rip), %rcx
    cmpl $0, %fs:ATTACHED(%rcx)
    je   .Lfirst_use
.Lpush:
    mov  %fs:TOP(%rcx), %rax
    mov  %rax, PREVIOUS(%rdi)
    mov  %rdi, %fs:TOP(%rcx)
    xor  %eax, %eax
    ret
.Lfirst_use:
    push %rdi
    .cfi_adjust_cfa_offset 8
    call pw_seh_thread_first_use
    pop  %rdi
    .cfi_adjust_cfa_offset -8
    mov  pw_seh_thread@gottpoff(%rip), %rcx
    jmp  .Lpush
END(pw_seh_enter)

// void pw_seh_body_end(struct pw_seh_frame* frame)
FUNCTION(pw_seh_body_end)
    mov  pw_seh_thread@gottpoff(%rip), %rcx
    mov  PREVIOUS(%rdi), %rax
    mov  %rax, %fs:TOP(%rcx)
    movw $STATE_POPPED, STATE(%rdi)
    ret
END(pw_seh_body_end)

// void pw_seh_scope_exit(struct pw_seh_frame* frame)
FUNCTION(pw_seh_scope_exit)
    movzwl STATE(%rdi), %eax
    cmp  $STATE_POPPED, %eax
    je   1f
    mov  pw_seh_thread@gottpoff(%rip), %rcx
    mov  PREVIOUS(%rdi), %rdx
    mov  %rdx, %fs:TOP(%rcx)
    movw $STATE_POPPED, STATE(%rdi)
    cmp  $STATE_ENDED, %eax
    jne  2f
1:  ret
2:  // The body is being jumped out of. From here the function's stack pointer is what a termination handler that jumps
    // itself must go back to (pw_seh_finally_exit).
    lea  8(%rsp), %rax
    mov  %rax, RSP(%rdi)
    movl $1, ABNORMAL(%rdi)
    mov  $REASON_LOCAL, %esi
    jmp  .Lcall_on_top
END(pw_seh_scope_exit)

// void pw_seh_scope_exit_except(struct pw_seh_frame* frame)
FUNCTION(pw_seh_scope_exit_except)
    cmpw $STATE_POPPED, STATE(%rdi)
    je   1f
    mov  pw_seh_thread@gottpoff(%rip), %rcx
    mov  PREVIOUS(%rdi), %rdx
    mov  %rdx, %fs:TOP(%rcx)
    movw $STATE_POPPED, STATE(%rdi)
1:  ret
END(pw_seh_scope_exit_except)

// int pw_seh_call_on_top(struct pw_seh_frame* frame, int reason): resumes the function at its __try with a stack pointer
// below everything that is on the stack now; returns what the function gives to pw_seh_answer.
FUNCTION(pw_seh_call_on_top)
.Lcall_on_top:
    push %rbp
    push %rbx
    push %r12
    push %r13
    push %r14
    push %r15
    mov  %rsp, RESUME_SP(%rdi)
    mov  %esi, REASON(%rdi)
    mov  %esi, %eax
    // Keep the function's alignment, up to 64 bytes.
    mov  RSP(%rdi), %rdx
    and  $63, %edx
    lea  -256(%rsp), %rcx
    and  $-64, %rcx
    add  %rdx, %rcx
    mov  %rcx, %rsp
    mov  RBX(%rdi), %rbx
    mov  RBP(%rdi), %rbp
    mov  R12(%rdi), %r12
    mov  R13(%rdi), %r13
    mov  R14(%rdi), %r14
    mov  R15(%rdi), %r15
    jmp  *RIP(%rdi)
END(pw_seh_call_on_top)

// void pw_seh_answer(struct pw_seh_frame* frame, int value); reached by a jump, whatever the stack pointer.
FUNCTION(pw_seh_answer)
    mov  RESUME_SP(%rdi), %rsp
    mov  %esi, %eax
    pop  %r15
    pop  %r14
    pop  %r13
    pop  %r12
    pop  %rbx
    pop  %rbp
    ret
END(pw_seh_answer)

// void pw_seh_jump(struct pw_seh_frame* frame): resumes the function on its own stack, for frame->reason.
FUNCTION(pw_seh_jump)
    mov  REASON(%rdi), %eax
    mov  RBX(%rdi), %rbx
    mov  RBP(%rdi), %rbp
    mov  R12(%rdi), %r12
    mov  R13(%rdi), %r13
    mov  R14(%rdi), %r14
    mov  R15(%rdi), %r15
    mov  RSP(%rdi), %rsp
    cld
    jmp  *RIP(%rdi)
END(pw_seh_jump)

// void pw_seh_finally_exit(struct pw_seh_frame** guard): the termination handler is left, through its end or by a jump. If
// it ran on top of another jump out of the body, its own jump wins: drop what lies on the stack for the first one.
FUNCTION(pw_seh_finally_exit)
    mov  (%rdi), %rdi
    cmpl $REASON_LOCAL, REASON(%rdi)
    jne  1f
    pop  %rdx
    mov  RSP(%rdi), %rsp
    jmp  *%rdx
1:  ret
END(pw_seh_finally_exit)

// void pw_seh_raise(EXCEPTION_RECORD* record): gives the caller's registers, in the order of x64's CONTEXT from Rbx on, to
// void pw_seh_raise_from(EXCEPTION_RECORD* record, const RaiserRegisters* registers).
FUNCTION(pw_seh_raise)
    sub  $72, %rsp
    .cfi_adjust_cfa_offset 72
    lea  80(%rsp), %rax
    mov  72(%rsp), %rdx
    mov  %rbx, 0(%rsp)
    mov  %rax, 8(%rsp)
    mov  %rbp, 16(%rsp)
    mov  %r12, 24(%rsp)
    mov  %r13, 32(%rsp)
    mov  %r14, 40(%rsp)
    mov  %r15, 48(%rsp)
    mov  %rdx, 56(%rsp)
    mov  %rsp, %rsi
    call pw_seh_raise_from
    add  $72, %rsp
    .cfi_adjust_cfa_offset -72
    ret
END(pw_seh_raise)

// Where a faulting thread goes on after its signal handler, with rbx = FaultCapture*: the handler is called as if by the
// faulting instruction, and what unwinds the stack (debuggers, reports of bug checks) finds that instruction's registers in
// the capture, in the order rax rcx rdx rbx rsp rbp rsi rdi r8-r15 rip.
    .globl pw_fault_trampoline
    .type pw_fault_trampoline, @function
    .p2align 4
    .cfi_startproc
    .cfi_signal_frame
    .cfi_escape 0x0f, 0x03, 0x73, 0x20, 0x06             // CFA = *(rbx + 32)
    .cfi_escape 0x16, 0x07, 0x04, 0x73, 0x20, 0x23, 0x00 // rsp = CFA
    .cfi_escape 0x10, 0x00, 0x02, 0x73, 0x00             // rax at rbx + 0
    .cfi_escape 0x10, 0x02, 0x02, 0x73, 0x08             // rcx
    .cfi_escape 0x10, 0x01, 0x02, 0x73, 0x10             // rdx
    .cfi_escape 0x10, 0x03, 0x02, 0x73, 0x18             // rbx
    .cfi_escape 0x10, 0x06, 0x02, 0x73, 0x28             // rbp
    .cfi_escape 0x10, 0x04, 0x02, 0x73, 0x30             // rsi
    .cfi_escape 0x10, 0x05, 0x02, 0x73, 0x38             // rdi
    .cfi_escape 0x10, 0x08, 0x03, 0x73, 0xc0, 0x00       // r8
    .cfi_escape 0x10, 0x09, 0x03, 0x73, 0xc8, 0x00
    .cfi_escape 0x10, 0x0a, 0x03, 0x73, 0xd0, 0x00
    .cfi_escape 0x10, 0x0b, 0x03, 0x73, 0xd8, 0x00
    .cfi_escape 0x10, 0x0c, 0x03, 0x73, 0xe0, 0x00
    .cfi_escape 0x10, 0x0d, 0x03, 0x73, 0xe8, 0x00
    .cfi_escape 0x10, 0x0e, 0x03, 0x73, 0xf0, 0x00
    .cfi_escape 0x10, 0x0f, 0x03, 0x73, 0xf8, 0x00
    .cfi_escape 0x10, 0x10, 0x03, 0x73, 0x80, 0x01       // rip at rbx + 128
    nop
pw_fault_trampoline:
    mov  %rbx, %rdi
    call pw_seh_fault_entry
    .globl pw_fault_resume_point
    .hidden pw_fault_resume_point
pw_fault_resume_point:
    ud2                          // the signal handler puts the capture's state back
    .cfi_endproc
    .size pw_fault_trampoline, . - pw_fault_trampoline

    .hidden pw_seh_thread
    .hidden pw_seh_thread_first_use
    .hidden pw_seh_call_on_top
    .hidden pw_seh_jump
    .hidden pw_seh_raise_from
    .hidden pw_fault_trampoline
    .hidden pw_seh_fault_entry
    .section .note.GNU-stack, "", @progbits
