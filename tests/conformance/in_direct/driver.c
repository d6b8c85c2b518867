/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_IN_DIRECT: reads the caller's second buffer through its own pages. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static STATE State;

static NTSTATUS Sum(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG length = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    const UCHAR *bytes;
    ULONG expected;
    ULONG sum = 0;
    ULONG i;

    ++State.Calls;
    State.MdlIsNull = Irp->MdlAddress == NULL;
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
        return STATUS_INVALID_PARAMETER;
    }
    expected = *(PULONG)Irp->AssociatedIrp.SystemBuffer;
    if (Irp->MdlAddress == NULL) {
        return length == 0 && expected == 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
    }
    CHECK_EQUAL(MmGetMdlByteCount(Irp->MdlAddress), length);
    bytes = (const UCHAR *)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (bytes == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (i = 0; i < length; ++i) {
        sum = sum * 33 + bytes[i];
    }
    return sum == expected ? STATUS_SUCCESS : STATUS_UNSUCCESSFUL;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_SUM:
        return Sum(Irp, Stack);
    case IOCTL_STATE:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(State)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(STATE *)Irp->AssociatedIrp.SystemBuffer = State;
        Irp->IoStatus.Information = sizeof(State);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
