/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that end now, later, and wrongly: what the pool's I/O callbacks are told of. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_POOL_NOW:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(ULONG *)Irp->AssociatedIrp.SystemBuffer = 0x600DCAFE;
        Irp->IoStatus.Information = sizeof(ULONG);
        return STATUS_SUCCESS;
    case IOCTL_POOL_FAILS_LATER:
        IoMarkIrpPending(Irp);
        (VOID)FrameComplete(Irp, STATUS_DEVICE_NOT_READY, 0);
        return STATUS_PENDING;
    case IOCTL_POOL_FAILS:
        return STATUS_DEVICE_NOT_READY;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
