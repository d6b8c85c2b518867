/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_BUFFERED: what the driver sees, and what is copied back when. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static STATE LastRequest;

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG in = Stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG out = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    ULONG both = in > out ? in : out;
    PUCHAR buffer = (PUCHAR)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_SCRIPT: {
        SCRIPT script;

        if (in < sizeof(script)) {
            return STATUS_INVALID_PARAMETER;
        }
        /* Input and output share one buffer: take the input before writing the output. */
        script = *(SCRIPT *)buffer;
        RtlFillMemory(buffer, both, (UCHAR)script.Fill);
        Irp->IoStatus.Information = script.Information;
        return (NTSTATUS)script.Status;
    }
    case IOCTL_COMPLEMENT: {
        ULONG length = in < out ? in : out;
        ULONG i;

        for (i = 0; i < length; ++i) {
            buffer[i] = (UCHAR)~buffer[i];
        }
        /* The buffer holds the larger of the two lengths: writing all of it must harm nobody. */
        if (both > length) {
            RtlFillMemory(buffer + length, both - length, 0x5a);
        }
        Irp->IoStatus.Information = length;
        return STATUS_SUCCESS;
    }
    case IOCTL_LOOK:
        LastRequest.SystemBufferIsNull = buffer == NULL;
        LastRequest.MdlIsNull = Irp->MdlAddress == NULL;
        LastRequest.InputLength = in;
        LastRequest.OutputLength = out;
        LastRequest.BufferIsUserBuffer = buffer != NULL && (PVOID)buffer == Irp->UserBuffer;
        return STATUS_SUCCESS;
    case IOCTL_STATE:
        if (out < sizeof(LastRequest)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(STATE *)buffer = LastRequest;
        Irp->IoStatus.Information = sizeof(LastRequest);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
