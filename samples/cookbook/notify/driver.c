/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The application makes an event and hands it over; the driver signals it from a DPC.
 *
 * A handle is looked up once, in the context of the process that it belongs to, with the type and the access that are
 * needed and with the requestor's mode. From then on the driver has a pointer with a reference, good at any IRQL and in any
 * context.
 */
#include <ntddk.h>

#include "public.h"

static KTIMER Timer;
static KDPC Dpc;
static PKEVENT Event; /* the device is exclusive: one handle, and one request at a time on it */
static volatile LONG Signals;

static VOID OnTimer(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    InterlockedIncrement(&Signals);
    KeSetEvent(Event, IO_NO_INCREMENT, FALSE);
}

static VOID Stop(VOID)
{
    if (Event == NULL) {
        return;
    }
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs(); /* the routine may be running on another processor, with the event in its hands */
    ObDereferenceObject(Event);
    Event = NULL;
}

static NTSTATUS Start(PIRP Irp)
{
    NOTIFY_START *start = (NOTIFY_START *)Irp->AssociatedIrp.SystemBuffer;
    LARGE_INTEGER due;
    PVOID object;
    NTSTATUS status;

    if (Event != NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    if (start->PeriodMs == 0 || start->PeriodMs > 60000) {
        return STATUS_INVALID_PARAMETER;
    }
    /* Not an event, or a handle that may not signal it: refused here, whatever number the application sent. */
    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)start->Event, EVENT_MODIFY_STATE, *ExEventObjectType,
                                       Irp->RequestorMode, &object, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Event = (PKEVENT)object;
    Signals = 0;
    due.QuadPart = -10000LL * start->PeriodMs;
    KeSetTimerEx(&Timer, due, (LONG)start->PeriodMs, &Dpc);
    return STATUS_SUCCESS;
}

static NTSTATUS NotifyDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;
    ULONG_PTR information = 0;

    UNREFERENCED_PARAMETER(Device);
    if (location->MajorFunction == IRP_MJ_CLEANUP) {
        Stop(); /* also when the application has died */
    } else if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        switch (location->Parameters.DeviceIoControl.IoControlCode) {
            case IOCTL_NOTIFY_START:
                status = location->Parameters.DeviceIoControl.InputBufferLength < sizeof(NOTIFY_START)
                             ? STATUS_BUFFER_TOO_SMALL
                             : Start(Irp);
                break;
            case IOCTL_NOTIFY_STOP:
                if (location->Parameters.DeviceIoControl.OutputBufferLength < sizeof(unsigned int)) {
                    status = STATUS_BUFFER_TOO_SMALL;
                } else {
                    Stop();
                    *(unsigned int *)Irp->AssociatedIrp.SystemBuffer = (unsigned int)Signals;
                    information = sizeof(unsigned int);
                }
                break;
            default: status = STATUS_INVALID_DEVICE_REQUEST; break;
        }
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static VOID NotifyUnload(PDRIVER_OBJECT Driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(NOTIFY_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(NOTIFY_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(NOTIFY_LINK_NAME);
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeTimerEx(&Timer, SynchronizationTimer);
    KeInitializeDpc(&Dpc, OnTimer, NULL);
    status = IoCreateDevice(Driver, 0, &name, 0x8321, 0, TRUE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    Driver->MajorFunction[IRP_MJ_CREATE] = NotifyDispatch;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = NotifyDispatch;
    Driver->MajorFunction[IRP_MJ_CLOSE] = NotifyDispatch;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = NotifyDispatch;
    Driver->DriverUnload = NotifyUnload;
    return STATUS_SUCCESS;
}
