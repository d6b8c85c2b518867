// SPDX-License-Identifier: Apache-2.0
// In-stack queued spin locks: each waiter waits on its own handle, and the lock is handed on in order of arrival.
#include <atomic>

#include "base/check.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/spin_lock.h"
#include "kernel/dispatcher/spin_word.h"
#include "kernel/dispatcher/thread.h"
#include "platform/threads.h"

namespace pw::ke {

// The lock's word is the last handle's queue entry, 0 when free. KSPIN_LOCK_QUEUE.Lock carries flags in its low bits.
class QueuedLockTracker {
public:
    static bool holds(const Thread& thread, const KSPIN_LOCK* lock) {
        for (unsigned i = 0; i < thread.queued_lock_count_ && i < Thread::max_tracked_queued_locks; ++i) {
            if (thread.queued_locks_[i] == lock) return true;
        }
        return false;
    }
    static void add(Thread& thread, KSPIN_LOCK* lock) {
        const unsigned index = thread.queued_lock_count_++;
        if (index < Thread::max_tracked_queued_locks) thread.queued_locks_[index] = lock;
    }
    static void remove(Thread& thread, const KSPIN_LOCK* lock) {
        if (thread.queued_lock_count_ == 0) return;
        const unsigned last = --thread.queued_lock_count_;
        if (last >= Thread::max_tracked_queued_locks) return;
        for (unsigned i = 0; i <= last; ++i) {
            if (thread.queued_locks_[i] != lock) continue;
            thread.queued_locks_[i] = thread.queued_locks_[last];
            return;
        }
    }
};

namespace {

constexpr ULONG_PTR waiting = 1;
constexpr ULONG_PTR asleep = 2;
constexpr ULONG_PTR flags = waiting | asleep;

std::atomic_ref<KSPIN_LOCK> tail_of(KSPIN_LOCK& lock) { return std::atomic_ref<KSPIN_LOCK>(lock); }

std::atomic_ref<KSPIN_LOCK_QUEUE*> next_of(KSPIN_LOCK_QUEUE& entry) {
    return std::atomic_ref<KSPIN_LOCK_QUEUE*>(const_cast<KSPIN_LOCK_QUEUE*&>(entry.Next));
}

std::atomic_ref<ULONG_PTR> state_of(KSPIN_LOCK_QUEUE& entry) {
    return std::atomic_ref<ULONG_PTR>(*reinterpret_cast<ULONG_PTR*>(const_cast<PKSPIN_LOCK*>(&entry.Lock)));
}

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

[[gnu::noinline]] void wait_for_turn(KSPIN_LOCK& lock, KSPIN_LOCK_QUEUE& entry, KSPIN_LOCK previous) {
    if ((previous & waiting) != 0) {
        // Handles are aligned, so this is an owner's word.
        BugCheckContext context;
        context.detail = "the lock is held as an ordinary spin lock: the two kinds may not be mixed";
        bug_check(spin_lock_init_failure, reinterpret_cast<ULONG_PTR>(&lock), previous, 0, 0, &context);
    }
    next_of(*reinterpret_cast<KSPIN_LOCK_QUEUE*>(previous)).store(&entry, std::memory_order_release);
    const auto state = state_of(entry);
    for (int spin = 0; spin < spins_before_sleep; ++spin) {
        if ((state.load(std::memory_order_acquire) & waiting) == 0) return;
        __builtin_ia32_pause();
    }
    for (;;) {
        ULONG_PTR seen = state.load(std::memory_order_acquire);
        if ((seen & waiting) == 0) return;
        if ((seen & asleep) == 0 && !state.compare_exchange_weak(seen, seen | asleep, std::memory_order_acq_rel)) continue;
        sleep_on_low_half(&entry.Lock, seen | asleep);
    }
}

}  // namespace

void acquire_queued_spin_lock_at_dpc_level(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle) {
    Thread& thread = current_thread();
    if (thread.irql() < DISPATCH_LEVEL) [[unlikely]] {
        bug_check(driver_verifier_detected_violation, verifier_acquire_at_dpc_level_irql, thread.irql(),
                  reinterpret_cast<ULONG_PTR>(&lock), 0);
    }
    if (QueuedLockTracker::holds(thread, &lock)) [[unlikely]] {
        bug_check(spin_lock_already_owned, reinterpret_cast<ULONG_PTR>(&lock), 0, 0, 0);
    }
    KSPIN_LOCK_QUEUE& entry = handle.LockQueue;
    next_of(entry).store(nullptr, std::memory_order_relaxed);
    state_of(entry).store(reinterpret_cast<ULONG_PTR>(&lock) | waiting, std::memory_order_relaxed);
    const KSPIN_LOCK previous = tail_of(lock).exchange(reinterpret_cast<KSPIN_LOCK>(&entry), std::memory_order_acq_rel);
    if (previous != 0) [[unlikely]] wait_for_turn(lock, entry, previous);
    state_of(entry).store(reinterpret_cast<ULONG_PTR>(&lock), std::memory_order_relaxed);
    QueuedLockTracker::add(thread, &lock);
}

bool try_acquire_queued_spin_lock_at_dpc_level(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle) {
    KSPIN_LOCK_QUEUE& entry = handle.LockQueue;
    KSPIN_LOCK free = 0;
    if (tail_of(lock).load(std::memory_order_relaxed) != 0) return false;
    next_of(entry).store(nullptr, std::memory_order_relaxed);
    state_of(entry).store(reinterpret_cast<ULONG_PTR>(&lock), std::memory_order_relaxed);
    if (!tail_of(lock).compare_exchange_strong(free, reinterpret_cast<KSPIN_LOCK>(&entry), std::memory_order_acq_rel)) return false;
    QueuedLockTracker::add(current_thread(), &lock);
    return true;
}

void release_queued_spin_lock_from_dpc_level(KLOCK_QUEUE_HANDLE& handle) {
    Thread& thread = current_thread();
    KSPIN_LOCK_QUEUE& entry = handle.LockQueue;
    auto* lock = reinterpret_cast<KSPIN_LOCK*>(state_of(entry).load(std::memory_order_relaxed) & ~flags);
    if (!lock) [[unlikely]] bug_check(spin_lock_not_owned, reinterpret_cast<ULONG_PTR>(&handle), 0, 0, 0);
    if (thread.irql() < DISPATCH_LEVEL) [[unlikely]] {
        bug_check(driver_verifier_detected_violation, verifier_release_from_dpc_level_irql, thread.irql(),
                  reinterpret_cast<ULONG_PTR>(lock), 0);
    }
    QueuedLockTracker::remove(thread, lock);
    state_of(entry).store(0, std::memory_order_relaxed);  // a second release of the handle shows
    KSPIN_LOCK_QUEUE* next = next_of(entry).load(std::memory_order_acquire);
    if (!next) {
        KSPIN_LOCK mine = reinterpret_cast<KSPIN_LOCK>(&entry);
        if (tail_of(*lock).compare_exchange_strong(mine, 0, std::memory_order_release, std::memory_order_relaxed)) return;
        // Somebody has queued up, and is about to link itself behind us.
        for (int spin = 0; (next = next_of(entry).load(std::memory_order_acquire)) == nullptr; ++spin) {
            if (spin < spins_before_sleep) {
                __builtin_ia32_pause();
            } else {
                platform::yield_thread();
            }
        }
    }
    const auto* address = &next->Lock;  // the next holder's stack may be gone when we wake it: harmless
    const ULONG_PTR state = state_of(*next).fetch_and(~flags, std::memory_order_acq_rel);
    if ((state & asleep) != 0) platform::futex_wake(const_cast<const PKSPIN_LOCK*>(address));
}

void acquire_queued_spin_lock_raising(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle, KIRQL level) {
    Thread& thread = current_thread();
    handle.OldIrql = thread.irql();
    if (thread.irql() < level) thread.raise_irql(level);
    acquire_queued_spin_lock_at_dpc_level(lock, handle);
}

void acquire_queued_spin_lock(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle) {
    Thread& thread = current_thread();
    if (thread.irql() > DISPATCH_LEVEL) [[unlikely]] {
        bug_check(driver_verifier_detected_violation, verifier_spin_lock_acquire_irql, thread.irql(),
                  reinterpret_cast<ULONG_PTR>(&lock), 0);
    }
    acquire_queued_spin_lock_raising(lock, handle, DISPATCH_LEVEL);
}

void release_queued_spin_lock(KLOCK_QUEUE_HANDLE& handle) {
    const KIRQL old_irql = handle.OldIrql;
    release_queued_spin_lock_from_dpc_level(handle);
    current_thread().lower_irql(old_irql);
}

}  // namespace pw::ke
