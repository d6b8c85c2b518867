/* SPDX-License-Identifier: Apache-2.0 */
/* Reads and writes that end at once, pended, or in a DPC; and a wait of the driver that a user APC ends. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static KSPIN_LOCK QueueLock;
static LIST_ENTRY ForTheDpc;
static KTIMER Timer;
static KDPC Dpc;

static VOID EndTransfer(PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;
    ULONG length;

    if (stack->MajorFunction == IRP_MJ_READ) {
        length = stack->Parameters.Read.Length;
        status = (NTSTATUS)stack->Parameters.Read.ByteOffset.HighPart;
        RtlFillMemory(Irp->AssociatedIrp.SystemBuffer, length, APC_FILL);
    } else {
        length = stack->Parameters.Write.Length;
    }
    (VOID)FrameComplete(Irp, status, NT_ERROR(status) ? 0 : length);
}

static KDEFERRED_ROUTINE EndFromDpc;
static VOID EndFromDpc(PKDPC TimerDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
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
        EndTransfer(irp);
    }
}

static DRIVER_DISPATCH Transfer;
static NTSTATUS Transfer(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG how = stack->MajorFunction == IRP_MJ_READ ? stack->Parameters.Read.ByteOffset.LowPart : APC_HOW_DPC;
    LARGE_INTEGER due;
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->AssociatedIrp.SystemBuffer == NULL) {
        return FrameComplete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    if (how == APC_HOW_AT_ONCE) {
        NTSTATUS status = (NTSTATUS)stack->Parameters.Read.ByteOffset.HighPart;

        EndTransfer(Irp);
        return status;
    }
    IoMarkIrpPending(Irp);
    if (how == APC_HOW_PENDED) {
        EndTransfer(Irp);
        return STATUS_PENDING;
    }
    KeAcquireSpinLock(&QueueLock, &irql);
    InsertTailList(&ForTheDpc, &Irp->Tail.Overlay.ListEntry);
    KeReleaseSpinLock(&QueueLock, irql);
    due.QuadPart = -1000;
    KeSetTimer(&Timer, due, &Dpc);
    return STATUS_PENDING;
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    KeInitializeSpinLock(&QueueLock);
    InitializeListHead(&ForTheDpc);
    KeInitializeTimer(&Timer);
    KeInitializeDpc(&Dpc, EndFromDpc, NULL);
    DeviceObject->Flags |= DO_BUFFERED_IO;
    DriverObject->MajorFunction[IRP_MJ_READ] = Transfer;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = Transfer;
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    CHECK(IsListEmpty(&ForTheDpc));
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    KEVENT never;
    LARGE_INTEGER timeout;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_APC_WAIT) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(NTSTATUS)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    KeInitializeEvent(&never, NotificationEvent, FALSE);
    timeout.QuadPart = -100000000LL;
    status = KeWaitForSingleObject(&never, UserRequest, UserMode, TRUE, &timeout);
    *(NTSTATUS *)Irp->AssociatedIrp.SystemBuffer = status;
    Irp->IoStatus.Information = sizeof(NTSTATUS);
    return STATUS_SUCCESS;
}
