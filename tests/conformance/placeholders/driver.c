/* SPDX-License-Identifier: Apache-2.0 */
/* Writes into ranges of an application that it knows nothing about: a ring's two views, a large one, a placeholder. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS WriteAt(const RING_REQUEST *Request)
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        volatile UCHAR *bytes = (volatile UCHAR *)(ULONG_PTR)Request->Address;
        ULONG i;

        ProbeForWrite((PVOID)(ULONG_PTR)Request->Address, Request->Length, 1);
        for (i = 0; i < Request->Length; ++i) {
            bytes[i] = (UCHAR)(Request->First + i);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS WriteLocked(const RING_REQUEST *Request)
{
    PMDL mdl = IoAllocateMdl((PVOID)(ULONG_PTR)Request->Address, Request->Length, FALSE, FALSE, NULL);
    NTSTATUS status = STATUS_SUCCESS;
    PUCHAR bytes;
    ULONG i;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (NT_SUCCESS(status)) {
        bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        if (bytes != NULL) {
            for (i = 0; i < Request->Length; ++i) {
                bytes[i] = (UCHAR)(Request->First + i);
            }
        } else {
            status = STATUS_INSUFFICIENT_RESOURCES;
        }
        MmUnlockPages(mdl);
    }
    IoFreeMdl(mdl);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    const RING_REQUEST *request = (const RING_REQUEST *)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength != sizeof(*request)) {
        return STATUS_INVALID_PARAMETER;
    }
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_RING_LOCKED:
        return WriteLocked(request);
    case IOCTL_RING_RAW:
        return WriteAt(request);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
