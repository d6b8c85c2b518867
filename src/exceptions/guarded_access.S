// SPDX-License-Identifier: Apache-2.0
// Guarded accesses. A fault whose instruction lies between pw_guarded_begin and pw_guarded_end goes on at pw_guarded_failed,
// with the address in rdx (guarded_access.cpp does that); between pw_guarded_chunk_begin and pw_guarded_chunk_end at
// pw_guarded_bytes, which finds the exact byte. rcx is what the function returns then: the bytes that remain, or 0; r8 says
// where the address goes, or is null.
#define FUNCTION(name) .globl name; .type name, @function; .p2align 4; name: .cfi_startproc; endbr64
#define END(name) .cfi_endproc; .size name, . - name

    .text
    .globl pw_guarded_begin, pw_guarded_end, pw_guarded_failed
    .globl pw_guarded_chunk_begin, pw_guarded_chunk_end, pw_guarded_bytes
    .hidden pw_guarded_begin, pw_guarded_end, pw_guarded_failed
    .hidden pw_guarded_chunk_begin, pw_guarded_chunk_end, pw_guarded_bytes
pw_guarded_begin:

// size_t pw_guarded_copy(void* destination, const void* source, size_t n, uintptr_t* fault_address)
FUNCTION(pw_guarded_copy)
    mov  %rcx, %r8
    mov  %rdx, %rcx
    cmp  $1024, %rcx
    jb   pw_guarded_chunk_begin  // rep movsb takes some 30 cycles to start
    rep movsb
    xor  %eax, %eax
    ret
pw_guarded_chunk_begin:
    cmp  $32, %rcx
    jb   .Lwords
    movups (%rsi), %xmm0
    movups 16(%rsi), %xmm1
    movups %xmm0, (%rdi)
    movups %xmm1, 16(%rdi)
    add  $32, %rsi
    add  $32, %rdi
    sub  $32, %rcx
    jmp  pw_guarded_chunk_begin
.Lwords:
    cmp  $8, %rcx
    jb   pw_guarded_bytes
    mov  (%rsi), %rax
    mov  %rax, (%rdi)
    add  $8, %rsi
    add  $8, %rdi
    sub  $8, %rcx
    jmp  .Lwords
pw_guarded_chunk_end:
pw_guarded_bytes:
    test %rcx, %rcx
    jz   .Lcopied
    mov  (%rsi), %al
    mov  %al, (%rdi)
    inc  %rsi
    inc  %rdi
    dec  %rcx
    jmp  pw_guarded_bytes
.Lcopied:
    xor  %eax, %eax
    ret
END(pw_guarded_copy)

// size_t pw_guarded_fill(void* destination, int value, size_t n, uintptr_t* fault_address)
FUNCTION(pw_guarded_fill)
    mov  %rcx, %r8
    mov  %rdx, %rcx
    mov  %esi, %eax
    rep stosb
    xor  %eax, %eax
    ret
END(pw_guarded_fill)

// int pw_guarded_readN(const void* address, uintN_t* value), int pw_guarded_writeN(void* address, uintN_t value)

FUNCTION(pw_guarded_read8)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  (%rdi), %al
    mov  %al, (%rsi)
    mov  $1, %eax
    ret
END(pw_guarded_read8)

FUNCTION(pw_guarded_write8)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  %sil, (%rdi)
    mov  $1, %eax
    ret
END(pw_guarded_write8)

// int pw_guarded_touch(void* first, void* last): writes both bytes back as they are.
FUNCTION(pw_guarded_touch)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  (%rdi), %al
    mov  %al, (%rdi)
    mov  (%rsi), %al
    mov  %al, (%rsi)
    mov  $1, %eax
    ret
END(pw_guarded_touch)

FUNCTION(pw_guarded_read16)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  (%rdi), %ax
    mov  %ax, (%rsi)
    mov  $1, %eax
    ret
END(pw_guarded_read16)

FUNCTION(pw_guarded_write16)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  %si, (%rdi)
    mov  $1, %eax
    ret
END(pw_guarded_write16)

FUNCTION(pw_guarded_read32)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  (%rdi), %eax
    mov  %eax, (%rsi)
    mov  $1, %eax
    ret
END(pw_guarded_read32)

FUNCTION(pw_guarded_write32)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  %esi, (%rdi)
    mov  $1, %eax
    ret
END(pw_guarded_write32)

FUNCTION(pw_guarded_read64)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  (%rdi), %rax
    mov  %rax, (%rsi)
    mov  $1, %eax
    ret
END(pw_guarded_read64)

FUNCTION(pw_guarded_write64)
    xor  %ecx, %ecx
    xor  %r8d, %r8d
    mov  %rsi, (%rdi)
    mov  $1, %eax
    ret
END(pw_guarded_write64)

pw_guarded_end:

pw_guarded_failed:
    cld
    mov  %rcx, %rax
    test %r8, %r8
    jz   1f
    mov  %rdx, (%r8)
1:  ret

    .section .note.GNU-stack, "", @progbits
