/* SPDX-License-Identifier: Apache-2.0 */
/* Events that driver and application share, by name and by handle. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static HANDLE NamedHandle;
static PKEVENT NamedEvent;

static KTIMER LaterTimer;
static KDPC LaterDpc;
static PKEVENT LaterEvent; /* referenced; the DPC sets it and drops the reference */

static KDEFERRED_ROUTINE SetLater;
static VOID SetLater(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PKEVENT event = (PKEVENT)InterlockedExchangePointer((PVOID *)&LaterEvent, NULL);

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK(event != NULL);
    if (event != NULL) {
        KeSetEvent(event, IO_NO_INCREMENT, FALSE);
        ObDereferenceObject(event);
    }
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    KeInitializeTimer(&LaterTimer);
    KeInitializeDpc(&LaterDpc, SetLater, NULL);
    return STATUS_SUCCESS;
}

static VOID CloseNamed(VOID)
{
    if (NamedHandle != NULL) {
        ZwClose(NamedHandle);
        NamedHandle = NULL;
        NamedEvent = NULL;
    }
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CloseNamed();
}

static NTSTATUS CreateNamed(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(FRAME_WIDE(EVENT_NAME_NT));

    NamedEvent = IoCreateNotificationEvent(&name, &NamedHandle);
    if (NamedEvent == NULL) {
        NamedHandle = NULL;
        return STATUS_UNSUCCESSFUL;
    }
    /* It is created signalled. */
    CHECK(KeReadStateEvent(NamedEvent) != 0);
    KeClearEvent(NamedEvent);
    CHECK_EQUAL(KeReadStateEvent(NamedEvent), 0);
    return STATUS_SUCCESS;
}

/* The event behind a handle of the calling process, referenced. UserMode: the handle's own access counts. */
static NTSTATUS EventOfHandle(PIRP Irp, PIO_STACK_LOCATION Stack, ACCESS_MASK Access, PKEVENT *Event)
{
    PVOID object = NULL;
    HANDLE handle;
    NTSTATUS status;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG64)) {
        return STATUS_INVALID_PARAMETER;
    }
    handle = (HANDLE)(ULONG_PTR)*(ULONG64 *)Irp->AssociatedIrp.SystemBuffer;
    status = ObReferenceObjectByHandle(handle, Access, *ExEventObjectType, UserMode, &object, NULL);
    *Event = (PKEVENT)object;
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PKEVENT event = NULL;
    LARGE_INTEGER time;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_NAMED_CREATE:
        return CreateNamed();
    case IOCTL_NAMED_SET:
        KeSetEvent(NamedEvent, IO_NO_INCREMENT, FALSE);
        return STATUS_SUCCESS;
    case IOCTL_NAMED_CLEAR:
        KeClearEvent(NamedEvent);
        return STATUS_SUCCESS;
    case IOCTL_NAMED_TEST:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = KeReadStateEvent(NamedEvent) != 0;
        Irp->IoStatus.Information = sizeof(ULONG);
        return STATUS_SUCCESS;
    case IOCTL_NAMED_CLOSE:
        CloseNamed();
        return STATUS_SUCCESS;
    case IOCTL_HANDLE_SET:
        status = EventOfHandle(Irp, Stack, EVENT_MODIFY_STATE, &event);
        if (NT_SUCCESS(status)) {
            KeSetEvent(event, IO_NO_INCREMENT, FALSE);
            ObDereferenceObject(event);
        }
        return status;
    case IOCTL_HANDLE_SET_LATER:
        status = EventOfHandle(Irp, Stack, EVENT_MODIFY_STATE, &event);
        if (NT_SUCCESS(status)) {
            LaterEvent = event;
            time.QuadPart = -50000; /* 5 ms */
            KeSetTimer(&LaterTimer, time, &LaterDpc);
        }
        return status;
    case IOCTL_HANDLE_WAIT:
        status = EventOfHandle(Irp, Stack, SYNCHRONIZE, &event);
        if (NT_SUCCESS(status)) {
            time.QuadPart = -100000000LL;
            status = KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &time);
            ObDereferenceObject(event);
            if (status == STATUS_TIMEOUT) {
                status = STATUS_IO_TIMEOUT;
            }
        }
        return status;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
