// SPDX-License-Identifier: Apache-2.0
// Checks and helpers shared by the structured-exception behaviours; C and C++.
#ifndef SEH_HARNESS_H
#define SEH_HARNESS_H

#include <excpt.h>
#include <pw_exception.h>

#ifdef __cplusplus
extern "C" {
#endif

extern int check_failures;
void check_equal(const char* file, int line, const char* what, long actual, long expected);
#define CHECK_EQ(actual, expected) check_equal(__FILE__, __LINE__, #actual, (long)(actual), (long)(expected))

// Each behaviour writes what happened, in order, as letters.
extern char trace_text[];
void trace(char letter);
void trace_reset(void);
void check_trace(const char* file, int line, const char* expected);
#define CHECK_TRACE(expected) check_trace(__FILE__, __LINE__, expected)

// Compiled with the optimisation of the whole test, without any __try.
extern char* bad_page;   // no access; bad_page + 4096 is read-only
int read_int(const volatile int* p);
void write_int(volatile int* p, int v);
int divide(int a, int b);
void raise_status(unsigned int code);
int raise_continuable(unsigned int code);   // returns 7 if continued
void raise_with(unsigned int code, unsigned long a, unsigned long b);
void copy_bytes(void* to, const void* from, unsigned long n);
unsigned long string_length(const char* s);
void int3(void);
void privileged(void);
void illegal(void);
int non_canonical(void);
int quotient_overflow(void);
void execute_at(void* p);
int recurse(int depth);
int on_thread(int (*f)(void*), void* argument, int (*g)(void*), void* other);

typedef void (*behaviour)(void);
struct behaviour_entry {
  const char* name;
  behaviour run;
};
extern const struct behaviour_entry behaviours[];

#ifdef __cplusplus
}
#endif

#define CODE_A 0xE0000001u
#define CODE_B 0xE0000002u
#define ACCESS_VIOLATION 0xC0000005u
#define IN_PAGE_ERROR 0xC0000006u
#define ILLEGAL_INSTRUCTION 0xC000001Du
#define INT_DIVIDE_BY_ZERO 0xC0000094u
#define INT_OVERFLOW 0xC0000095u
#define PRIVILEGED_INSTRUCTION 0xC0000096u
#define STACK_OVERFLOW_STATUS 0xC00000FDu
#define BREAKPOINT_STATUS 0x80000003u
#define NONCONTINUABLE 0xC0000025u

#endif
