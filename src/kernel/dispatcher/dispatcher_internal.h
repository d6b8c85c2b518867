// SPDX-License-Identifier: Apache-2.0
// What the parts of the dispatcher share: wake lists, and the rules for each kind of object.
#pragma once

#include <atomic>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"
#include "platform/futex.h"

namespace pw::ke {

// Threads whose waits have ended, to be woken after the lock has been released.
class Dispatcher::WakeList {
public:
    void add(Waiter& waiter) {
        waiter.next_to_wake = nullptr;
        (last_ ? last_->next_to_wake : first_) = &waiter;
        last_ = &waiter;
    }
    void wake_all() {
        while (Waiter* waiter = first_) {
            first_ = waiter->next_to_wake;
            // The thread may be gone after the exchange; waking a stale address is harmless.
            if (waiter->word.exchange(0, std::memory_order_acq_rel) == 2) platform::futex_wake(&waiter->word);
        }
    }

private:
    Waiter* first_ = nullptr;
    Waiter* last_ = nullptr;
};

// SignalState is written under the lock, and read by KeReadState… without it.
inline std::atomic_ref<LONG> state_of(const DISPATCHER_HEADER& header) {
    return std::atomic_ref<LONG>(const_cast<LONG&>(header.SignalState));
}
inline LONG load_state(const DISPATCHER_HEADER& header) { return state_of(header).load(std::memory_order_relaxed); }
inline void store_state(DISPATCHER_HEADER& header, LONG state) { state_of(header).store(state, std::memory_order_relaxed); }

inline ObjectKind kind_of(const DISPATCHER_HEADER& header) { return static_cast<ObjectKind>(header.Type); }

// Notification events are 0, which must match EVENT_TYPE, likewise the two timers.
static_assert(static_cast<int>(ObjectKind::notification_event) == NotificationEvent);
static_assert(static_cast<int>(ObjectKind::synchronization_event) == SynchronizationEvent);
static_assert(static_cast<int>(ObjectKind::synchronization_timer) - static_cast<int>(ObjectKind::notification_timer) ==
              SynchronizationTimer);

inline KMUTANT& mutant_of(DISPATCHER_HEADER& header) { return *CONTAINING_RECORD(&header, KMUTANT, Header); }

// Null when nobody owns it.
inline Thread* owner_of(const KMUTANT& mutant) { return mutant.OwnerThread ? mutant.OwnerThread->thread : nullptr; }

inline void initialize_header(DISPATCHER_HEADER& header, ObjectKind kind, std::size_t size_bytes, LONG state) {
    header.LockNV = 0;
    header.Type = static_cast<UCHAR>(kind);
    header.Size = static_cast<UCHAR>(size_bytes / sizeof(LONG));
    store_state(header, state);
    InitializeListHead(&header.WaitListHead);
}

// The object was never initialised (or has been zeroed), or the IRQL is too high: a bug check before any lock is taken.
[[gnu::noinline, noreturn]] inline void bad_object(const DISPATCHER_HEADER& header, KIRQL irql, const void* caller) {
    BugCheckContext context;
    if (header.Size == 0) context.detail = "the dispatcher object was never initialised";
    bug_check(irql_not_less_or_equal, reinterpret_cast<ULONG_PTR>(&header), irql, 1, reinterpret_cast<ULONG_PTR>(caller),
              &context);
}
__attribute__((always_inline)) inline void check_object(const DISPATCHER_HEADER& header, KIRQL highest = DISPATCH_LEVEL) {
    const KIRQL irql = current_irql();
    // Size is set by every initialisation and never again: it can be read without the lock.
    if (irql > highest || header.Size == 0) [[unlikely]] bad_object(header, irql, __builtin_return_address(0));
}

inline bool is_zero(const LARGE_INTEGER* timeout) { return timeout && timeout->QuadPart == 0; }

[[gnu::noinline, noreturn]] inline void wait_at_high_irql(const Thread& thread, const void* object, const void* caller) {
    if (thread.in_dpc()) {
        bug_check(attempted_switch_from_dpc, reinterpret_cast<ULONG_PTR>(&thread), 0, 0, 0);
    }
    BugCheckContext context;
    context.detail = "a wait that may block at DISPATCH_LEVEL or above";
    bug_check(irql_not_less_or_equal, reinterpret_cast<ULONG_PTR>(object), thread.irql(), 0, reinterpret_cast<ULONG_PTR>(caller),
              &context);
}

// A wait with timeout 0 is allowed at DISPATCH_LEVEL, any other wait below it only.
__attribute__((always_inline)) inline void check_wait_irql(const Thread& thread, const void* object, const LARGE_INTEGER* timeout) {
    if (thread.irql() < DISPATCH_LEVEL && !thread.processor()) [[likely]] return;
    if (thread.irql() <= DISPATCH_LEVEL && is_zero(timeout)) return;
    wait_at_high_irql(thread, object, __builtin_return_address(0));
}

}  // namespace pw::ke
