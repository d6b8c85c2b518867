// SPDX-License-Identifier: Apache-2.0
// The macros that the compiler wrapper's pre-pass writes into user source; no declarations, so that it can also be
// included before text that is preprocessed already.
#ifndef PW_SEH_MACROS_H
#define PW_SEH_MACROS_H
#pragma GCC system_header

#if defined(__SANITIZE_THREAD__)
#define PW_SEH_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define PW_SEH_THREAD_SANITIZER 1
#endif
#endif

// Why a function is resumed at its __try (0: it entered the body).
#define PW_SEH_FILTER 1   // evaluate the filter, on top of the raiser's stack
#define PW_SEH_UNWIND 2   // run the handler, or the termination handler of an unwind, on the function's own stack
#define PW_SEH_LOCAL 3    // the body was jumped out of: run the termination handler, on top of the jump

#define PW_SEH_KIND_FINALLY 1  // in pw_seh_frame.kind, known once the filter has been asked for

// A function that can be resumed keeps each local variable in memory, and addresses it from its frame pointer.
#if defined(__clang__)
#define _PW_SEH_FUNCTION __attribute__((__optnone__, __noinline__))
#define _PW_SEH_LAMBDA_FIRST _PW_SEH_FUNCTION  // behind a lambda's parameters
#define _PW_SEH_LAMBDA_LAST
#else
#define _PW_SEH_FUNCTION __attribute__((__optimize__("O0"), __noipa__))
#define _PW_SEH_LAMBDA_FIRST
#define _PW_SEH_LAMBDA_LAST _PW_SEH_FUNCTION   // behind its 'mutable' and 'noexcept'
#endif
// Stands for __forceinline on such a function: NT's compiler does not inline it either.
#if defined(__cplusplus)
#define _PW_SEH_INLINE inline
#else
#define _PW_SEH_INLINE static __inline__
#endif

// Around the body of such a function: the compilers cannot see that a termination handler does not fall through to what
// follows a body that returned. The enumerator hides pw_seh.h's, which says that a function has no attribute.
#define _PW_SEH_MARK enum { _pw_seh_function_is_marked = 1 };
#if defined(__clang__)
#define _PW_SEH_BODY _Pragma("clang diagnostic push") _Pragma("clang diagnostic ignored \"-Wreturn-type\"") _PW_SEH_MARK
#define _PW_SEH_BODY_END _Pragma("clang diagnostic pop")
#else
#define _PW_SEH_BODY                                                                                     \
  _Pragma("GCC diagnostic push") _Pragma("GCC diagnostic ignored \"-Wreturn-type\"")                     \
      _Pragma("GCC diagnostic ignored \"-Wclobbered\"") _PW_SEH_MARK
#define _PW_SEH_BODY_END _Pragma("GCC diagnostic pop")
#endif

// A macro's __try in a function that the pre-pass did not see: with optimisation, its locals would be wrong in the handler.
#ifndef __OPTIMIZE__
#define _PW_SEH_CHECK_FUNCTION
#elif defined(__cplusplus)
#define _PW_SEH_CHECK_FUNCTION \
  static_assert(_pw_seh_function_is_marked, "this function uses a macro with __try that the pre-pass did not know");
#else
#define _PW_SEH_CHECK_FUNCTION \
  _Static_assert(_pw_seh_function_is_marked, "this function uses a macro with __try that the pre-pass did not know");
#endif

#ifdef PW_SEH_THREAD_SANITIZER
#define _PW_SEH_ENTER(f) (pw_seh_setjmp((f).jump_space) ? (f).reason : pw_seh_enter_with(&(f), (f).jump_space))
#else
#define _PW_SEH_ENTER(f) pw_seh_enter(&(f))
#endif

// Never executed: a variable-sized allocation anywhere in a function makes both compilers address everything from the frame
// (or base) pointer, so that a filter can run with another stack pointer.
#define _PW_SEH_KEEP(f) \
  if ((f)->reason < 0) __asm__ volatile("" ::"r"(__builtin_alloca((unsigned long)(f)->reason)))

// Goes back to who resumed the function. A jump, not a call: so calls and returns stay paired for the processor's prediction.
#define _PW_SEH_ANSWER(value)                                                                \
  {                                                                                          \
    __asm__ volatile("jmp pw_seh_answer@PLT" ::"D"(&_pw_seh_f), "S"(value) : "memory");      \
    __builtin_unreachable();                                                                 \
  }

#define _PW_SEH_BEGIN(scope_exit)                                                            \
  {                                                                                          \
    struct pw_seh_frame _pw_seh_f __attribute__((__cleanup__(scope_exit)));                  \
    if (_PW_SEH_ENTER(_pw_seh_f) == 0) {                                                     \
      __label__ _pw_seh_leave;                                                               \
      _PW_SEH_CHECK_FUNCTION

// A __try with an __except; with a __finally, or with either.
#define _PW_SEH_TRY_EXCEPT _PW_SEH_BEGIN(pw_seh_scope_exit_except)
#define _PW_SEH_TRY _PW_SEH_BEGIN(pw_seh_scope_exit)

#define _PW_SEH_LEAVE goto _pw_seh_leave

#define _PW_SEH_EXCEPT                                                                       \
      _pw_seh_leave: __attribute__((__unused__));                                            \
      _pw_seh_f.state = 1;                                                                   \
    } else {                                                                                 \
      struct pw_seh_frame* const _pw_seh_x __attribute__((__unused__)) = &_pw_seh_f;         \
      _PW_SEH_KEEP(&_pw_seh_f);                                                              \
      if (_pw_seh_f.reason == PW_SEH_LOCAL) _PW_SEH_ANSWER(0)                                \
      if (_pw_seh_f.reason == PW_SEH_FILTER) {                                               \
        const int _pw_seh_value =
// (filter)
#define _PW_SEH_HANDLER                                                                      \
        ;                                                                                    \
        _PW_SEH_ANSWER(_pw_seh_value)                                                        \
      }
// { handler }
#define _PW_SEH_END                                                                          \
    }                                                                                        \
  }

#define _PW_SEH_FINALLY                                                                      \
      _pw_seh_leave: __attribute__((__unused__));                                            \
      pw_seh_body_end(&_pw_seh_f);                                                           \
    }                                                                                        \
    {                                                                                        \
      struct pw_seh_frame* const _pw_seh_t __attribute__((__unused__)) = &_pw_seh_f;         \
      struct pw_seh_frame* _pw_seh_guard __attribute__((__cleanup__(pw_seh_finally_exit), __unused__)) = &_pw_seh_f; \
      _PW_SEH_KEEP(&_pw_seh_f);                                                              \
      if (_pw_seh_f.reason == PW_SEH_FILTER) {                                               \
        _pw_seh_f.kind = PW_SEH_KIND_FINALLY;                                                \
        _PW_SEH_ANSWER(0)                                                                    \
      }
// { termination handler }
#define _PW_SEH_FINALLY_END                                                                  \
      if (_pw_seh_f.reason == PW_SEH_LOCAL) _PW_SEH_ANSWER(0)                                \
      if (_pw_seh_f.reason == PW_SEH_UNWIND) pw_seh_continue_unwind(&_pw_seh_f);             \
    }                                                                                        \
  }

#endif
