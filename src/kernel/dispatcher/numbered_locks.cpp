// SPDX-License-Identifier: Apache-2.0
#include "kernel/dispatcher/numbered_locks.h"

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/bug_check_codes.h"
#include "kernel/dispatcher/spin_lock.h"
#include "kernel/dispatcher/thread.h"

namespace pw::ke {
namespace {

void check_number(KSPIN_LOCK_QUEUE_NUMBER number) {
    if (static_cast<unsigned>(number) < LockQueueMaximumLock) [[likely]] return;
    BugCheckContext context;
    context.detail = "there is no queued spin lock of this number";
    bug_check(spin_lock_init_failure, static_cast<ULONG_PTR>(number), 0, 0, 0, &context);
}

}  // namespace

NumberedLocks::NumberedLocks(unsigned processor_count) : handles_(processor_count) {}

KLOCK_QUEUE_HANDLE& NumberedLocks::handle_of(KSPIN_LOCK_QUEUE_NUMBER number) {
    return handles_[Thread::current()->processor_number()][number];
}

KIRQL NumberedLocks::acquire(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL level) {
    check_number(number);
    Thread& thread = *Thread::current();
    const KIRQL old_irql = thread.irql();
    if (old_irql < level) thread.raise_irql(level);
    acquire_queued_spin_lock_at_dpc_level(locks_[number], handle_of(number));
    return old_irql;
}

bool NumberedLocks::try_acquire(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL level, KIRQL* old_irql) {
    check_number(number);
    Thread& thread = *Thread::current();
    *old_irql = thread.irql();
    if (*old_irql < level) thread.raise_irql(level);
    if (try_acquire_queued_spin_lock_at_dpc_level(locks_[number], handle_of(number))) return true;
    thread.lower_irql(*old_irql);
    return false;
}

void NumberedLocks::release(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL old_irql) {
    check_number(number);
    release_queued_spin_lock_from_dpc_level(handle_of(number));
    Thread::current()->lower_irql(old_irql);
}

}  // namespace pw::ke
