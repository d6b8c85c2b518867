// SPDX-License-Identifier: Apache-2.0
// Façade: kernel queues and numbered queued spin locks (Ke).
#include <nt/ke.h>

#include "kernel/dispatcher/dispatcher.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Dispatcher;
using ke::Thread;

extern "C" {

void NTAPI KeInitializeQueue(PRKQUEUE queue, ULONG count) { Thread::current_or_attach().dispatcher().initialize_queue(*queue, count); }
LONG NTAPI KeInsertQueue(PRKQUEUE queue, PLIST_ENTRY entry) {
    PW_IRQL_LIMIT(KeInsertQueue);
    return Thread::current_or_attach().dispatcher().insert_queue(*queue, *entry, false);
}
LONG NTAPI KeInsertHeadQueue(PRKQUEUE queue, PLIST_ENTRY entry) {
    PW_IRQL_LIMIT(KeInsertHeadQueue);
    return Thread::current_or_attach().dispatcher().insert_queue(*queue, *entry, true);
}
PLIST_ENTRY NTAPI KeRemoveQueue(PRKQUEUE queue, KPROCESSOR_MODE mode, PLARGE_INTEGER timeout) {
    return Thread::current_or_attach().dispatcher().remove_queue(*queue, mode, timeout);
}
LONG NTAPI KeReadStateQueue(PRKQUEUE queue) {
    PW_IRQL_LIMIT(KeReadStateQueue);
    return Dispatcher::read_state(queue->Header);
}
PLIST_ENTRY NTAPI KeRundownQueue(PRKQUEUE queue) { return Thread::current_or_attach().dispatcher().rundown_queue(*queue); }

KIRQL NTAPI KeAcquireQueuedSpinLock(KSPIN_LOCK_QUEUE_NUMBER number) {
    PW_IRQL_LIMIT(KeAcquireQueuedSpinLock);
    return Thread::current_or_attach().dispatcher().numbered_locks().acquire(number, DISPATCH_LEVEL);
}
KIRQL NTAPI KeAcquireQueuedSpinLockRaiseToSynch(KSPIN_LOCK_QUEUE_NUMBER number) {
    PW_IRQL_LIMIT(KeAcquireQueuedSpinLockRaiseToSynch);
    return Thread::current_or_attach().dispatcher().numbered_locks().acquire(number, SYNCH_LEVEL);
}
LOGICAL NTAPI KeTryToAcquireQueuedSpinLock(KSPIN_LOCK_QUEUE_NUMBER number, PKIRQL old_irql) {
    PW_IRQL_LIMIT(KeTryToAcquireQueuedSpinLock);
    return Thread::current_or_attach().dispatcher().numbered_locks().try_acquire(number, DISPATCH_LEVEL, old_irql);
}
LOGICAL NTAPI KeTryToAcquireQueuedSpinLockRaiseToSynch(KSPIN_LOCK_QUEUE_NUMBER number, PKIRQL old_irql) {
    PW_IRQL_LIMIT(KeTryToAcquireQueuedSpinLockRaiseToSynch);
    return Thread::current_or_attach().dispatcher().numbered_locks().try_acquire(number, SYNCH_LEVEL, old_irql);
}
void NTAPI KeReleaseQueuedSpinLock(KSPIN_LOCK_QUEUE_NUMBER number, KIRQL old_irql) {
    Thread::current_or_attach().dispatcher().numbered_locks().release(number, old_irql);
}

}  // extern "C"
