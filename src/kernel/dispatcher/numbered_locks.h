// SPDX-License-Identifier: Apache-2.0
// NumberedLocks: the queued spin locks that are known by number (KeAcquireQueuedSpinLock).
#pragma once

#include <nt/ke_types.h>

#include <array>
#include <vector>

namespace pw::ke {

class Dispatcher;

class NumberedLocks {
public:
    explicit NumberedLocks(unsigned processor_count);
    NumberedLocks(const NumberedLocks&) = delete;
    NumberedLocks& operator=(const NumberedLocks&) = delete;

    // Raises to `level` (at least DISPATCH_LEVEL) and takes the lock; returns the old IRQL. Bug check
    // SPIN_LOCK_INIT_FAILURE for a number that there is not, else as acquire_queued_spin_lock().
    [[nodiscard]] KIRQL acquire(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL level);
    // False, and the IRQL as before, when somebody holds the lock.
    [[nodiscard]] bool try_acquire(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL level, KIRQL* old_irql);
    void release(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL old_irql);

private:
    using Handles = std::array<KLOCK_QUEUE_HANDLE, LockQueueMaximumLock>;
    // The place in the queue of the current processor, which the thread holds.
    KLOCK_QUEUE_HANDLE& handle_of(KSPIN_LOCK_QUEUE_NUMBER number);

    std::array<KSPIN_LOCK, LockQueueMaximumLock> locks_{};
    std::vector<Handles> handles_;  // of each processor
};

}  // namespace pw::ke
