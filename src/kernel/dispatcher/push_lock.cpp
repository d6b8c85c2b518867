// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/push_lock.h"

#include "base/check.h"
#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/shared_lock_word.h"
#include "kernel/dispatcher/thread.h"

namespace pw::ke {
namespace {

using PushWord = SharedLockWord<EX_PUSH_LOCK>;
using SpinWord = SharedLockWord<std::uint32_t>;

SpinWord spin_word(EX_SPIN_LOCK& lock) { return SpinWord(reinterpret_cast<std::uint32_t&>(const_cast<LONG&>(lock))); }

Thread& current_thread() {
    Thread* thread = Thread::current();
    PW_CHECK(thread != nullptr);
    return *thread;
}

void check_push_irql(const EX_PUSH_LOCK& lock) {
    const KIRQL irql = current_irql();
    if (irql <= APC_LEVEL) [[likely]] return;
    bug_check(irql_not_less_or_equal, reinterpret_cast<ULONG_PTR>(&lock), irql, 1, reinterpret_cast<ULONG_PTR>(__builtin_return_address(0)));
}

void check_push_release(const EX_PUSH_LOCK& lock, bool was_held) {
    if (was_held) [[likely]] return;
    bug_check(kernel_auto_boost_invalid_lock_release, reinterpret_cast<ULONG_PTR>(Thread::current()), reinterpret_cast<ULONG_PTR>(&lock), 0, 0);
}

void check_dpc_level(const EX_SPIN_LOCK& lock) {
    const KIRQL irql = current_irql();
    if (irql >= DISPATCH_LEVEL) [[likely]] return;
    bug_check(driver_verifier_detected_violation, verifier_acquire_at_dpc_level_irql, irql,
              reinterpret_cast<ULONG_PTR>(&const_cast<const LONG&>(lock)), 0);
}

void check_spin_release(const EX_SPIN_LOCK& lock, bool was_held) {
    if (was_held) [[likely]] return;
    bug_check(spin_lock_not_owned, reinterpret_cast<ULONG_PTR>(&const_cast<const LONG&>(lock)), 0, 0, 0);
}

}  // namespace

void initialize_push_lock(EX_PUSH_LOCK& lock) { lock = 0; }

void acquire_push_lock_exclusive(EX_PUSH_LOCK& lock) {
    check_push_irql(lock);
    PushWord(lock).acquire_exclusive();
}

void acquire_push_lock_shared(EX_PUSH_LOCK& lock) {
    check_push_irql(lock);
    PushWord(lock).acquire_shared();
}

void release_push_lock_exclusive(EX_PUSH_LOCK& lock) { check_push_release(lock, PushWord(lock).release_exclusive()); }

void release_push_lock_shared(EX_PUSH_LOCK& lock) { check_push_release(lock, PushWord(lock).release_shared()); }

KIRQL acquire_rw_spin_lock_exclusive(EX_SPIN_LOCK& lock) {
    const KIRQL old_irql = current_thread().raise_irql(DISPATCH_LEVEL);
    spin_word(lock).acquire_exclusive();
    return old_irql;
}

KIRQL acquire_rw_spin_lock_shared(EX_SPIN_LOCK& lock) {
    const KIRQL old_irql = current_thread().raise_irql(DISPATCH_LEVEL);
    spin_word(lock).acquire_shared();
    return old_irql;
}

void release_rw_spin_lock_exclusive(EX_SPIN_LOCK& lock, KIRQL old_irql) {
    check_spin_release(lock, spin_word(lock).release_exclusive());
    current_thread().lower_irql(old_irql);
}

void release_rw_spin_lock_shared(EX_SPIN_LOCK& lock, KIRQL old_irql) {
    check_spin_release(lock, spin_word(lock).release_shared());
    current_thread().lower_irql(old_irql);
}

void acquire_rw_spin_lock_exclusive_at_dpc_level(EX_SPIN_LOCK& lock) {
    check_dpc_level(lock);
    spin_word(lock).acquire_exclusive();
}

void acquire_rw_spin_lock_shared_at_dpc_level(EX_SPIN_LOCK& lock) {
    check_dpc_level(lock);
    spin_word(lock).acquire_shared();
}

void release_rw_spin_lock_exclusive_from_dpc_level(EX_SPIN_LOCK& lock) {
    check_spin_release(lock, spin_word(lock).release_exclusive());
}

void release_rw_spin_lock_shared_from_dpc_level(EX_SPIN_LOCK& lock) {
    check_spin_release(lock, spin_word(lock).release_shared());
}

bool try_acquire_rw_spin_lock_exclusive_at_dpc_level(EX_SPIN_LOCK& lock) {
    check_dpc_level(lock);
    return spin_word(lock).try_acquire_exclusive();
}

bool try_acquire_rw_spin_lock_shared_at_dpc_level(EX_SPIN_LOCK& lock) {
    check_dpc_level(lock);
    return spin_word(lock).try_acquire_shared();
}

bool try_convert_rw_spin_lock(EX_SPIN_LOCK& lock) { return spin_word(lock).try_convert(); }

}  // namespace pw::ke
