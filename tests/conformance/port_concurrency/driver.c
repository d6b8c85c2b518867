/* SPDX-License-Identifier: Apache-2.0 */
/* A driver that posts packets to an application's completion port, and waits in the application's thread. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

/* As drivers that use it declare it. */
NTKERNELAPI NTSTATUS NTAPI IoSetIoCompletion(PVOID IoCompletion, PVOID KeyContext, PVOID ApcContext, NTSTATUS IoStatus,
                                             ULONG_PTR IoStatusInformation, BOOLEAN Quota);

static NTSTATUS Post(const PORT_POST *Request)
{
    PVOID port;
    NTSTATUS status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Request->Port, 0, NULL, UserMode, &port, NULL);

    if (NT_SUCCESS(status)) {
        status = IoSetIoCompletion(port, (PVOID)(ULONG_PTR)Request->Key, (PVOID)(ULONG_PTR)Request->Context, Request->Status,
                                   (ULONG_PTR)Request->Information, TRUE);
        ObDereferenceObject(port);
    }
    return status;
}

static NTSTATUS WaitFor(HANDLE Handle)
{
    PVOID event;
    NTSTATUS status = ObReferenceObjectByHandle(Handle, SYNCHRONIZE, *ExEventObjectType, UserMode, &event, NULL);

    if (NT_SUCCESS(status)) {
        status = KeWaitForSingleObject(event, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(event);
    }
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG input = Stack->Parameters.DeviceIoControl.InputBufferLength;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_PORT_POST:
        return input < sizeof(PORT_POST) ? STATUS_BUFFER_TOO_SMALL : Post((PORT_POST *)buffer);
    case IOCTL_PORT_WAIT:
        return input < sizeof(ULONG64) ? STATUS_BUFFER_TOO_SMALL : WaitFor((HANDLE)(ULONG_PTR)*(ULONG64 *)buffer);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
