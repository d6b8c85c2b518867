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

// A function that can be resumed keeps each local variable in memory, and addresses it from its frame pointer.
#if defined(__clang__)
#define _PW_SEH_FUNCTION __attribute__((__optnone__, __noinline__))
#else
#define _PW_SEH_FUNCTION __attribute__((__optimize__("O0"), __noipa__))
#endif
// Stands for __forceinline on such a function: NT's compiler does not inline it either.
#if defined(__cplusplus)
#define _PW_SEH_INLINE inline
#else
#define _PW_SEH_INLINE static __inline__
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

#define _PW_SEH_TRY                                                                          \
  {                                                                                          \
    struct pw_seh_frame _pw_seh_f __attribute__((__cleanup__(pw_seh_scope_exit)));           \
    if (_PW_SEH_ENTER(_pw_seh_f) == 0) {                                                     \
      __label__ _pw_seh_leave;

#define _PW_SEH_LEAVE goto _pw_seh_leave

#define _PW_SEH_EXCEPT                                                                       \
      _pw_seh_leave: __attribute__((__unused__));                                            \
      _pw_seh_f.state = 1;                                                                   \
    } else {                                                                                 \
      struct pw_seh_frame* const _pw_seh_x __attribute__((__unused__)) = &_pw_seh_f;         \
      _PW_SEH_KEEP(&_pw_seh_f);                                                              \
      if (_pw_seh_f.reason == PW_SEH_FILTER) pw_seh_answer(&_pw_seh_f,
// (filter)
#define _PW_SEH_HANDLER                                                                      \
      );                                                                                     \
      else if (_pw_seh_f.reason == PW_SEH_LOCAL) pw_seh_answer(&_pw_seh_f, 0);
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
      if (_pw_seh_f.reason == PW_SEH_FILTER) pw_seh_answer_finally(&_pw_seh_f);
// { termination handler }
#define _PW_SEH_FINALLY_END                                                                  \
      pw_seh_finally_end(&_pw_seh_f);                                                        \
    }                                                                                        \
  }

#endif
