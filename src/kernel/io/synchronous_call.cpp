// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/synchronous_call.h"

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

struct Waiting {
    ke::Dispatcher& dispatcher;
    KEVENT done;
};

NTSTATUS NTAPI wake(PDEVICE_OBJECT, PIRP irp, PVOID context) {
    auto& waiting = *static_cast<Waiting*>(context);
    if (irp->PendingReturned) waiting.dispatcher.set_event(waiting.done);
    return STATUS_MORE_PROCESSING_REQUIRED;
}

}  // namespace

Status call_driver_synchronously(DEVICE_OBJECT& device, PIRP irp) {
    IoManager& io = IoManager::of(&device);
    Waiting waiting{io.dispatcher(), {}};
    ke::Dispatcher::initialize_event(waiting.done, NotificationEvent, false);
    IoSetCompletionRoutine(irp, wake, &waiting, TRUE, TRUE, TRUE);
    if (io.call_driver(&device, irp) == STATUS_PENDING) {
        io.dispatcher().wait(waiting.done.Header, KernelMode, false, nullptr).ignore();
    }
    return irp->IoStatus.Status;
}

bool forward_irp_synchronously(DEVICE_OBJECT& device, PIRP irp) {
    if (irp->CurrentLocation <= 1) return false;
    IoCopyCurrentIrpStackLocationToNext(irp);
    call_driver_synchronously(device, irp).ignore();  // the status is the caller's to read
    return true;
}

}  // namespace pw::io
