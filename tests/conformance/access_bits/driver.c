/* SPDX-License-Identifier: Apache-2.0 */
/* Counts the requests that reach it. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static LONG Seen;

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_NEEDS_NOTHING:
    case IOCTL_NEEDS_READ:
    case IOCTL_NEEDS_WRITE:
    case IOCTL_NEEDS_BOTH:
        InterlockedIncrement(&Seen);
        return STATUS_SUCCESS;
    case IOCTL_SEEN:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = (ULONG)Seen;
        Irp->IoStatus.Information = sizeof(ULONG);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
