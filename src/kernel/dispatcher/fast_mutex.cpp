// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/fast_mutex.h"

#include <atomic>

#include "base/check.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/dispatcher.h"

namespace pw::ke {
namespace {

// FAST_MUTEX.Count: 1 free, 0 held, below 0 held with that many waiters. The event hands the mutex over.
std::atomic_ref<LONG> count_of(FAST_MUTEX& mutex) { return std::atomic_ref<LONG>(const_cast<LONG&>(mutex.Count)); }
std::atomic_ref<void*> owner_of(FAST_MUTEX& mutex) { return std::atomic_ref<void*>(mutex.Owner); }

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

void lock(FAST_MUTEX& mutex, Thread& thread) {
    if (owner_of(mutex).load(std::memory_order_relaxed) == thread.nt_identity()) [[unlikely]] {
        bug_check(mutex_already_owned, reinterpret_cast<ULONG_PTR>(&mutex), reinterpret_cast<ULONG_PTR>(thread.nt_identity()), 0, 0);
    }
    if (count_of(mutex).fetch_sub(1, std::memory_order_acquire) != 1) {
        std::atomic_ref<ULONG>(mutex.Contention).fetch_add(1, std::memory_order_relaxed);
        thread.dispatcher().wait(mutex.Event.Header, KernelMode, false, nullptr).ignore();
    }
    owner_of(mutex).store(thread.nt_identity(), std::memory_order_relaxed);
}

bool try_lock(FAST_MUTEX& mutex, Thread& thread) {
    LONG free = 1;
    if (!count_of(mutex).compare_exchange_strong(free, 0, std::memory_order_acquire, std::memory_order_relaxed)) return false;
    owner_of(mutex).store(thread.nt_identity(), std::memory_order_relaxed);
    return true;
}

void unlock(FAST_MUTEX& mutex, Thread& thread) {
    if (owner_of(mutex).load(std::memory_order_relaxed) != thread.nt_identity()) [[unlikely]] {
        bug_check(thread_not_mutex_owner, reinterpret_cast<ULONG_PTR>(&mutex), reinterpret_cast<ULONG_PTR>(thread.nt_identity()), 0, 0);
    }
    owner_of(mutex).store(nullptr, std::memory_order_relaxed);
    // With waiters the mutex cannot be freed by its next owner before the event is set: that is what it waits for.
    if (count_of(mutex).fetch_add(1, std::memory_order_release) != 0) thread.dispatcher().set_event(mutex.Event);
}

void check_irql(const FAST_MUTEX& mutex, const Thread& thread, bool allowed, ULONG_PTR violation) {
    if (allowed) [[likely]] return;
    bug_check(driver_verifier_detected_violation, violation, thread.irql(), reinterpret_cast<ULONG_PTR>(&mutex), 0);
}

bool may_use_unsafe(const Thread& thread) {
    return thread.irql() == APC_LEVEL || (thread.irql() == PASSIVE_LEVEL && thread.apcs_disabled());
}

}  // namespace

void initialize_fast_mutex(FAST_MUTEX& mutex) {
    count_of(mutex).store(1, std::memory_order_relaxed);
    mutex.Owner = nullptr;
    mutex.Contention = 0;
    Dispatcher::initialize_event(mutex.Event, SynchronizationEvent, false);
    mutex.OldIrql = 0;
}

void acquire_fast_mutex(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    check_irql(mutex, thread, thread.irql() <= APC_LEVEL, verifier_fast_mutex_acquire_irql);
    const KIRQL old_irql = thread.raise_irql(APC_LEVEL);
    lock(mutex, thread);
    mutex.OldIrql = old_irql;
}

bool try_acquire_fast_mutex(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    check_irql(mutex, thread, thread.irql() <= APC_LEVEL, verifier_fast_mutex_acquire_irql);
    const KIRQL old_irql = thread.raise_irql(APC_LEVEL);
    if (!try_lock(mutex, thread)) {
        thread.lower_irql(old_irql);
        return false;
    }
    mutex.OldIrql = old_irql;
    return true;
}

void release_fast_mutex(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    const auto old_irql = static_cast<KIRQL>(mutex.OldIrql);
    unlock(mutex, thread);
    check_irql(mutex, thread, thread.irql() == APC_LEVEL, verifier_fast_mutex_release_irql);
    thread.lower_irql(old_irql);
}

void acquire_fast_mutex_unsafe(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    check_irql(mutex, thread, may_use_unsafe(thread), verifier_unsafe_acquire_irql);
    lock(mutex, thread);
}

void release_fast_mutex_unsafe(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    check_irql(mutex, thread, may_use_unsafe(thread), verifier_unsafe_release_irql);
    unlock(mutex, thread);
}

void acquire_guarded_mutex(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    check_irql(mutex, thread, thread.irql() <= APC_LEVEL, verifier_fast_mutex_acquire_irql);
    thread.enter_guarded_region();
    lock(mutex, thread);
}

bool try_acquire_guarded_mutex(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    check_irql(mutex, thread, thread.irql() <= APC_LEVEL, verifier_fast_mutex_acquire_irql);
    thread.enter_guarded_region();
    if (try_lock(mutex, thread)) return true;
    thread.leave_guarded_region();
    return false;
}

void release_guarded_mutex(FAST_MUTEX& mutex) {
    Thread& thread = current_thread();
    unlock(mutex, thread);
    thread.leave_guarded_region();
}

}  // namespace pw::ke
