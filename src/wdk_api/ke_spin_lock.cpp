// SPDX-License-Identifier: Apache-2.0
// Façade: spin locks (Ke).
#include <nt/ke.h>

#include "kernel/dispatcher/spin_lock.h"
#include "kernel/dispatcher/thread.h"

using namespace pw;

// Makes sure that the OS thread is a kernel thread. A macro: current_or_attach() wants this routine's return address.
#define ENTER() (void)ke::Thread::current_or_attach()

extern "C" {

void NTAPI KeInitializeSpinLock(PKSPIN_LOCK lock) { ke::initialize_spin_lock(*lock); }

KIRQL NTAPI KfAcquireSpinLock(PKSPIN_LOCK lock) {
    ENTER();
    return ke::acquire_spin_lock(*lock);
}
KIRQL NTAPI KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK lock) {
    ENTER();
    return ke::acquire_spin_lock(*lock);
}
KIRQL NTAPI KeAcquireSpinLockRaiseToSynch(PKSPIN_LOCK lock) {
    ENTER();
    return ke::acquire_spin_lock_raising(*lock, SYNCH_LEVEL);
}
KIRQL NTAPI KeAcquireSpinLockForDpc(PKSPIN_LOCK lock) {
    ENTER();
    return ke::acquire_spin_lock_raising(*lock, DISPATCH_LEVEL);
}
void NTAPI KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock) {
    ENTER();
    ke::acquire_spin_lock_at_dpc_level(*lock);
}
BOOLEAN NTAPI KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK lock) {
    ENTER();
    return ke::try_acquire_spin_lock_at_dpc_level(*lock);
}
void NTAPI KfReleaseSpinLock(PKSPIN_LOCK lock, KIRQL irql) {
    ENTER();
    ke::release_spin_lock(*lock, irql);
}
void NTAPI KeReleaseSpinLock(PKSPIN_LOCK lock, KIRQL irql) {
    ENTER();
    ke::release_spin_lock(*lock, irql);
}
void NTAPI KeReleaseSpinLockForDpc(PKSPIN_LOCK lock, KIRQL irql) {
    ENTER();
    ke::release_spin_lock(*lock, irql);
}
void NTAPI KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK lock) {
    ENTER();
    ke::release_spin_lock_from_dpc_level(*lock);
}
BOOLEAN NTAPI KeTestSpinLock(PKSPIN_LOCK lock) { return ke::spin_lock_is_free(*lock); }

void NTAPI KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::acquire_queued_spin_lock(*lock, *handle);
}
void NTAPI KeAcquireInStackQueuedSpinLockRaiseToSynch(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::acquire_queued_spin_lock_raising(*lock, *handle, SYNCH_LEVEL);
}
void NTAPI KeAcquireInStackQueuedSpinLockForDpc(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::acquire_queued_spin_lock_raising(*lock, *handle, DISPATCH_LEVEL);
}
void NTAPI KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK lock, PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::acquire_queued_spin_lock_at_dpc_level(*lock, *handle);
}
void NTAPI KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::release_queued_spin_lock(*handle);
}
void NTAPI KeReleaseInStackQueuedSpinLockForDpc(PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::release_queued_spin_lock(*handle);
}
void NTAPI KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE handle) {
    ENTER();
    ke::release_queued_spin_lock_from_dpc_level(*handle);
}

}  // extern "C"
