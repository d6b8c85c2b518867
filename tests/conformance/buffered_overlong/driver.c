/* SPDX-License-Identifier: Apache-2.0 */
/* A driver with a bug: it claims more bytes than the caller's buffer holds. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG out = Stack->Parameters.DeviceIoControl.OutputBufferLength;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_OVERLONG) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (out != 0) {
        RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, out, 0x11);
    }
    Irp->IoStatus.Information = (ULONG_PTR)out + 24;
    return STATUS_SUCCESS;
}
