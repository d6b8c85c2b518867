/* SPDX-License-Identifier: Apache-2.0 */
/*++

Module: driver.c

Abstract:

    Two ways to tell an application that something happened, with a timer in the place of hardware:

    1) The application sends a request that the driver keeps pending and completes when it happens.
    2) The application gives the driver a handle of an event, and the driver sets it.

    Each registration has its own timer. All are kept in a list that the open handle's CLEANUP and the requests' cancel
    routine walk, too.

Environment:

    Kernel mode only.

--*/

#include <ntddk.h>
#include "public.h"

#define NT_DEVICE_NAME          L"\\Device\\PwClassicEvent"
#define DOS_DEVICE_NAME         L"\\DosDevices\\PwClassicEvent"
#define TAG (ULONG)'tEwP'

#if DBG
#define DebugPrint(_x_) \
                DbgPrint("EVENT.SYS: ");\
                DbgPrint _x_;
#else
#define DebugPrint(_x_)
#endif

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT  Self;
    LIST_ENTRY      EventQueueHead;     // of NOTIFY_RECORD
    KSPIN_LOCK      QueueLock;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

typedef struct _NOTIFY_RECORD{
    LIST_ENTRY      ListEntry;
    union {
        PKEVENT     Event;
        PIRP        PendingIrp;
    } Message;
    KDPC            Dpc;
    KTIMER          Timer;
    PFILE_OBJECT    FileObject;
    NOTIFY_TYPE     Type;
    PDEVICE_EXTENSION DeviceExtension;
    BOOLEAN         CancelRoutineFreeMemory;
} NOTIFY_RECORD, *PNOTIFY_RECORD;

DRIVER_INITIALIZE DriverEntry;
DRIVER_UNLOAD EventUnload;
__drv_dispatchType(IRP_MJ_CREATE)
__drv_dispatchType(IRP_MJ_CLOSE)
DRIVER_DISPATCH EventCreateClose;
__drv_dispatchType(IRP_MJ_CLEANUP)
DRIVER_DISPATCH EventCleanup;
__drv_dispatchType(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH EventDispatchIoControl;
DRIVER_CANCEL EventCancelRoutine;
KDEFERRED_ROUTINE CustomTimerDPC;

NTSTATUS
RegisterEventBasedNotification(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP           Irp
    );

NTSTATUS
RegisterIrpBasedNotification(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP           Irp
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text (INIT, DriverEntry)
#pragma alloc_text (PAGE, EventUnload)
#pragma alloc_text (PAGE, EventCreateClose)
#pragma alloc_text (PAGE, EventDispatchIoControl)
#pragma alloc_text (PAGE, RegisterEventBasedNotification)
#endif

NTSTATUS
DriverEntry(
    IN PDRIVER_OBJECT  DriverObject,
    IN PUNICODE_STRING RegistryPath
    )
{
    PDEVICE_OBJECT      deviceObject;
    PDEVICE_EXTENSION   deviceExtension;
    UNICODE_STRING      ntDeviceName;
    UNICODE_STRING      symbolicLinkName;
    NTSTATUS            status;

    UNREFERENCED_PARAMETER(RegistryPath);

    DebugPrint(("==>DriverEntry\n"));

    RtlInitUnicodeString(&ntDeviceName, NT_DEVICE_NAME);

    status = IoCreateDevice(DriverObject,               // DriverObject
                            sizeof(DEVICE_EXTENSION),   // DeviceExtensionSize
                            &ntDeviceName,              // DeviceName
                            FILE_DEVICE_UNKNOWN,        // DeviceType
                            FILE_DEVICE_SECURE_OPEN,    // DeviceCharacteristics
                            FALSE,                      // Not Exclusive
                            &deviceObject               // DeviceObject
                            );

    if (!NT_SUCCESS(status)) {
        DebugPrint(("\tIoCreateDevice returned 0x%x\n", (ULONG)status));
        return(status);
    }

    DriverObject->MajorFunction[IRP_MJ_CREATE]         = EventCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE]          = EventCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP]        = EventCleanup;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = EventDispatchIoControl;
    DriverObject->DriverUnload                         = EventUnload;

    RtlInitUnicodeString(&symbolicLinkName, DOS_DEVICE_NAME);
    status = IoCreateSymbolicLink(&symbolicLinkName, &ntDeviceName);

    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(deviceObject);
        DebugPrint(("\tIoCreateSymbolicLink returned 0x%x\n", (ULONG)status));
        return(status);
    }

    deviceExtension = deviceObject->DeviceExtension;
    InitializeListHead(&deviceExtension->EventQueueHead);
    KeInitializeSpinLock(&deviceExtension->QueueLock);
    deviceExtension->Self = deviceObject;
    deviceObject->Flags |= DO_BUFFERED_IO;

    ASSERT(NT_SUCCESS(status));
    return status;
}

VOID
EventUnload(
    IN PDRIVER_OBJECT DriverObject
    )
{
    PDEVICE_OBJECT  deviceObject = DriverObject->DeviceObject;
    PDEVICE_EXTENSION   deviceExtension = deviceObject->DeviceExtension;
    UNICODE_STRING  symbolicLinkName;

    DebugPrint(("==>Unload\n"));

    PAGED_CODE();

    if (!IsListEmpty(&deviceExtension->EventQueueHead)) {
        ASSERTMSG("Event queue is not empty\n", FALSE);
    }

    KeFlushQueuedDpcs();    // the last DPC may have completed its request and not have returned yet

    RtlInitUnicodeString(&symbolicLinkName, DOS_DEVICE_NAME);
    IoDeleteSymbolicLink(&symbolicLinkName);
    ASSERT(!deviceObject->AttachedDevice);
    IoDeleteDevice(deviceObject);
}

NTSTATUS
EventCreateClose(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP Irp
    )
{
    NTSTATUS     status;

    UNREFERENCED_PARAMETER(DeviceObject);

    PAGED_CODE();

    status = STATUS_SUCCESS;
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest (Irp, IO_NO_INCREMENT);

    return status;
}

NTSTATUS
EventCleanup(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP Irp
    )
/*++

    The handle is gone: everything that was registered through it goes, too.

--*/
{
    KIRQL               oldIrql;
    PLIST_ENTRY         thisEntry, nextEntry, listHead;
    PNOTIFY_RECORD      notifyRecord;
    PDEVICE_EXTENSION   deviceExtension;
    LIST_ENTRY          cleanupList;
    PIO_STACK_LOCATION  irpStack;

    deviceExtension = DeviceObject->DeviceExtension;
    irpStack = IoGetCurrentIrpStackLocation(Irp);
    ASSERT(irpStack->FileObject != NULL);

    InitializeListHead(&cleanupList);

    KeAcquireSpinLock(&deviceExtension->QueueLock, &oldIrql);

    listHead = &deviceExtension->EventQueueHead;

    for (thisEntry = listHead->Flink, nextEntry = thisEntry->Flink;
        thisEntry != listHead;
        thisEntry = nextEntry, nextEntry = thisEntry->Flink)
    {
        notifyRecord = CONTAINING_RECORD(thisEntry, NOTIFY_RECORD, ListEntry);

        if (irpStack->FileObject == notifyRecord->FileObject) {

            // If the timer cannot be cancelled, its DPC is waiting for our lock and takes care of the record.
            if (!KeCancelTimer(&notifyRecord->Timer)) {
                continue;
            }

            RemoveEntryList(thisEntry);

            if (notifyRecord->Type == IRP_BASED) {

                // If the cancel routine runs already, it completes the request; we leave it the record to free.
                if (IoSetCancelRoutine(notifyRecord->Message.PendingIrp, NULL) == NULL) {
                    notifyRecord->CancelRoutineFreeMemory = TRUE;
                    InitializeListHead(&notifyRecord->ListEntry);
                    continue;
                }
            }
            InsertTailList(&cleanupList, thisEntry);
        }
    }

    KeReleaseSpinLock(&deviceExtension->QueueLock, oldIrql);

    // Complete and dereference with no lock held.
    while (!IsListEmpty(&cleanupList)) {

        thisEntry = RemoveHeadList(&cleanupList);
        notifyRecord = CONTAINING_RECORD(thisEntry, NOTIFY_RECORD, ListEntry);

        if (notifyRecord->Type == IRP_BASED) {
            PIRP pendingIrp = notifyRecord->Message.PendingIrp;

            pendingIrp->Tail.Overlay.DriverContext[3] = NULL;
            pendingIrp->IoStatus.Information = 0;
            pendingIrp->IoStatus.Status = STATUS_CANCELLED;
            IoCompleteRequest(pendingIrp, IO_NO_INCREMENT);
        } else {
            ObDereferenceObject(notifyRecord->Message.Event);
        }
        ExFreePoolWithTag(notifyRecord, TAG);
    }

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest (Irp, IO_NO_INCREMENT);

    return STATUS_SUCCESS;
}

NTSTATUS
EventDispatchIoControl(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP           Irp
    )
{
    PIO_STACK_LOCATION  irpStack;
    PREGISTER_EVENT     registerEvent;
    NTSTATUS            status;

    PAGED_CODE();

    irpStack = IoGetCurrentIrpStackLocation(Irp);
    ASSERT(irpStack->FileObject != NULL);

    switch (irpStack->Parameters.DeviceIoControl.IoControlCode) {

    case IOCTL_REGISTER_EVENT:

        if (irpStack->Parameters.DeviceIoControl.InputBufferLength < REGISTER_EVENT_SIZE) {
            status = STATUS_INVALID_PARAMETER;
            break;
        }

        registerEvent = (PREGISTER_EVENT)Irp->AssociatedIrp.SystemBuffer;

        switch (registerEvent->Type) {

        case IRP_BASED:
            status = RegisterIrpBasedNotification(DeviceObject, Irp);
            break;

        case EVENT_BASED:
            status = RegisterEventBasedNotification(DeviceObject, Irp);
            break;

        default:
            ASSERTMSG("\tUnknow notification type from user-mode\n", FALSE);
            status = STATUS_INVALID_PARAMETER;
            break;
        }
        break;

    default:
        status = STATUS_NOT_SUPPORTED;
        break;
    }

    if (status != STATUS_PENDING) {
        Irp->IoStatus.Status = status;
        Irp->IoStatus.Information = 0;
        IoCompleteRequest (Irp, IO_NO_INCREMENT);
    }

    return status;
}

VOID
EventCancelRoutine(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP           Irp
    )
{
    PDEVICE_EXTENSION   deviceExtension;
    KIRQL               oldIrql ;
    PNOTIFY_RECORD      notifyRecord;

    deviceExtension = DeviceObject->DeviceExtension;

    // Release the global cancel lock at the level before it was taken, then take our own.
    IoReleaseCancelSpinLock( Irp->CancelIrql);

    KeAcquireSpinLock(&deviceExtension->QueueLock, &oldIrql);

    // The request's record, unless the DPC has taken it away.
    notifyRecord = Irp->Tail.Overlay.DriverContext[3];

    if (notifyRecord != NULL) {

        ASSERT(notifyRecord->Type == IRP_BASED);

        if (notifyRecord->CancelRoutineFreeMemory || KeCancelTimer(&notifyRecord->Timer)) {

            RemoveEntryList(&notifyRecord->ListEntry);
            ExFreePoolWithTag(notifyRecord, TAG);

        } else {

            // The DPC is about to run and finds a record whose request is gone.
            notifyRecord->Message.PendingIrp = NULL;
        }
        Irp->Tail.Overlay.DriverContext[3] = NULL;
    }

    KeReleaseSpinLock(&deviceExtension->QueueLock, oldIrql);

    Irp->IoStatus.Status = STATUS_CANCELLED;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

VOID
CustomTimerDPC(
    IN PKDPC Dpc,
    IN PVOID DeferredContext,
    IN PVOID SystemArgument1,
    IN PVOID SystemArgument2
    )
{
    PNOTIFY_RECORD      notifyRecord = DeferredContext;
    PDEVICE_EXTENSION   deviceExtension;
    PIRP                irp = NULL;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(SystemArgument1);
    UNREFERENCED_PARAMETER(SystemArgument2);

    ASSERT(notifyRecord != NULL);
    deviceExtension = notifyRecord->DeviceExtension;

    KeAcquireSpinLockAtDpcLevel(&deviceExtension->QueueLock);

    RemoveEntryList(&notifyRecord->ListEntry);

    if (notifyRecord->Type == IRP_BASED) {

        irp = notifyRecord->Message.PendingIrp;

        if (irp != NULL) {
            if (IoSetCancelRoutine(irp, NULL) != NULL) {
                irp->Tail.Overlay.DriverContext[3] = NULL;
            } else {
                // Being cancelled: the cancel routine completes the request and frees the record.
                notifyRecord->CancelRoutineFreeMemory = TRUE;
                InitializeListHead(&notifyRecord->ListEntry);
                KeReleaseSpinLockFromDpcLevel(&deviceExtension->QueueLock);
                return;
            }
        }
        KeReleaseSpinLockFromDpcLevel(&deviceExtension->QueueLock);

        if (irp != NULL) {
            irp->IoStatus.Status = STATUS_SUCCESS;
            irp->IoStatus.Information = 0;
            IoCompleteRequest(irp, IO_NO_INCREMENT);
        }

    } else {

        KeReleaseSpinLockFromDpcLevel(&deviceExtension->QueueLock);

        KeSetEvent(notifyRecord->Message.Event, IO_NO_INCREMENT, FALSE);
        ObDereferenceObject(notifyRecord->Message.Event);
    }

    ExFreePoolWithTag(notifyRecord, TAG);
}

static PNOTIFY_RECORD
NewRecord(
    IN PDEVICE_EXTENSION DeviceExtension,
    IN PFILE_OBJECT FileObject,
    IN NOTIFY_TYPE Type
    )
{
    PNOTIFY_RECORD record = ExAllocatePoolWithTag(NonPagedPool, sizeof(NOTIFY_RECORD), TAG);

    if (record != NULL) {
        RtlZeroMemory(record, sizeof(NOTIFY_RECORD));
        InitializeListHead(&record->ListEntry);
        record->FileObject = FileObject;
        record->DeviceExtension = DeviceExtension;
        record->Type = Type;
        KeInitializeDpc(&record->Dpc, CustomTimerDPC, record);
        KeInitializeTimer(&record->Timer);
    }
    return record;
}

NTSTATUS
RegisterIrpBasedNotification(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP           Irp
    )
{
    PDEVICE_EXTENSION   deviceExtension = DeviceObject->DeviceExtension;
    PNOTIFY_RECORD      notifyRecord;
    PIO_STACK_LOCATION  irpStack;
    KIRQL               oldIrql;
    REGISTER_EVENT      registerEvent;

    irpStack = IoGetCurrentIrpStackLocation(Irp);
    registerEvent = *(PREGISTER_EVENT)Irp->AssociatedIrp.SystemBuffer;

    notifyRecord = NewRecord(deviceExtension, irpStack->FileObject, IRP_BASED);
    if (NULL == notifyRecord) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    notifyRecord->Message.PendingIrp = Irp;

    KeAcquireSpinLock(&deviceExtension->QueueLock, &oldIrql);

    IoSetCancelRoutine(Irp, EventCancelRoutine);

    if (Irp->Cancel) {
        if (IoSetCancelRoutine(Irp, NULL) != NULL) {

            // Cancelled before we set the routine: it will not be called.
            KeReleaseSpinLock(&deviceExtension->QueueLock, oldIrql);
            ExFreePoolWithTag(notifyRecord, TAG);
            return STATUS_CANCELLED;
        }

        // The cancel routine waits for our lock: it completes the request and frees the record.
        notifyRecord->CancelRoutineFreeMemory = TRUE;
        IoMarkIrpPending(Irp);
        Irp->Tail.Overlay.DriverContext[3] = notifyRecord;
        KeReleaseSpinLock(&deviceExtension->QueueLock, oldIrql);
        return STATUS_PENDING;
    }

    IoMarkIrpPending(Irp);
    InsertTailList(&deviceExtension->EventQueueHead, &notifyRecord->ListEntry);
    Irp->Tail.Overlay.DriverContext[3] = notifyRecord;
    KeSetTimer(&notifyRecord->Timer, registerEvent.DueTime, &notifyRecord->Dpc);

    KeReleaseSpinLock(&deviceExtension->QueueLock, oldIrql);

    return STATUS_PENDING;
}

NTSTATUS
RegisterEventBasedNotification(
    IN PDEVICE_OBJECT DeviceObject,
    IN PIRP           Irp
    )
{
    PDEVICE_EXTENSION   deviceExtension = DeviceObject->DeviceExtension;
    PNOTIFY_RECORD      notifyRecord;
    NTSTATUS            status;
    PIO_STACK_LOCATION  irpStack;
    PREGISTER_EVENT     registerEvent;
    KIRQL               oldIrql;

    PAGED_CODE();

    irpStack = IoGetCurrentIrpStackLocation(Irp);
    registerEvent = (PREGISTER_EVENT)Irp->AssociatedIrp.SystemBuffer;

    notifyRecord = NewRecord(deviceExtension, irpStack->FileObject, EVENT_BASED);
    if (NULL == notifyRecord) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }

    // The handle means something in this process only, so it is turned into a referenced object here.
    status = ObReferenceObjectByHandle(registerEvent->hEvent,
                                       SYNCHRONIZE | EVENT_MODIFY_STATE,
                                       *ExEventObjectType,
                                       Irp->RequestorMode,
                                       (PVOID *)&notifyRecord->Message.Event,
                                       NULL
                                       );

    if (!NT_SUCCESS(status)) {
        DebugPrint(("\tUnable to reference User-Mode Event object, Error = 0x%x\n", (ULONG)status));
        ExFreePoolWithTag(notifyRecord, TAG);
        return status;
    }

    KeAcquireSpinLock(&deviceExtension->QueueLock, &oldIrql);
    InsertTailList(&deviceExtension->EventQueueHead, &notifyRecord->ListEntry);
    KeSetTimer(&notifyRecord->Timer, registerEvent->DueTime, &notifyRecord->Dpc);
    KeReleaseSpinLock(&deviceExtension->QueueLock, oldIrql);

    return STATUS_SUCCESS;
}
