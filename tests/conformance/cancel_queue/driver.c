/* SPDX-License-Identifier: Apache-2.0 */
/* A cancel-safe queue with a remove lock, and routines that drivers of that kind use besides. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

typedef struct _QUEUE {
    IO_CSQ Csq;
    LIST_ENTRY List;
    KSPIN_LOCK Lock;
    LONG Cancelled;
    IO_REMOVE_LOCK RemoveLock;
} QUEUE;

static QUEUE Queue;
static PDEVICE_OBJECT TestDevice;

static VOID NTAPI QueueInsert(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    InsertTailList(&Queue.List, &Irp->Tail.Overlay.ListEntry);
}

static VOID NTAPI QueueRemove(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

static PIRP NTAPI QueuePeek(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    PLIST_ENTRY next = Irp == NULL ? Queue.List.Flink : Irp->Tail.Overlay.ListEntry.Flink;

    UNREFERENCED_PARAMETER(Csq);
    for (; next != &Queue.List; next = next->Flink) {
        PIRP found = CONTAINING_RECORD(next, IRP, Tail.Overlay.ListEntry);

        if (PeekContext == NULL || IoGetCurrentIrpStackLocation(found)->FileObject == (PFILE_OBJECT)PeekContext) {
            return found;
        }
    }
    return NULL;
}

_IRQL_raises_(DISPATCH_LEVEL)
static VOID NTAPI QueueAcquire(PIO_CSQ Csq, PKIRQL Irql)
{
    UNREFERENCED_PARAMETER(Csq);
    KeAcquireSpinLock(&Queue.Lock, Irql);
}

static VOID NTAPI QueueRelease(PIO_CSQ Csq, KIRQL Irql)
{
    UNREFERENCED_PARAMETER(Csq);
    KeReleaseSpinLock(&Queue.Lock, Irql);
}

static VOID NTAPI QueueCancelled(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    InterlockedIncrement(&Queue.Cancelled);
    FrameComplete(Irp, STATUS_CANCELLED, 0);
    IoReleaseRemoveLock(&Queue.RemoveLock, Irp);
}

/* The last handle of a file takes the file's requests out of the queue. */
static NTSTATUS NTAPI QueueCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PIRP queued;

    UNREFERENCED_PARAMETER(DeviceObject);
    while ((queued = IoCsqRemoveNextIrp(&Queue.Csq, file)) != NULL) {
        QueueCancelled(&Queue.Csq, queued);
    }
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    ExInitializeDriverRuntime(DrvRtPoolNxOptIn);
    TestDevice = DeviceObject;
    InitializeListHead(&Queue.List);
    KeInitializeSpinLock(&Queue.Lock);
    IoInitializeRemoveLock(&Queue.RemoveLock, TEST_TAG, 0, 0);
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = QueueCleanup;
    return IoCsqInitialize(&Queue.Csq, QueueInsert, QueueRemove, QueuePeek, QueueAcquire, QueueRelease, QueueCancelled);
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (NT_SUCCESS(IoAcquireRemoveLock(&Queue.RemoveLock, NULL))) {
        IoReleaseRemoveLockAndWait(&Queue.RemoveLock, NULL);
    }
}

static VOID SystemRoutines(VOID)
{
    UNICODE_STRING known = RTL_CONSTANT_STRING(L"ExAllocatePoolWithTag");
    UNICODE_STRING unknown = RTL_CONSTANT_STRING(L"ExAllocateNothing");
    UNICODE_STRING foreign = RTL_CONSTANT_STRING(L"printf");
    PVOID(NTAPI * allocate)(POOL_TYPE, SIZE_T, ULONG);
    PVOID block;

    *(PVOID *)&allocate = MmGetSystemRoutineAddress(&known);
    CHECK(allocate != NULL);
    if (allocate != NULL) {
        block = allocate(NonPagedPoolNx, 100, TEST_TAG);
        CHECK(block != NULL);
        ExFreePoolWithTag(block, TEST_TAG);
    }
    CHECK(MmGetSystemRoutineAddress(&unknown) == NULL);
    CHECK(MmGetSystemRoutineAddress(&foreign) == NULL);
}

static VOID OwnRequest(VOID)
{
    KEVENT event;
    IO_STATUS_BLOCK block;
    ULONG number = 21;
    PIRP irp;
    NTSTATUS status;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    irp = IoBuildDeviceIoControlRequest(IOCTL_DOUBLE, TestDevice, &number, sizeof(number), &number, sizeof(number), FALSE, &event,
                                        &block);
    CHECK(irp != NULL);
    if (irp == NULL) {
        return;
    }
    status = IoCallDriver(TestDevice, irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
        status = block.Status;
    }
    CHECK_EQUAL(status, STATUS_SUCCESS);
    CHECK_EQUAL(block.Information, sizeof(number));
    CHECK_EQUAL(number, 42);
}

static VOID LookasideList(VOID)
{
    NPAGED_LOOKASIDE_LIST list;
    PVOID block;

    ExInitializeNPagedLookasideList(&list, NULL, NULL, POOL_NX_ALLOCATION, 64, TEST_TAG, 0);
    block = ExAllocateFromNPagedLookasideList(&list);
    CHECK(block != NULL);
    ExFreeToNPagedLookasideList(&list, block);
    ExDeleteNPagedLookasideList(&list);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG *number = (ULONG *)Irp->AssociatedIrp.SystemBuffer;
    ULONG room = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    NTSTATUS status;
    PIRP queued;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_QUEUE:
        if (room < sizeof(*number)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        status = IoAcquireRemoveLock(&Queue.RemoveLock, Irp);
        if (!NT_SUCCESS(status)) {
            return status;
        }
        IoCsqInsertIrp(&Queue.Csq, Irp, NULL);
        return STATUS_PENDING;
    case IOCTL_RELEASE:
        queued = IoCsqRemoveNextIrp(&Queue.Csq, NULL);
        if (queued == NULL) {
            return STATUS_OBJECT_NAME_NOT_FOUND;
        }
        *(ULONG *)queued->AssociatedIrp.SystemBuffer = QUEUE_ANSWER;
        FrameComplete(queued, STATUS_SUCCESS, sizeof(ULONG));
        IoReleaseRemoveLock(&Queue.RemoveLock, queued);
        return STATUS_SUCCESS;
    case IOCTL_CANCELLED:
        if (room < sizeof(*number)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *number = (ULONG)Queue.Cancelled;
        Irp->IoStatus.Information = sizeof(*number);
        return STATUS_SUCCESS;
    case IOCTL_DOUBLE:
        *number *= 2;
        Irp->IoStatus.Information = sizeof(*number);
        return STATUS_SUCCESS;
    case IOCTL_RUN:
        SystemRoutines();
        OwnRequest();
        LookasideList();
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
