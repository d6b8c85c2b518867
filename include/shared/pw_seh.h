// SPDX-License-Identifier: Apache-2.0
// Structured exceptions for user source: what the compiler wrapper's pre-pass turns __try, __except, __finally and __leave
// into. See docs/decisions/0002-structured-exceptions.md.
#ifndef PW_SEH_H
#define PW_SEH_H
#pragma GCC system_header

#include <pw_seh_macros.h>

#ifdef __cplusplus
extern "C" {
#endif

#define PW_SEH_API __attribute__((__visibility__("default"), __nothrow__))

struct _EXCEPTION_POINTERS;

enum { _pw_seh_function_is_marked = 0 };  // see _PW_SEH_CHECK_FUNCTION

// One __try that is being executed, a local variable of its function. The first eight fields are the registers with which
// the function can be resumed; src/exceptions/frame_switch.S knows all offsets.
struct pw_seh_frame {
  unsigned long rbx, rbp, r12, r13, r14, r15, rsp, rip;
  struct pw_seh_frame* previous;
  int reason;           // why the function was resumed: PW_SEH_*
  unsigned short state;
  unsigned short kind;
  unsigned int code;    // of the exception
  int abnormal;         // the body was left otherwise than through its end
  struct _EXCEPTION_POINTERS* pointers;  // while the filter runs
  unsigned long resume_sp;               // the stack to go back to from the filter or the termination handler
  struct pw_seh_frame* target;           // the frame whose handler an unwind is going to
  void* jump_buffer;                     // with ThreadSanitizer, which must see the jump
#ifdef PW_SEH_THREAD_SANITIZER
  unsigned long jump_space[32];
#endif
};

// Pushes the frame. Returns 0 at first; again, with another reason, whenever the function is resumed.
PW_SEH_API int pw_seh_enter(struct pw_seh_frame* frame) __attribute__((__returns_twice__));
// Runs when the frame goes out of scope, however that happens; runs the termination handler if the body was jumped out of.
PW_SEH_API void pw_seh_scope_exit(struct pw_seh_frame* frame);
// The same for a __try that certainly has no termination handler.
PW_SEH_API void pw_seh_scope_exit_except(struct pw_seh_frame* frame);
PW_SEH_API void pw_seh_body_end(struct pw_seh_frame* frame);
// For filters and termination handlers that were resumed; reached by a jump with the stack pointer of whoever resumed them.
PW_SEH_API void pw_seh_answer(struct pw_seh_frame* frame, int value);
PW_SEH_API void pw_seh_continue_unwind(struct pw_seh_frame* frame);
PW_SEH_API void pw_seh_finally_exit(struct pw_seh_frame** guard);

#ifdef PW_SEH_THREAD_SANITIZER
PW_SEH_API int pw_seh_enter_with(struct pw_seh_frame* frame, void* jump_buffer) __attribute__((__returns_twice__));
extern int pw_seh_setjmp(void* buffer) __asm__("_setjmp") __attribute__((__returns_twice__, __nothrow__));
#endif

#ifdef __cplusplus
}
#endif

#ifndef EXCEPTION_EXECUTE_HANDLER
#define EXCEPTION_EXECUTE_HANDLER 1
#define EXCEPTION_CONTINUE_SEARCH 0
#define EXCEPTION_CONTINUE_EXECUTION (-1)
#endif

typedef enum _EXCEPTION_DISPOSITION {
  ExceptionContinueExecution,
  ExceptionContinueSearch,
  ExceptionNestedException,
  ExceptionCollidedUnwind
} EXCEPTION_DISPOSITION;

// Valid in a filter and in a handler block (the code), and in a termination handler (the last), as with Microsoft's
// compiler; elsewhere they do not compile.
#define _exception_code() (_pw_seh_x->code)
#define _exception_info() (_pw_seh_x->pointers)
#define _abnormal_termination() (_pw_seh_t->abnormal)
#define GetExceptionCode _exception_code
#define GetExceptionInformation _exception_info
#define AbnormalTermination _abnormal_termination
#ifndef __cplusplus
#define exception_code _exception_code
#define exception_info _exception_info
#define abnormal_termination _abnormal_termination
#endif

#endif
