// SPDX-License-Identifier: Apache-2.0
// C interface of structured exceptions and of faults, for the rooms above; all state lives in libpartywall-rt.
#pragma once

#include <pw_exception.h>
#include <pw_seh.h>

#include <cstddef>
#include <cstdint>

#define PW_RT_API __attribute__((visibility("default")))

extern "C" {

// --- Raising -----------------------------------------------------------------------------------------------------------

// Offers the exception to the vectored handlers and the frames of the calling thread, innermost first. Returns only if a
// filter answers EXCEPTION_CONTINUE_EXECUTION; for a record with EXCEPTION_NONCONTINUABLE that answer raises
// STATUS_NONCONTINUABLE_EXCEPTION instead. The record must stay valid meanwhile; a zero ExceptionAddress becomes the
// caller's. An exception that nobody handles goes to the unhandled hook, then ends the process.
PW_RT_API void pw_seh_raise(EXCEPTION_RECORD* record);

// pw_seh_raise of a noncontinuable record with this code and no parameters; the address is the caller's, or the given one.
[[noreturn]] PW_RT_API void pw_seh_raise_status(std::uint32_t status);
[[noreturn]] PW_RT_API void pw_seh_raise_status_at(std::uint32_t status, void* address);

// Called for an exception that no frame took; answers EXCEPTION_CONTINUE_EXECUTION (-1) to resume. Any other answer ends the
// process: after a fault with the signal's previous action (a core dump at the faulting instruction), else with an abort.
typedef LONG (*pw_seh_unhandled_hook)(EXCEPTION_POINTERS* pointers);
PW_RT_API pw_seh_unhandled_hook pw_seh_set_unhandled(pw_seh_unhandled_hook hook);

// The application's last resort: asked before the unhandled hook, on threads that ask vectored handlers.
PW_RT_API pw_seh_unhandled_hook pw_seh_set_top_level_filter(pw_seh_unhandled_hook filter);

// Vectored handlers see every exception before the frames do; -1 resumes, 0 goes on. `first`: ahead of those registered.
// Returns a handle, or null if there are too many (32).
typedef LONG (*pw_seh_vectored_handler)(EXCEPTION_POINTERS* pointers);
PW_RT_API void* pw_seh_add_vectored(int first, pw_seh_vectored_handler handler);
PW_RT_API int pw_seh_remove_vectored(void* handle);

// --- Frames of the calling thread --------------------------------------------------------------------------------------

// Makes new_top the innermost frame and returns the one that was: a kernel entry starts with null, and puts the caller's
// frames back before it returns.
PW_RT_API struct pw_seh_frame* pw_seh_exchange_frames(struct pw_seh_frame* new_top);
// Whether vectored handlers and the top-level filter are asked on this thread; off while it runs kernel code. Returns the
// previous setting; on at first.
PW_RT_API int pw_seh_exchange_vectored(int enabled);

// --- Faults ------------------------------------------------------------------------------------------------------------

struct pw_fault_info {
    std::uint64_t address;        // that was accessed; the instruction for faults without one
    std::uint64_t instruction;
    std::uint64_t stack_pointer;
    void* ucontext;               // null outside signal context
    std::int32_t signal;
    std::uint32_t status;         // the NTSTATUS that would be raised
    std::uint8_t is_write;
    std::uint8_t is_exec;
    std::uint8_t has_frame;       // the thread is in a __try
    std::uint8_t address_known;   // false for non-canonical addresses and for faults that are no memory access
};

// Installs handlers for SIGSEGV, SIGBUS, SIGFPE, SIGILL and SIGTRAP, and attaches the calling thread. Idempotent. The first
// __try of a process does it, too.
PW_RT_API void pw_faults_install(void);
// Gives the calling thread an alternate signal stack and a reserve stack for handling its stack overflow; both go when the
// thread ends. Idempotent; the first __try of a thread does it, too.
PW_RT_API void pw_faults_thread_attach(void);

enum pw_fault_answer {
    PW_FAULT_NOT_MINE = 0,
    PW_FAULT_RETRY = 1,
    PW_FAULT_CONTEXT_CHANGED = 2,
    PW_FAULT_GUARD_PAGE = 3,  // the access hit a guard page, which is none any more: STATUS_GUARD_PAGE_VIOLATION
};
// Called in signal context: only async-signal-safe work, no locks that code which may fault holds.
typedef enum pw_fault_answer (*pw_fault_resolver)(const struct pw_fault_info* fault, void* context);

// Resolvers are asked in ascending order; the first that does not answer NOT_MINE ends the fault. Guarded copies' fix-ups
// stand at PW_FAULT_ORDER_GUARDED; what makes pages appear must stand before.
enum { PW_FAULT_ORDER_MAPPING = 100, PW_FAULT_ORDER_GUARDED = 500, PW_FAULT_ORDER_LAST = 900 };
// False if there are too many (16). Any thread, not in signal context.
PW_RT_API int pw_fault_add_resolver(int order, pw_fault_resolver resolver, void* context);
// Returns when no thread runs the resolver any more; not to be called from it.
PW_RT_API void pw_fault_remove_resolver(pw_fault_resolver resolver, void* context);

enum pw_fault_policy {
    PW_FAULT_DISPATCH = 0,    // raise an exception
    PW_FAULT_BUG_CHECK = 1,   // call the bug-check hook, even inside __try
    PW_FAULT_PASS = 2,        // not ours: the signal's previous action runs
    PW_FAULT_DEFAULT = 3,     // DISPATCH if the thread is in a __try, or there are vectored handlers or a top-level filter
                              // to ask, or the unhandled hook; else PASS
};
// Called in signal context after all resolvers declined. A null hook answers DEFAULT.
typedef enum pw_fault_policy (*pw_fault_policy_hook)(const struct pw_fault_info* fault);
PW_RT_API pw_fault_policy_hook pw_seh_set_fault_policy(pw_fault_policy_hook hook);

// Called on the faulting thread's stack, outside signal context, for PW_FAULT_BUG_CHECK. If it is null or returns, the
// process gets the signal's previous action.
typedef void (*pw_fault_bug_check_hook)(const struct pw_fault_info* fault, EXCEPTION_POINTERS* pointers);
PW_RT_API pw_fault_bug_check_hook pw_seh_set_bug_check(pw_fault_bug_check_hook hook);

// --- Guarded access ----------------------------------------------------------------------------------------------------

// Copies n bytes upwards; a fault that no resolver cures ends it. Returns the number of bytes NOT copied (0: all) and, if
// some were not and fault_address is not null, the address that could not be accessed. Installs nothing:
// pw_faults_install must have been called. The regions must not overlap.
[[nodiscard]] PW_RT_API std::size_t pw_guarded_copy(void* destination, const void* source, std::size_t n,
                                                    std::uintptr_t* fault_address);
// Fills n bytes; same result.
[[nodiscard]] PW_RT_API std::size_t pw_guarded_fill(void* destination, int value, std::size_t n,
                                                    std::uintptr_t* fault_address);
// One access of exactly this width. Return 1 if it succeeded, 0 if it faulted.
[[nodiscard]] PW_RT_API int pw_guarded_read8(const void* address, std::uint8_t* value);
[[nodiscard]] PW_RT_API int pw_guarded_read16(const void* address, std::uint16_t* value);
[[nodiscard]] PW_RT_API int pw_guarded_read32(const void* address, std::uint32_t* value);
[[nodiscard]] PW_RT_API int pw_guarded_read64(const void* address, std::uint64_t* value);
// Writes two bytes back as they are, which says whether they are writable.
[[nodiscard]] PW_RT_API int pw_guarded_touch(void* first, void* last);
[[nodiscard]] PW_RT_API int pw_guarded_write8(void* address, std::uint8_t value);
[[nodiscard]] PW_RT_API int pw_guarded_write16(void* address, std::uint16_t value);
[[nodiscard]] PW_RT_API int pw_guarded_write32(void* address, std::uint32_t value);
[[nodiscard]] PW_RT_API int pw_guarded_write64(void* address, std::uint64_t value);

}  // extern "C"
