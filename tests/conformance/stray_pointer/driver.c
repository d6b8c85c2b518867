/* SPDX-License-Identifier: Apache-2.0 */
/* A mistake on purpose: a user address that is used in another process's context, where it means nothing. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static volatile ULONG *Kept;
static PIRP Pending;

static NTSTATUS Read(VOID)
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        (VOID)*Kept;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS Keep(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    if (Stack->Parameters.DeviceIoControl.InputBufferLength != sizeof(STRAY)) {
        return STATUS_INVALID_PARAMETER;
    }
    Kept = (volatile ULONG *)(ULONG_PTR)((const STRAY *)Irp->AssociatedIrp.SystemBuffer)->Address;
    return Read();
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PIRP irp;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_KEEP:
        return Keep(Irp, Stack);
    case IOCTL_USE:
        return Read();
    case IOCTL_KEEP_AND_PEND:
        status = Keep(Irp, Stack);
        if (!NT_SUCCESS(status)) {
            return status;
        }
        IoMarkIrpPending(Irp);
        InterlockedExchangePointer((PVOID volatile *)&Pending, Irp);
        return STATUS_PENDING;
    case IOCTL_RELEASE:
        irp = (PIRP)InterlockedExchangePointer((PVOID volatile *)&Pending, NULL);
        if (irp == NULL) {
            return STATUS_DEVICE_NOT_READY; /* not there yet */
        }
        (VOID)FrameComplete(irp, STATUS_SUCCESS, 0);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
