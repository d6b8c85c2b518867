// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/spin_lock.h"

#include <atomic>

#include "base/check.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/spin_word.h"
#include "kernel/dispatcher/thread.h"

namespace pw::ke {
namespace {

using Word = std::atomic_ref<KSPIN_LOCK>;

constexpr KSPIN_LOCK locked = 1;
constexpr KSPIN_LOCK sleepers = 2;
constexpr KSPIN_LOCK flags = locked | sleepers;

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

KSPIN_LOCK owner_word(const void* owner) { return reinterpret_cast<KSPIN_LOCK>(owner) | locked; }

[[noreturn]] void violation(ULONG_PTR what, KIRQL irql, const KSPIN_LOCK& lock) {
    bug_check(driver_verifier_detected_violation, what, irql, reinterpret_cast<ULONG_PTR>(&lock), 0);
}

[[gnu::noinline]] void lock_word_slowly(KSPIN_LOCK& lock, KSPIN_LOCK mine) {
    Word word(lock);
    KSPIN_LOCK seen = word.load(std::memory_order_relaxed);
    if (seen != 0 && (seen & ~flags) == (mine & ~flags)) {
        bug_check(spin_lock_already_owned, reinterpret_cast<ULONG_PTR>(&lock), 0, 0, 0);
    }
    if (seen != 0 && (seen & locked) == 0) {
        BugCheckContext context;
        context.detail = "the spin lock was not initialised, or is held as an in-stack queued spin lock";
        bug_check(spin_lock_init_failure, reinterpret_cast<ULONG_PTR>(&lock), seen, 0, 0, &context);
    }
    for (int spin = 0; spin < spins_before_sleep; ++spin) {
        seen = word.load(std::memory_order_relaxed);
        if (seen == 0 && word.compare_exchange_weak(seen, mine, std::memory_order_acquire)) return;
        __builtin_ia32_pause();
    }
    for (;;) {
        seen = word.load(std::memory_order_relaxed);
        if (seen == 0) {
            // Others may still sleep: whoever slept once takes the lock with the mark, at the price of a wake too many.
            if (word.compare_exchange_weak(seen, mine | sleepers, std::memory_order_acquire)) return;
            continue;
        }
        if ((seen & sleepers) == 0 && !word.compare_exchange_weak(seen, seen | sleepers, std::memory_order_relaxed)) continue;
        sleep_on_low_half(lock, seen | sleepers);
    }
}

inline void lock_word(KSPIN_LOCK& lock, const void* owner) {
    KSPIN_LOCK free = 0;
    const KSPIN_LOCK mine = owner_word(owner);
    if (!Word(lock).compare_exchange_strong(free, mine, std::memory_order_acquire, std::memory_order_relaxed)) [[unlikely]] {
        lock_word_slowly(lock, mine);
    }
}

inline void unlock_word(KSPIN_LOCK& lock, const void* owner) {
    const KSPIN_LOCK mine = owner_word(owner);
    KSPIN_LOCK seen = mine;
    Word word(lock);
    if (word.compare_exchange_strong(seen, 0, std::memory_order_release, std::memory_order_relaxed)) [[likely]] return;
    if (seen != (mine | sleepers)) {
        bug_check(spin_lock_not_owned, reinterpret_cast<ULONG_PTR>(&lock), 0, 0, 0);
    }
    word.store(0, std::memory_order_release);
    // The lock may be gone by now: waking an address that nobody sleeps on is harmless.
    wake_low_half(lock);
}

// Who holds an interlocked list's lock on an OS thread that no kernel knows.
alignas(8) thread_local char foreign_owner;

const void* lock_owner() {
    const Thread* thread = Thread::current();
    return thread ? static_cast<const void*>(thread) : &foreign_owner;
}

}  // namespace

KIRQL acquire_spin_lock(KSPIN_LOCK& lock) {
    Thread& thread = current_thread();
    if (thread.irql() > DISPATCH_LEVEL) [[unlikely]] violation(verifier_spin_lock_acquire_irql, thread.irql(), lock);
    const KIRQL old_irql = thread.raise_irql(DISPATCH_LEVEL);
    lock_word(lock, &thread);
    return old_irql;
}

void release_spin_lock(KSPIN_LOCK& lock, KIRQL old_irql) {
    Thread& thread = current_thread();
    unlock_word(lock, &thread);
    if (thread.irql() < DISPATCH_LEVEL) [[unlikely]] violation(verifier_release_below_dispatch, thread.irql(), lock);
    thread.lower_irql(old_irql);
}

void acquire_spin_lock_at_dpc_level(KSPIN_LOCK& lock) {
    Thread& thread = current_thread();
    if (thread.irql() < DISPATCH_LEVEL) [[unlikely]] violation(verifier_acquire_at_dpc_level_irql, thread.irql(), lock);
    lock_word(lock, &thread);
}

void release_spin_lock_from_dpc_level(KSPIN_LOCK& lock) {
    Thread& thread = current_thread();
    if (thread.irql() < DISPATCH_LEVEL) [[unlikely]] violation(verifier_release_from_dpc_level_irql, thread.irql(), lock);
    unlock_word(lock, &thread);
}

bool try_acquire_spin_lock_at_dpc_level(KSPIN_LOCK& lock) {
    Thread& thread = current_thread();
    if (thread.irql() < DISPATCH_LEVEL) [[unlikely]] violation(verifier_acquire_at_dpc_level_irql, thread.irql(), lock);
    KSPIN_LOCK free = 0;
    return Word(lock).compare_exchange_strong(free, owner_word(&thread), std::memory_order_acquire, std::memory_order_relaxed);
}

bool owns_spin_lock(const KSPIN_LOCK& lock) {
    const KSPIN_LOCK seen = Word(const_cast<KSPIN_LOCK&>(lock)).load(std::memory_order_relaxed);
    return (seen | sleepers) == (owner_word(Thread::current()) | sleepers);
}

bool spin_lock_is_free(const KSPIN_LOCK& lock) {
    return Word(const_cast<KSPIN_LOCK&>(lock)).load(std::memory_order_relaxed) == 0;
}

KIRQL acquire_spin_lock_raising(KSPIN_LOCK& lock, KIRQL level) {
    Thread& thread = current_thread();
    const KIRQL old_irql = thread.irql();
    if (old_irql < level) thread.raise_irql(level);
    lock_word(lock, &thread);
    return old_irql;
}

InterlockedGuard::InterlockedGuard(KSPIN_LOCK& lock) : lock_(lock) { lock_word(lock_, lock_owner()); }

InterlockedGuard::~InterlockedGuard() { unlock_word(lock_, lock_owner()); }

}  // namespace pw::ke
