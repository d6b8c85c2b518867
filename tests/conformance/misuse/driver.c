/* SPDX-License-Identifier: Apache-2.0 */
/* A driver that does wrong things with requests when it is asked to, each in the way in which drivers do it by mistake. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static KTIMER Timer;
static KDPC Dpc;
static KEVENT Never;
static WORK_QUEUE_ITEM Work;
static PIO_WORKITEM Later;
static PIRP Pended;

static VOID NTAPI Tick(PKDPC TimerDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(TimerDpc);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
}

static VOID NTAPI WaitForEver(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL);
}

static VOID NTAPI CompleteLater(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    PIRP irp = (PIRP)Context;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeWorkItem(Later);
    (VOID)FrameComplete(irp, STATUS_SUCCESS, 0);
    (VOID)FrameComplete(irp, STATUS_SUCCESS, 0);
}

static VOID NTAPI CompleteOnce(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoFreeWorkItem(Later);
    (VOID)FrameComplete((PIRP)Context, STATUS_SUCCESS, 0);
}

static VOID NTAPI OnCancelKeepLock(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp); /* IoReleaseCancelSpinLock(Irp->CancelIrql) is missing */
}

static VOID NTAPI OnCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
}

static NTSTATUS NTAPI PendAndForget(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    IoMarkIrpPending(Irp);
    Pended = Irp;
    return STATUS_PENDING;
}

static VOID LeakPool(PDEVICE_OBJECT DeviceObject)
{
    CHECK(ExAllocatePoolWithTag(NonPagedPoolNx, 777, 'Leak') != NULL);
    CHECK(IoAllocateIrp(DeviceObject->StackSize, FALSE) != NULL);
}

static VOID CancelOwn(PDEVICE_OBJECT DeviceObject)
{
    PIRP irp = IoAllocateIrp(2, FALSE);

    IoSetNextIrpStackLocation(irp);
    IoGetCurrentIrpStackLocation(irp)->DeviceObject = DeviceObject;
    IoSetCancelRoutine(irp, OnCancelKeepLock);
    CHECK(IoCancelIrp(irp));
    IoFreeIrp(irp);
}

static VOID FreeInUse(PDEVICE_OBJECT DeviceObject)
{
    PIRP irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);

    IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_SET_QUOTA;
    DeviceObject->DriverObject->MajorFunction[IRP_MJ_SET_QUOTA] = PendAndForget;
    CHECK_EQUAL(IoCallDriver(DeviceObject, irp), STATUS_PENDING);
    IoFreeIrp(irp);
}

static VOID WaitAtDispatch(VOID)
{
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    KeWaitForSingleObject(&Never, Executive, KernelMode, FALSE, NULL);
    KeLowerIrql(irql);
}

static VOID LeaveThread(VOID)
{
    HANDLE thread;

    CHECK_EQUAL(PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, WaitForEver, NULL), STATUS_SUCCESS);
    ZwClose(thread);
}

static VOID LeaveLink(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" FRAME_WIDE(TEST_NAME));
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\PwMisuseLeft");

    CHECK_EQUAL(IoCreateSymbolicLink(&link, &name), STATUS_SUCCESS);
}

static VOID LeaveHandle(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE event;

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
}

static VOID LeaveMapping(VOID)
{
    PVOID block = ExAllocatePoolWithTag(NonPagedPoolNx, PAGE_SIZE, 'Leak');
    PMDL mdl = IoAllocateMdl(block, PAGE_SIZE, FALSE, FALSE, NULL);

    MmBuildMdlForNonPagedPool(mdl);
    CHECK(MmMapLockedPagesSpecifyCache(mdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority) != NULL);
}

/* Requests that this routine completes or pends by itself; the frame completes the others. */
static NTSTATUS NTAPI OnControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    unsigned int way = MISUSE_NOTHING;
    PIRP irp;
    KIRQL irql;

    if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_MISUSE) {
        return FrameControl(DeviceObject, Irp);
    }
    if (stack->Parameters.DeviceIoControl.InputBufferLength >= sizeof(way)) {
        way = *(unsigned int *)Irp->AssociatedIrp.SystemBuffer;
    }
    switch (way) {
    case MISUSE_COMPLETE_TWICE:
        (VOID)FrameComplete(Irp, STATUS_SUCCESS, 0);
        return FrameComplete(Irp, STATUS_SUCCESS, 0);
    case MISUSE_COMPLETE_PENDED_TWICE:
        IoMarkIrpPending(Irp);
        Later = IoAllocateWorkItem(DeviceObject);
        IoQueueWorkItem(Later, CompleteLater, DelayedWorkQueue, Irp);
        return STATUS_PENDING;
    case MISUSE_NOT_MARKED:
        Later = IoAllocateWorkItem(DeviceObject);
        IoQueueWorkItem(Later, CompleteOnce, DelayedWorkQueue, Irp);
        return STATUS_PENDING;
    case MISUSE_OTHER_STATUS:
        (VOID)FrameComplete(Irp, STATUS_UNSUCCESSFUL, 0);
        return STATUS_SUCCESS;
    case MISUSE_COMPLETE_CANCELABLE:
        IoSetCancelRoutine(Irp, OnCancel);
        return FrameComplete(Irp, STATUS_SUCCESS, 0);
    case MISUSE_FREE_IN_USE:
        FreeInUse(DeviceObject);
        break;
    case MISUSE_CANCEL_KEEPS_LOCK:
        CancelOwn(DeviceObject);
        break;
    case MISUSE_WAIT_AT_DISPATCH:
        WaitAtDispatch();
        break;
    case MISUSE_LEAK:
        LeakPool(DeviceObject);
        break;
    case MISUSE_LEAVE_TIMER: {
        LARGE_INTEGER due;

        due.QuadPart = -36000000000LL; /* an hour */
        KeInitializeTimer(&Timer);
        KeInitializeDpc(&Dpc, Tick, NULL);
        KeSetTimer(&Timer, due, &Dpc);
        break;
    }
    case MISUSE_LEAVE_WORK:
        ExInitializeWorkItem(&Work, WaitForEver, NULL);
        ExQueueWorkItem(&Work, DelayedWorkQueue);
        break;
    case MISUSE_LEAVE_THREAD:
        LeaveThread();
        break;
    case MISUSE_NOT_COMPLETED:
        return STATUS_SUCCESS;
    case MISUSE_COMPLETE_PENDING:
        (VOID)FrameComplete(Irp, STATUS_PENDING, 0);
        return STATUS_PENDING;
    case MISUSE_FREE_TWICE:
        irp = IoAllocateIrp(1, FALSE);
        IoFreeIrp(irp);
        IoFreeIrp(irp);
        break;
    case MISUSE_NEVER_COMPLETE:
        return PendAndForget(DeviceObject, Irp);
    case MISUSE_LEAVE_LINK:
        LeaveLink();
        break;
    case MISUSE_LEAVE_HANDLE:
        LeaveHandle();
        break;
    case MISUSE_KEEP_REGION:
        KeEnterCriticalRegion();
        break;
    case MISUSE_KEEP_IRQL:
        KeRaiseIrql(APC_LEVEL, &irql);
        break;
    case MISUSE_LEAVE_MAPPING:
        LeaveMapping();
        break;
    default:
        break;
    }
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    KeInitializeEvent(&Never, NotificationEvent, FALSE);
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = OnControl;
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Stack);
    return STATUS_INVALID_DEVICE_REQUEST;
}
