// SPDX-License-Identifier: Apache-2.0
// Cancel-safe queues (IO_CSQ): a driver's own queue of IRPs, whose races with cancellation are settled here.
//
// An IRP in the queue has our cancel routine. Whoever takes that routine away owns the IRP: a remover returns it, the
// canceller removes it and completes it through the driver. While an IRP is queued, DriverContext[3] is ours, as
// documented; it holds the queue, or the context that the IRP was inserted with.
#pragma once

#include <nt/io_locks.h>

#include "base/status.h"

namespace pw::io {

struct CancelSafeQueueRoutines {
    PIO_CSQ_INSERT_IRP insert = nullptr;
    PIO_CSQ_REMOVE_IRP remove = nullptr;
    PIO_CSQ_PEEK_NEXT_IRP peek_next = nullptr;
    PIO_CSQ_ACQUIRE_LOCK acquire_lock = nullptr;
    PIO_CSQ_RELEASE_LOCK release_lock = nullptr;
    PIO_CSQ_COMPLETE_CANCELED_IRP complete_canceled = nullptr;
};

// type: IO_TYPE_CSQ, or IO_TYPE_CSQ_EX where `insert` is a PIO_CSQ_INSERT_IRP_EX. PASSIVE_LEVEL.
void initialize_queue(IO_CSQ& queue, ULONG type, const CancelSafeQueueRoutines& routines);

// Marks the IRP pending and queues it. One that is cancelled already goes to the driver's complete_canceled at once. What
// an Ex insert routine refuses is not queued, not marked pending, and comes back with the routine's status.
// IRQL <= DISPATCH_LEVEL.
Status insert_irp(IO_CSQ& queue, PIRP irp, IO_CSQ_IRP_CONTEXT* context, PVOID insert_context);

// The first IRP that `peek_context` admits and that nobody cancels; null when there is none. IRQL <= DISPATCH_LEVEL.
[[nodiscard]] PIRP remove_next_irp(IO_CSQ& queue, PVOID peek_context);

// The IRP that was inserted with this context; null when it is queued no longer. IRQL <= DISPATCH_LEVEL.
[[nodiscard]] PIRP remove_irp(IO_CSQ& queue, IO_CSQ_IRP_CONTEXT& context);

}  // namespace pw::io
