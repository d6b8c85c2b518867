// SPDX-License-Identifier: Apache-2.0
#include "harness.h"

#include <pthread.h>
#include <sys/mman.h>

#include <cstdio>
#include <cstring>

#include "exceptions/exceptions.h"

extern "C" {

int check_failures = 0;
char trace_text[256];
static unsigned long trace_length = 0;
char* bad_page = nullptr;

void check_equal(const char* file, int line, const char* what, long actual, long expected) {
    if (actual == expected) return;
    __atomic_fetch_add(&check_failures, 1, __ATOMIC_RELAXED);
    std::fprintf(stderr, "%s:%d: %s is %ld (0x%lx), expected %ld (0x%lx)\n", file, line, what, actual,
                 static_cast<unsigned long>(actual), expected, static_cast<unsigned long>(expected));
}

void trace_reset(void) {
    trace_length = 0;
    trace_text[0] = 0;
}

void trace(char letter) {
    if (trace_length + 1 >= sizeof trace_text) return;
    trace_text[trace_length++] = letter;
    trace_text[trace_length] = 0;
}

void check_trace(const char* file, int line, const char* expected) {
    if (std::strcmp(trace_text, expected) != 0) {
        ++check_failures;
        std::fprintf(stderr, "%s:%d: trace is \"%s\", expected \"%s\"\n", file, line, trace_text, expected);
    }
    trace_reset();
}

int read_int(const volatile int* p) { return *p; }
void write_int(volatile int* p, int v) { *p = v; }
int divide(int a, int b) {
    int quotient = 0;
    __asm__ volatile("cltd\n\tidivl %2" : "=a"(quotient) : "0"(a), "r"(b) : "rdx", "cc");
    return quotient;
}
int quotient_overflow(void) { return divide(-2147483647 - 1, -1); }

void raise_status(unsigned int code) { pw_seh_raise_status(code); }

int raise_continuable(unsigned int code) {
    EXCEPTION_RECORD record = {};
    record.ExceptionCode = code;
    pw_seh_raise(&record);
    return 7;
}

void raise_with(unsigned int code, unsigned long a, unsigned long b) {
    EXCEPTION_RECORD record = {};
    record.ExceptionCode = code;
    record.NumberParameters = 2;
    record.ExceptionInformation[0] = a;
    record.ExceptionInformation[1] = b;
    pw_seh_raise(&record);
}

__attribute__((no_sanitize("address", "thread"))) void copy_bytes(void* to, const void* from, unsigned long n) {
    std::memcpy(to, from, n);
}
unsigned long string_length(const char* s) { return std::strlen(s); }
void int3(void) { __asm__ volatile("int3"); }
void privileged(void) { __asm__ volatile("cli"); }
void illegal(void) { __asm__ volatile("ud2"); }
int non_canonical(void) {
    int value = 0;
    __asm__ volatile("movl (%1), %0" : "=r"(value) : "r"(0x4141414141414141ul));
    return value;
}
#if defined(__clang__)
__attribute__((no_sanitize("function")))
#endif
void execute_at(void* p) { reinterpret_cast<void (*)()>(p)(); }

// Not inlined into itself: a frame larger than the guard page could step over it.
__attribute__((noinline)) int recurse(int depth) {
    volatile char space[2048];
    space[depth & 2047] = static_cast<char>(depth);
    if (depth < 0) return 0;
    return recurse(depth + 1) + space[(depth + 1) & 2047];
}

struct ThreadCall {
    int (*f)(void*);
    void* argument;
    int result;
};
static void* run_thread(void* p) {
    auto* call = static_cast<ThreadCall*>(p);
    call->result = call->f(call->argument);
    return nullptr;
}
int on_thread(int (*f)(void*), void* argument, int (*g)(void*), void* other) {
    ThreadCall calls[2] = {{f, argument, -1}, {g, other, -1}};
    pthread_t threads[2];
    for (int i = 0; i < 2; ++i) pthread_create(&threads[i], nullptr, run_thread, &calls[i]);
    for (const pthread_t thread : threads) pthread_join(thread, nullptr);
    return calls[0].result + calls[1].result;
}

}  // extern "C"

int main(int argc, char** argv) {
    bad_page = static_cast<char*>(mmap(nullptr, 3 * 4096, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
    mprotect(bad_page + 4096, 4096, PROT_READ);
    int run = 0;
    for (const behaviour_entry* entry = behaviours; entry->name != nullptr; ++entry) {
        if (argc > 1 && std::strcmp(argv[1], entry->name) != 0) continue;
        const int before = check_failures;
        trace_reset();
        entry->run();
        ++run;
        if (pw_seh_exchange_frames(nullptr) != nullptr) {
            ++check_failures;
            std::fprintf(stderr, "%s: left a frame behind\n", entry->name);
        }
        if (check_failures != before) std::fprintf(stderr, "FAILED %s\n", entry->name);
    }
    std::printf("%d behaviours, %d failures\n", run, check_failures);
    return check_failures == 0 && run > 0 ? 0 : 1;
}
