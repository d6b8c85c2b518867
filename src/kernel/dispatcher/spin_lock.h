// SPDX-License-Identifier: Apache-2.0
// Spin locks: a KSPIN_LOCK word in the driver's memory as a real lock with an owner, and in-stack queued spin locks.
//
// The word: 0 free; else the owner's ke::Thread, bit 0 set, bit 1 set while somebody sleeps. After a bounded spin a waiter
// sleeps in the OS, since the OS may preempt a holder.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

inline void initialize_spin_lock(KSPIN_LOCK& lock) { lock = 0; }

// KeAcquireSpinLock: raises to DISPATCH_LEVEL, returns the old IRQL. Bug checks: SPIN_LOCK_ALREADY_OWNED when this thread
// holds it; DRIVER_VERIFIER_DETECTED_VIOLATION (0x42) above DISPATCH_LEVEL.
[[nodiscard]] KIRQL acquire_spin_lock(KSPIN_LOCK& lock);
// Bug checks: SPIN_LOCK_NOT_OWNED when this thread does not hold it; DRIVER_VERIFIER_DETECTED_VIOLATION (0x32) at an IRQL
// other than DISPATCH_LEVEL.
void release_spin_lock(KSPIN_LOCK& lock, KIRQL old_irql);
// At DISPATCH_LEVEL or above (else DRIVER_VERIFIER_DETECTED_VIOLATION 0x40 and 0x41).
void acquire_spin_lock_at_dpc_level(KSPIN_LOCK& lock);
void release_spin_lock_from_dpc_level(KSPIN_LOCK& lock);
[[nodiscard]] bool try_acquire_spin_lock_at_dpc_level(KSPIN_LOCK& lock);
// KeTestSpinLock: whether it is free at this moment.
[[nodiscard]] bool spin_lock_is_free(const KSPIN_LOCK& lock);
// Whether the calling thread holds it.
[[nodiscard]] bool owns_spin_lock(const KSPIN_LOCK& lock);
// Raises to DISPATCH_LEVEL unless the IRQL is there already (KeAcquireSpinLockForDpc, KeAcquireSpinLockRaiseToSynch).
[[nodiscard]] KIRQL acquire_spin_lock_raising(KSPIN_LOCK& lock, KIRQL level);

// In-stack queued spin locks: first come, first served. Not to be mixed with the calls above on one lock.
void acquire_queued_spin_lock(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle);
void acquire_queued_spin_lock_raising(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle, KIRQL level);
void release_queued_spin_lock(KLOCK_QUEUE_HANDLE& handle);
void acquire_queued_spin_lock_at_dpc_level(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle);
// False when anybody holds it or waits for it.
[[nodiscard]] bool try_acquire_queued_spin_lock_at_dpc_level(KSPIN_LOCK& lock, KLOCK_QUEUE_HANDLE& handle);
void release_queued_spin_lock_from_dpc_level(KLOCK_QUEUE_HANDLE& handle);

// The bare lock without IRQL (ExInterlocked… lists, which work at any IRQL). Never held over driver code.
class InterlockedGuard {
public:
    explicit InterlockedGuard(KSPIN_LOCK& lock);
    ~InterlockedGuard();
    InterlockedGuard(const InterlockedGuard&) = delete;
    InterlockedGuard& operator=(const InterlockedGuard&) = delete;

private:
    KSPIN_LOCK& lock_;
};

}  // namespace pw::ke
