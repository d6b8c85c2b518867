// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/irp_questions.h"

#include <new>

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

// A completion routine with the reference that it holds; freed by its one call.
struct KeptCompletion {
    CompletionRoutine completion;
    Ref<DeviceObject> device;
};

NTSTATUS NTAPI call_kept_completion(PDEVICE_OBJECT device, PIRP irp, PVOID context) {
    auto* kept = static_cast<KeptCompletion*>(context);
    const CompletionRoutine& completion = kept->completion;
    // Ours is called in every case, so that the reference always goes; the driver's when it asked for this one.
    const bool wanted = (irp->Cancel && completion.on_cancel) ||
                        (NT_SUCCESS(irp->IoStatus.Status) ? completion.on_success : completion.on_error);
    NTSTATUS status = STATUS_CONTINUE_COMPLETION;
    if (wanted) {
        status = completion.routine(device, irp, completion.context);
    } else if (irp->PendingReturned && irp->CurrentLocation <= irp->StackCount) {
        IoMarkIrpPending(irp);
    }
    delete kept;
    return status;
}

}  // namespace

bool is_operation_synchronous(PIRP irp) {
    // IRP_SYNCHRONOUS_PAGING_IO has another meaning (IRP_INPUT_OPERATION) in requests that are no paging I/O.
    if (irp->Flags & IRP_PAGING_IO) return (irp->Flags & IRP_SYNCHRONOUS_PAGING_IO) != 0;
    const FILE_OBJECT* file = IoGetCurrentIrpStackLocation(irp)->FileObject;
    return (irp->Flags & IRP_SYNCHRONOUS_API) != 0 || (file && (file->Flags & FO_SYNCHRONOUS_IO) != 0);
}

Status validate_control_access(PIRP irp, ULONG required) {
    if (required & ~ULONG{FILE_READ_ACCESS | FILE_WRITE_ACCESS}) return STATUS_INVALID_PARAMETER;
    const IO_STACK_LOCATION& location = *IoGetCurrentIrpStackLocation(irp);
    if (!is_control_major(location.MajorFunction) && location.MajorFunction != IRP_MJ_FILE_SYSTEM_CONTROL) {
        return STATUS_INVALID_PARAMETER;
    }
    if (irp->RequestorMode == KernelMode) return STATUS_SUCCESS;
    // What the handle grants is what the open granted: ReadAccess and WriteAccess of the file object.
    const FILE_OBJECT* file = location.FileObject;
    if (!file) return STATUS_ACCESS_DENIED;
    if ((required & FILE_READ_ACCESS) && !file->ReadAccess) return STATUS_ACCESS_DENIED;
    if ((required & FILE_WRITE_ACCESS) && !file->WriteAccess) return STATUS_ACCESS_DENIED;
    return STATUS_SUCCESS;
}

Status set_completion_routine_ex(DEVICE_OBJECT& device, PIRP irp, const CompletionRoutine& completion) {
    auto* kept = new (std::nothrow) KeptCompletion{completion, Ref<DeviceObject>(DeviceObject::from_nt(&device))};
    if (!kept) return STATUS_INSUFFICIENT_RESOURCES;
    IoSetCompletionRoutine(irp, call_kept_completion, kept, TRUE, TRUE, TRUE);
    return STATUS_SUCCESS;
}

}  // namespace pw::io
