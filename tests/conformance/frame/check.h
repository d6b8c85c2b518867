/* SPDX-License-Identifier: Apache-2.0 */
/*
 * check.h - CHECK macros for both sides of a conformance pair, in C and C++.
 *
 * A failed check prints "file:line: what" and is counted; the test goes on. The driver's side (which includes
 * frame/driver_frame.h) prints with DbgPrint; the application's side prints to standard error.
 */
#ifndef CONFORMANCE_CHECK_H
#define CONFORMANCE_CHECK_H

#ifdef CONFORMANCE_DRIVER
#define CHECK_PRINT(...) DbgPrint(__VA_ARGS__)
#define CHECK_COUNT(counter) ((void)InterlockedIncrement(&(counter)))
typedef LONG CHECK_COUNTER;
#else
#define CHECK_PRINT(...) ((void)fprintf(stderr, __VA_ARGS__))
#define CHECK_COUNT(counter) ((void)InterlockedIncrement(&(counter)))
typedef LONG CHECK_COUNTER;
#endif

static CHECK_COUNTER CheckCount;
static CHECK_COUNTER CheckFailures;

/* True or it is a failure. */
#define CHECK(expression)                                                                                             \
    do {                                                                                                              \
        CHECK_COUNT(CheckCount);                                                                                      \
        if (!(expression)) {                                                                                          \
            CHECK_COUNT(CheckFailures);                                                                               \
            CHECK_PRINT("%s:%d: %s\n", __FILE__, (int)__LINE__, #expression);                                         \
        }                                                                                                             \
    } while (0)

/* Two whole numbers (or statuses, error codes, booleans) are equal; prints both if not. */
#define CHECK_EQUAL(actual, expected)                                                                                 \
    do {                                                                                                              \
        const unsigned long long checkActual = (unsigned long long)(actual);                                          \
        const unsigned long long checkExpected = (unsigned long long)(expected);                                      \
        CHECK_COUNT(CheckCount);                                                                                      \
        if (checkActual != checkExpected) {                                                                           \
            CHECK_COUNT(CheckFailures);                                                                               \
            CHECK_PRINT("%s:%d: %s is 0x%llx, not %s (0x%llx)\n", __FILE__, (int)__LINE__, #actual, checkActual,      \
                        #expected, checkExpected);                                                                    \
        }                                                                                                             \
    } while (0)

#endif
