/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inverted_call.c - how a driver tells an application that something has happened: the application calls first, with
 * requests that the driver keeps; the driver completes one when it has something to tell.
 *
 * The requests stand in a cancel-safe queue, which takes the race between completing and cancelling away: whoever removes
 * an IRP from the queue owns it. A timer's DPC stands for the hardware.
 */
#include <ntddk.h>

#include "../public.h"

typedef struct _INVERTED_EXTENSION {
    IO_CSQ Queue;
    LIST_ENTRY Requests;  /* QueueLock */
    KSPIN_LOCK QueueLock;

    KTIMER Timer;
    KDPC Dpc;
    KSPIN_LOCK StateLock; /* what is below */
    unsigned long long Told;
    unsigned int Left;
    unsigned int Burst;
    unsigned int Missed;
    unsigned int Waiting;
} INVERTED_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD InvertedUnload;
static DRIVER_DISPATCH InvertedCreateClose;
static DRIVER_DISPATCH InvertedCleanup;
static DRIVER_DISPATCH InvertedControl;
static KDEFERRED_ROUTINE InvertedTick;

/* ------------------------------------------------------------------------------------------------- the queue */

static IO_CSQ_INSERT_IRP QueueInsert;
static VOID QueueInsert(PIO_CSQ Csq, PIRP Irp)
{
    INVERTED_EXTENSION *extension = CONTAINING_RECORD(Csq, INVERTED_EXTENSION, Queue);

    InsertTailList(&extension->Requests, &Irp->Tail.Overlay.ListEntry);
    ++extension->Waiting;
}

static IO_CSQ_REMOVE_IRP QueueRemove;
static VOID QueueRemove(PIO_CSQ Csq, PIRP Irp)
{
    INVERTED_EXTENSION *extension = CONTAINING_RECORD(Csq, INVERTED_EXTENSION, Queue);

    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
    --extension->Waiting;
}

/* The oldest request behind Irp (all, if Irp is NULL) that was made through the file object PeekContext (any, if NULL). */
static IO_CSQ_PEEK_NEXT_IRP QueuePeek;
static PIRP QueuePeek(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    INVERTED_EXTENSION *extension = CONTAINING_RECORD(Csq, INVERTED_EXTENSION, Queue);
    PLIST_ENTRY link = Irp == NULL ? extension->Requests.Flink : Irp->Tail.Overlay.ListEntry.Flink;

    for (; link != &extension->Requests; link = link->Flink) {
        PIRP candidate = CONTAINING_RECORD(link, IRP, Tail.Overlay.ListEntry);

        if (PeekContext == NULL || IoGetCurrentIrpStackLocation(candidate)->FileObject == (PFILE_OBJECT)PeekContext) {
            return candidate;
        }
    }
    return NULL;
}

static IO_CSQ_ACQUIRE_LOCK QueueAcquire;
_IRQL_raises_(DISPATCH_LEVEL) static VOID QueueAcquire(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&CONTAINING_RECORD(Csq, INVERTED_EXTENSION, Queue)->QueueLock, Irql);
}

static IO_CSQ_RELEASE_LOCK QueueRelease;
static VOID QueueRelease(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&CONTAINING_RECORD(Csq, INVERTED_EXTENSION, Queue)->QueueLock, Irql);
}

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static IO_CSQ_COMPLETE_CANCELED_IRP QueueCancelled;
static VOID QueueCancelled(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    (VOID)Complete(Irp, STATUS_CANCELLED, 0);
}

/* ------------------------------------------------------------------------------------------------- the events */

static VOID Arm(INVERTED_EXTENSION *Extension)
{
    LARGE_INTEGER due;

    due.QuadPart = -10000LL; /* a millisecond */
    KeSetTimer(&Extension->Timer, due, &Extension->Dpc);
}

/* DISPATCH_LEVEL, in no particular process: the IRP carries all that is needed to answer the right one. */
static VOID InvertedTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    INVERTED_EXTENSION *extension = (INVERTED_EXTENSION *)Context;
    unsigned int told = 0;
    BOOLEAN again = FALSE;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    for (;;) {
        INVERTED_EVENT event;
        PIRP irp;

        KeAcquireSpinLockAtDpcLevel(&extension->StateLock);
        again = extension->Left != 0;
        KeReleaseSpinLockFromDpcLevel(&extension->StateLock);
        if (!again || told == extension->Burst) {
            break;
        }
        /* The request first: an event without somebody to tell does not get a number. */
        irp = IoCsqRemoveNextIrp(&extension->Queue, NULL);
        KeAcquireSpinLockAtDpcLevel(&extension->StateLock);
        if (irp == NULL) {
            extension->Missed += told == 0;
            KeReleaseSpinLockFromDpcLevel(&extension->StateLock);
            break;
        }
        event.Number = ++extension->Told;
        event.Missed = extension->Missed;
        event.Reserved = 0;
        extension->Left -= extension->Left != 0; /* unload may have set it to 0 */
        KeReleaseSpinLockFromDpcLevel(&extension->StateLock);
        ++told;
        *(INVERTED_EVENT *)irp->AssociatedIrp.SystemBuffer = event;
        (VOID)Complete(irp, STATUS_SUCCESS, sizeof(event));
    }
    if (again) {
        Arm(extension);
    }
}

/* --------------------------------------------------------------------------------------------- dispatch routines */

static NTSTATUS InvertedControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    INVERTED_EXTENSION *extension = (INVERTED_EXTENSION *)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG in = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG out = stack->Parameters.DeviceIoControl.OutputBufferLength;
    KIRQL irql;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_INVERTED_WAIT:
            if (out < sizeof(INVERTED_EVENT)) {
                return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
            }
            /* Marks the request pending, makes it cancellable, and queues it, in this order and without a race. */
            IoCsqInsertIrp(&extension->Queue, Irp, NULL);
            return STATUS_PENDING; /* and the IRP is no longer ours to look at */
        case IOCTL_INVERTED_START: {
            INVERTED_START start;

            if (in < sizeof(start)) {
                return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
            }
            start = *(INVERTED_START *)Irp->AssociatedIrp.SystemBuffer;
            if (start.Events == 0 || start.Burst == 0) {
                return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
            }
            KeAcquireSpinLock(&extension->StateLock, &irql);
            if (extension->Left != 0) {
                KeReleaseSpinLock(&extension->StateLock, irql);
                return Complete(Irp, STATUS_DEVICE_BUSY, 0);
            }
            extension->Left = start.Events;
            extension->Burst = start.Burst;
            extension->Told = 0;
            extension->Missed = 0;
            KeReleaseSpinLock(&extension->StateLock, irql);
            Arm(extension);
            return Complete(Irp, STATUS_SUCCESS, 0);
        }
        case IOCTL_INVERTED_STATE: {
            INVERTED_STATE state;

            if (out < sizeof(state)) {
                return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
            }
            KeAcquireSpinLock(&extension->QueueLock, &irql);
            state.Waiting = extension->Waiting;
            KeReleaseSpinLock(&extension->QueueLock, irql);
            KeAcquireSpinLock(&extension->StateLock, &irql);
            state.Missed = extension->Missed;
            state.Told = extension->Told;
            KeReleaseSpinLock(&extension->StateLock, irql);
            *(INVERTED_STATE *)Irp->AssociatedIrp.SystemBuffer = state;
            return Complete(Irp, STATUS_SUCCESS, sizeof(state));
        }
        default:
            return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS InvertedCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* The application's last handle to this file is closed, perhaps because it has died: nobody waits for these any more. */
static NTSTATUS InvertedCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    INVERTED_EXTENSION *extension = (INVERTED_EXTENSION *)DeviceObject->DeviceExtension;
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PIRP waiting;

    while ((waiting = IoCsqRemoveNextIrp(&extension->Queue, file)) != NULL) {
        (VOID)Complete(waiting, STATUS_CANCELLED, 0);
    }
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID InvertedUnload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(INVERTED_LINK_NAME);
    INVERTED_EXTENSION *extension = (INVERTED_EXTENSION *)DriverObject->DeviceObject->DeviceExtension;
    KIRQL irql;

    KeAcquireSpinLock(&extension->StateLock, &irql);
    extension->Left = 0; /* a DPC that is on its way does not arm the timer again */
    KeReleaseSpinLock(&extension->StateLock, irql);
    KeCancelTimer(&extension->Timer);
    KeFlushQueuedDpcs();
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(INVERTED_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(INVERTED_LINK_NAME);
    PDEVICE_OBJECT device = NULL;
    INVERTED_EXTENSION *extension;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(INVERTED_EXTENSION), &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = (INVERTED_EXTENSION *)device->DeviceExtension;
    KeInitializeSpinLock(&extension->QueueLock);
    KeInitializeSpinLock(&extension->StateLock);
    InitializeListHead(&extension->Requests);
    KeInitializeTimer(&extension->Timer);
    KeInitializeDpc(&extension->Dpc, InvertedTick, extension);
    status = IoCsqInitialize(&extension->Queue, QueueInsert, QueueRemove, QueuePeek, QueueAcquire, QueueRelease,
                             QueueCancelled);
    if (NT_SUCCESS(status)) {
        status = IoCreateSymbolicLink(&link, &name);
    }
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = InvertedCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = InvertedCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = InvertedCleanup;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = InvertedControl;
    DriverObject->DriverUnload = InvertedUnload;
    return STATUS_SUCCESS;
}
