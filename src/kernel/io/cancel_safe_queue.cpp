// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/cancel_safe_queue.h"

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

constexpr std::size_t context_slot = 3;

PVOID& slot_of(PIRP irp) { return irp->Tail.Overlay.DriverContext[context_slot]; }

bool is_cancelled(PIRP irp) { return __atomic_load_n(&irp->Cancel, __ATOMIC_SEQ_CST) != FALSE; }

// The context in an IRP's slot, or null where the slot holds the queue itself: both begin with a type.
IO_CSQ_IRP_CONTEXT* context_of(PIRP irp) {
    auto* context = static_cast<IO_CSQ_IRP_CONTEXT*>(slot_of(irp));
    return context && context->Type == IO_TYPE_CSQ_IRP_CONTEXT ? context : nullptr;
}

// The driver's lock, held.
class QueueLock {
public:
    explicit QueueLock(IO_CSQ& queue) : queue_(queue) { queue_.CsqAcquireLock(&queue_, &irql_); }
    ~QueueLock() { queue_.CsqReleaseLock(&queue_, irql_); }
    QueueLock(const QueueLock&) = delete;
    QueueLock& operator=(const QueueLock&) = delete;

private:
    IO_CSQ& queue_;
    KIRQL irql_ = PASSIVE_LEVEL;
};

// Takes an IRP, whose cancel routine is off already, out of the queue and breaks its tie with the context.
void unlink_locked(IO_CSQ& queue, PIRP irp) {
    queue.CsqRemoveIrp(&queue, irp);
    if (IO_CSQ_IRP_CONTEXT* context = context_of(irp)) context->Irp = nullptr;
    slot_of(irp) = nullptr;
}

void NTAPI cancel_queued_irp(PDEVICE_OBJECT device, PIRP irp) {
    // The slot is stable: nobody but us takes the IRP out now, because nobody else gets its cancel routine.
    IO_CSQ_IRP_CONTEXT* context = context_of(irp);
    IO_CSQ& queue = context ? *context->Csq : *static_cast<IO_CSQ*>(slot_of(irp));
    IoManager::of(device).release_cancel_lock(irp->CancelIrql);
    {
        // Also waits until an insertion that made the IRP visible to its canceller is through.
        QueueLock lock(queue);
        unlink_locked(queue, irp);
    }
    queue.CsqCompleteCanceledIrp(&queue, irp);
}

}  // namespace

void initialize_queue(IO_CSQ& queue, ULONG type, const CancelSafeQueueRoutines& routines) {
    queue.Type = type;
    queue.CsqInsertIrp = routines.insert;
    queue.CsqRemoveIrp = routines.remove;
    queue.CsqPeekNextIrp = routines.peek_next;
    queue.CsqAcquireLock = routines.acquire_lock;
    queue.CsqReleaseLock = routines.release_lock;
    queue.CsqCompleteCanceledIrp = routines.complete_canceled;
    queue.ReservePointer = nullptr;
}

Status insert_irp(IO_CSQ& queue, PIRP irp, IO_CSQ_IRP_CONTEXT* context, PVOID insert_context) {
    Status status = STATUS_SUCCESS;
    {
        QueueLock lock(queue);
        if (queue.Type == IO_TYPE_CSQ_EX) {
            // The documented structure has one field for both kinds of routine.
            const auto insert = reinterpret_cast<PIO_CSQ_INSERT_IRP_EX>(reinterpret_cast<PVOID>(queue.CsqInsertIrp));
            status = insert(&queue, irp, insert_context);
            if (status.is_failure()) return status;
        } else {
            queue.CsqInsertIrp(&queue, irp);
        }
        if (context) *context = {.Type = IO_TYPE_CSQ_IRP_CONTEXT, .Irp = irp, .Csq = &queue};
        slot_of(irp) = context ? static_cast<PVOID>(context) : static_cast<PVOID>(&queue);
        IoMarkIrpPending(irp);  // under the lock: nobody completes the IRP before it is marked
        IoSetCancelRoutine(irp, cancel_queued_irp);
        if (!is_cancelled(irp)) return status;
        // Cancelled before the routine was there, or just now: then the routine runs, waits for the lock and does the rest.
        if (!IoSetCancelRoutine(irp, nullptr)) return status;
        unlink_locked(queue, irp);
    }
    queue.CsqCompleteCanceledIrp(&queue, irp);
    return status;
}

PIRP remove_next_irp(IO_CSQ& queue, PVOID peek_context) {
    QueueLock lock(queue);
    for (PIRP irp = nullptr;;) {
        irp = queue.CsqPeekNextIrp(&queue, irp, peek_context);
        if (!irp) return nullptr;
        if (!IoSetCancelRoutine(irp, nullptr)) continue;  // its canceller waits for the lock
        unlink_locked(queue, irp);
        return irp;
    }
}

PIRP remove_irp(IO_CSQ& queue, IO_CSQ_IRP_CONTEXT& context) {
    QueueLock lock(queue);
    PIRP irp = context.Irp;
    if (!irp || !IoSetCancelRoutine(irp, nullptr)) return nullptr;
    unlink_locked(queue, irp);
    return irp;
}

}  // namespace pw::io
