// SPDX-License-Identifier: Apache-2.0
// Façade: fast and guarded mutexes, push locks, reader-writer spin locks, rundown protection (Ex, Ke).
#include <nt/ex.h>
#include <nt/ke.h>

#include "kernel/dispatcher/fast_mutex.h"
#include "kernel/dispatcher/push_lock.h"
#include "kernel/dispatcher/rundown.h"
#include "kernel/dispatcher/thread.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

// Makes sure that the OS thread is a kernel thread. A macro: current_or_attach() wants this routine's return address.
#define ENTER() (void)ke::Thread::current_or_attach()

extern "C" {

// --- Fast mutexes ---

void NTAPI ExAcquireFastMutex(PFAST_MUTEX mutex) {
    ENTER();
    ke::acquire_fast_mutex(*mutex);
}
void NTAPI ExReleaseFastMutex(PFAST_MUTEX mutex) {
    ENTER();
    ke::release_fast_mutex(*mutex);
}
BOOLEAN NTAPI ExTryToAcquireFastMutex(PFAST_MUTEX mutex) {
    ENTER();
    return ke::try_acquire_fast_mutex(*mutex);
}
void NTAPI ExAcquireFastMutexUnsafe(PFAST_MUTEX mutex) {
    ENTER();
    ke::acquire_fast_mutex_unsafe(*mutex);
}
void NTAPI ExReleaseFastMutexUnsafe(PFAST_MUTEX mutex) {
    ENTER();
    ke::release_fast_mutex_unsafe(*mutex);
}
void NTAPI ExEnterCriticalRegionAndAcquireFastMutexUnsafe(PFAST_MUTEX mutex) {
    ke::Thread::current_or_attach().enter_critical_region();
    ke::acquire_fast_mutex_unsafe(*mutex);
}
void NTAPI ExReleaseFastMutexUnsafeAndLeaveCriticalRegion(PFAST_MUTEX mutex) {
    ENTER();
    ke::release_fast_mutex_unsafe(*mutex);
    ke::Thread::current()->leave_critical_region();
}

// --- Guarded mutexes ---

void NTAPI KeInitializeGuardedMutex(PKGUARDED_MUTEX mutex) {
    PW_IRQL_LIMIT(KeInitializeGuardedMutex);
    ke::initialize_fast_mutex(*mutex);
}
void NTAPI KeAcquireGuardedMutex(PKGUARDED_MUTEX mutex) {
    ENTER();
    ke::acquire_guarded_mutex(*mutex);
}
void NTAPI KeReleaseGuardedMutex(PKGUARDED_MUTEX mutex) {
    PW_IRQL_LIMIT(KeReleaseGuardedMutex);
    ENTER();
    ke::release_guarded_mutex(*mutex);
}
BOOLEAN NTAPI KeTryToAcquireGuardedMutex(PKGUARDED_MUTEX mutex) {
    ENTER();
    return ke::try_acquire_guarded_mutex(*mutex);
}
void NTAPI KeAcquireGuardedMutexUnsafe(PKGUARDED_MUTEX mutex) {
    PW_IRQL_LIMIT(KeAcquireGuardedMutexUnsafe);
    ENTER();
    ke::acquire_fast_mutex_unsafe(*mutex);
}
void NTAPI KeReleaseGuardedMutexUnsafe(PKGUARDED_MUTEX mutex) {
    PW_IRQL_LIMIT(KeReleaseGuardedMutexUnsafe);
    ENTER();
    ke::release_fast_mutex_unsafe(*mutex);
}

// --- Push locks ---

void NTAPI ExInitializePushLock(PEX_PUSH_LOCK lock) { ke::initialize_push_lock(*lock); }
void NTAPI ExAcquirePushLockExclusiveEx(PEX_PUSH_LOCK lock, ULONG) {
    ENTER();
    ke::acquire_push_lock_exclusive(*lock);
}
void NTAPI ExAcquirePushLockSharedEx(PEX_PUSH_LOCK lock, ULONG) {
    ENTER();
    ke::acquire_push_lock_shared(*lock);
}
void NTAPI ExReleasePushLockExclusiveEx(PEX_PUSH_LOCK lock, ULONG) {
    ENTER();
    ke::release_push_lock_exclusive(*lock);
}
void NTAPI ExReleasePushLockSharedEx(PEX_PUSH_LOCK lock, ULONG) {
    ENTER();
    ke::release_push_lock_shared(*lock);
}

// --- Reader-writer spin locks ---

KIRQL NTAPI ExAcquireSpinLockExclusive(PEX_SPIN_LOCK lock) {
    PW_IRQL_LIMIT(ExAcquireSpinLockExclusive);
    ENTER();
    return ke::acquire_rw_spin_lock_exclusive(*lock);
}
KIRQL NTAPI ExAcquireSpinLockShared(PEX_SPIN_LOCK lock) {
    PW_IRQL_LIMIT(ExAcquireSpinLockShared);
    ENTER();
    return ke::acquire_rw_spin_lock_shared(*lock);
}
void NTAPI ExAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK lock) { ke::acquire_rw_spin_lock_exclusive_at_dpc_level(*lock); }
void NTAPI ExAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK lock) { ke::acquire_rw_spin_lock_shared_at_dpc_level(*lock); }
void NTAPI ExReleaseSpinLockExclusive(PEX_SPIN_LOCK lock, KIRQL irql) {
    PW_IRQL_LIMIT(ExReleaseSpinLockExclusive);
    ENTER();
    ke::release_rw_spin_lock_exclusive(*lock, irql);
}
void NTAPI ExReleaseSpinLockShared(PEX_SPIN_LOCK lock, KIRQL irql) {
    PW_IRQL_LIMIT(ExReleaseSpinLockShared);
    ENTER();
    ke::release_rw_spin_lock_shared(*lock, irql);
}
void NTAPI ExReleaseSpinLockExclusiveFromDpcLevel(PEX_SPIN_LOCK lock) { ke::release_rw_spin_lock_exclusive_from_dpc_level(*lock); }
void NTAPI ExReleaseSpinLockSharedFromDpcLevel(PEX_SPIN_LOCK lock) { ke::release_rw_spin_lock_shared_from_dpc_level(*lock); }
LOGICAL NTAPI ExTryConvertSharedSpinLockExclusive(PEX_SPIN_LOCK lock) { return ke::try_convert_rw_spin_lock(*lock); }
LOGICAL NTAPI ExTryAcquireSpinLockSharedAtDpcLevel(PEX_SPIN_LOCK lock) { return ke::try_acquire_rw_spin_lock_shared_at_dpc_level(*lock); }
LOGICAL NTAPI ExTryAcquireSpinLockExclusiveAtDpcLevel(PEX_SPIN_LOCK lock) {
    return ke::try_acquire_rw_spin_lock_exclusive_at_dpc_level(*lock);
}

// --- Rundown protection ---

void NTAPI ExInitializeRundownProtection(PEX_RUNDOWN_REF rundown) { ke::initialize_rundown(*rundown); }
void NTAPI ExReInitializeRundownProtection(PEX_RUNDOWN_REF rundown) { ke::reinitialize_rundown(*rundown); }
BOOLEAN NTAPI ExAcquireRundownProtection(PEX_RUNDOWN_REF rundown) { return ke::acquire_rundown(*rundown); }
BOOLEAN NTAPI ExAcquireRundownProtectionEx(PEX_RUNDOWN_REF rundown, ULONG count) { return ke::acquire_rundown(*rundown, count); }
void NTAPI ExReleaseRundownProtection(PEX_RUNDOWN_REF rundown) {
    ENTER();
    ke::release_rundown(*rundown);
}
void NTAPI ExReleaseRundownProtectionEx(PEX_RUNDOWN_REF rundown, ULONG count) {
    ENTER();
    ke::release_rundown(*rundown, count);
}
void NTAPI ExRundownCompleted(PEX_RUNDOWN_REF rundown) { ke::complete_rundown(*rundown); }
void NTAPI ExWaitForRundownProtectionRelease(PEX_RUNDOWN_REF rundown) {
    PW_IRQL_LIMIT(ExWaitForRundownProtectionRelease);
    ENTER();
    ke::wait_for_rundown(*rundown);
}

}  // extern "C"
