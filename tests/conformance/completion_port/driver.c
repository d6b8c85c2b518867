/* SPDX-License-Identifier: Apache-2.0 */
/* Completes requests at once, pended, later, from a DPC: what a completion port sees of each. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static KSPIN_LOCK QueueLock;
static LIST_ENTRY Waiting;     /* PORT_LATER */
static LIST_ENTRY ForTheDpc;   /* PORT_FROM_DPC */
static KTIMER Timer;
static KDPC Dpc;

/* The request's own wish stands in its system buffer; the answer goes there, too. */
static VOID Answer(PIRP Irp)
{
    PORT_REQUEST request = *(PORT_REQUEST *)Irp->AssociatedIrp.SystemBuffer;

    *(unsigned int *)Irp->AssociatedIrp.SystemBuffer = request.Value;
    (VOID)FrameComplete(Irp, request.Status, NT_ERROR(request.Status) ? 0 : sizeof(unsigned int));
}

static DRIVER_CANCEL CancelWaiting;
static VOID CancelWaiting(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&QueueLock, &irql);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&QueueLock, irql);
    (VOID)FrameComplete(Irp, STATUS_CANCELLED, 0);
}

static PIRP TakeWaiting(VOID)
{
    PIRP irp = NULL;
    PLIST_ENTRY link;
    KIRQL irql;

    KeAcquireSpinLock(&QueueLock, &irql);
    for (link = Waiting.Flink; link != &Waiting; link = link->Flink) {
        PIRP candidate = CONTAINING_RECORD(link, IRP, Tail.Overlay.ListEntry);

        if (IoSetCancelRoutine(candidate, NULL) != NULL) {
            RemoveEntryList(link);
            irp = candidate;
            break;
        }
    }
    KeReleaseSpinLock(&QueueLock, irql);
    return irp;
}

static NTSTATUS KeepWaiting(PIRP Irp)
{
    KIRQL irql;

    KeAcquireSpinLock(&QueueLock, &irql);
    IoMarkIrpPending(Irp);
    InsertTailList(&Waiting, &Irp->Tail.Overlay.ListEntry);
    (VOID)IoSetCancelRoutine(Irp, CancelWaiting);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
        KeReleaseSpinLock(&QueueLock, irql);
        (VOID)FrameComplete(Irp, STATUS_CANCELLED, 0);
        return STATUS_PENDING;
    }
    KeReleaseSpinLock(&QueueLock, irql);
    return STATUS_PENDING;
}

static KDEFERRED_ROUTINE CompleteFromDpc;
static VOID CompleteFromDpc(PKDPC TimerDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(TimerDpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    for (;;) {
        PIRP irp = NULL;

        KeAcquireSpinLockAtDpcLevel(&QueueLock);
        if (!IsListEmpty(&ForTheDpc)) {
            irp = CONTAINING_RECORD(RemoveHeadList(&ForTheDpc), IRP, Tail.Overlay.ListEntry);
        }
        KeReleaseSpinLockFromDpcLevel(&QueueLock);
        if (irp == NULL) {
            return;
        }
        Answer(irp);
    }
}

static NTSTATUS LeaveToDpc(PIRP Irp)
{
    LARGE_INTEGER due;
    KIRQL irql;

    IoMarkIrpPending(Irp);
    KeAcquireSpinLock(&QueueLock, &irql);
    InsertTailList(&ForTheDpc, &Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&QueueLock, irql);
    due.QuadPart = -1000; /* a tenth of a millisecond */
    KeSetTimer(&Timer, due, &Dpc);
    return STATUS_PENDING;
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    KeInitializeSpinLock(&QueueLock);
    InitializeListHead(&Waiting);
    InitializeListHead(&ForTheDpc);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, CompleteFromDpc, NULL);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    CHECK(IsListEmpty(&Waiting));
    CHECK(IsListEmpty(&ForTheDpc));
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    const PORT_REQUEST *request = (const PORT_REQUEST *)Irp->AssociatedIrp.SystemBuffer;
    PIRP waiting;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_PORT:
            break;
        case IOCTL_PORT_RELEASE:
            waiting = TakeWaiting();
            if (waiting == NULL) {
                return STATUS_NOT_FOUND;
            }
            Answer(waiting);
            return STATUS_SUCCESS;
        case IOCTL_PORT_WAITING: {
            unsigned int count = 0;
            PLIST_ENTRY link;
            KIRQL irql;

            if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(count)) {
                return STATUS_BUFFER_TOO_SMALL;
            }
            KeAcquireSpinLock(&QueueLock, &irql);
            for (link = Waiting.Flink; link != &Waiting; link = link->Flink) {
                ++count;
            }
            KeReleaseSpinLock(&QueueLock, irql);
            *(unsigned int *)Irp->AssociatedIrp.SystemBuffer = count;
            Irp->IoStatus.Information = sizeof(count);
            return STATUS_SUCCESS;
        }
        default:
            return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*request) ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(unsigned int)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    switch (request->How) {
        case PORT_AT_ONCE: {
            NTSTATUS status = request->Status;

            *(unsigned int *)Irp->AssociatedIrp.SystemBuffer = request->Value;
            Irp->IoStatus.Information = NT_ERROR(status) ? 0 : sizeof(unsigned int);
            return status;
        }
        case PORT_PENDED:
            IoMarkIrpPending(Irp);
            Answer(Irp);
            return STATUS_PENDING;
        case PORT_LATER:
            return KeepWaiting(Irp);
        case PORT_FROM_DPC:
            return LeaveToDpc(Irp);
        default:
            return STATUS_INVALID_PARAMETER;
    }
}
