/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_OUT_DIRECT: fills the caller's own pages through the MDL that the I/O manager built. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static STATE LastRequest;

static NTSTATUS Fill(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG length = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PMDL mdl = Irp->MdlAddress;
    PPFN_NUMBER frames;
    PUCHAR bytes;
    ORDER order;
    ULONG calls = LastRequest.Calls + 1;
    ULONG i;

    RtlZeroMemory(&LastRequest, sizeof(LastRequest));
    LastRequest.Calls = calls;
    LastRequest.OutputLength = length;
    LastRequest.MdlIsNull = mdl == NULL;
    LastRequest.SystemBufferIsNull = Irp->AssociatedIrp.SystemBuffer == NULL;
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(order)) {
        return STATUS_INVALID_PARAMETER;
    }
    order = *(ORDER *)Irp->AssociatedIrp.SystemBuffer;
    if (mdl == NULL) {
        return (NTSTATUS)order.Status;
    }
    bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    if (bytes == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    /* The second call gives the same address: an MDL is mapped once. */
    CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == (PVOID)bytes);
    CHECK((mdl->MdlFlags & MDL_PAGES_LOCKED) != 0);
    CHECK((mdl->MdlFlags & MDL_MAPPED_TO_SYSTEM_VA) != 0);
    CHECK(mdl->Next == NULL);

    LastRequest.ByteCount = MmGetMdlByteCount(mdl);
    LastRequest.ByteOffset = MmGetMdlByteOffset(mdl);
    LastRequest.SystemAddressOffset = (ULONG)((ULONG_PTR)bytes & (PAGE_SIZE - 1));
    LastRequest.VirtualAddress = (ULONG_PTR)MmGetMdlVirtualAddress(mdl);
    LastRequest.Pages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(mdl), MmGetMdlByteCount(mdl));
    frames = MmGetMdlPfnArray(mdl);
    for (i = 0; i < LastRequest.Pages && i < STATE_FRAMES; ++i) {
        LastRequest.Frames[i] = frames[i];
    }
    RtlFillMemory(bytes, length, (UCHAR)order.Fill);
    Irp->IoStatus.Information = length;
    return (NTSTATUS)order.Status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FILL:
        return Fill(Irp, Stack);
    case IOCTL_STATE:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(LastRequest)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(STATE *)Irp->AssociatedIrp.SystemBuffer = LastRequest;
        Irp->IoStatus.Information = sizeof(LastRequest);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
