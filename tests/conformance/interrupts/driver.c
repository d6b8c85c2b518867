/* SPDX-License-Identifier: Apache-2.0 */
/*
 * IoConnectInterrupt, IoConnectInterruptEx, KeSynchronizeExecution, the interrupt spin lock, and the classic way of a
 * request that waits for its device: ISR, DPC, completion. The device itself is simulated (partywall/device.h): Raise() is
 * what hardware does on Windows.
 */
#include <ntddk.h>
#include <partywall/device.h>

#include "public.h"

#include "frame/driver_frame.h"

#define LINE_VECTOR 0x61
#define LINE_IRQL 6
#define SHARED_VECTOR 0x62
#define MESSAGE_VECTOR 0x64

static PKINTERRUPT Line;
static KDPC Dpc;
static KSPIN_LOCK QueueLock;
static PIRP Waiting;

/* Guarded by the interrupt spin lock of Line. */
static ULONG Interrupts;
static ULONG Counter;
static volatile LONG InCritical;
static volatile LONG Collisions;

static BOOLEAN Raise(ULONG Vector)
{
    return pw_raise_interrupt(Vector);
}

static VOID Critical(VOID)
{
    if (InterlockedIncrement(&InCritical) != 1) {
        InterlockedIncrement(&Collisions);
    }
    ++Counter;
    InterlockedDecrement(&InCritical);
}

static KSERVICE_ROUTINE Service;
static BOOLEAN Service(PKINTERRUPT Interrupt, PVOID Context)
{
    CHECK(Interrupt == Line);
    CHECK(Context == &Interrupts);
    CHECK_EQUAL(KeGetCurrentIrql(), LINE_IRQL);
    ++Interrupts;
    Critical();
    KeInsertQueueDpc(&Dpc, (PVOID)(ULONG_PTR)Interrupts, NULL);
    return TRUE;
}

static KDEFERRED_ROUTINE DpcForIsr;
static VOID DpcForIsr(PKDPC Object, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PIRP irp;

    UNREFERENCED_PARAMETER(Object);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeAcquireSpinLockAtDpcLevel(&QueueLock);
    irp = Waiting;
    if (irp != NULL && IoSetCancelRoutine(irp, NULL) != NULL) {
        Waiting = NULL;
    } else {
        irp = NULL;
    }
    KeReleaseSpinLockFromDpcLevel(&QueueLock);
    if (irp != NULL) {
        *(ULONG *)irp->AssociatedIrp.SystemBuffer = (ULONG)(ULONG_PTR)Argument1;
        (VOID)FrameComplete(irp, STATUS_SUCCESS, sizeof(ULONG));
    }
}

static DRIVER_CANCEL CancelWait;
static VOID CancelWait(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    KIRQL irql;

    UNREFERENCED_PARAMETER(DeviceObject);
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&QueueLock, &irql);
    if (Waiting == Irp) {
        Waiting = NULL;
    }
    KeReleaseSpinLock(&QueueLock, irql);
    (VOID)FrameComplete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS WaitForDevice(PIRP Irp)
{
    KIRQL irql;

    KeAcquireSpinLock(&QueueLock, &irql);
    if (Waiting != NULL) {
        KeReleaseSpinLock(&QueueLock, irql);
        return STATUS_DEVICE_BUSY;
    }
    IoMarkIrpPending(Irp);
    IoSetCancelRoutine(Irp, CancelWait);
    if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
        KeReleaseSpinLock(&QueueLock, irql);
        (VOID)FrameComplete(Irp, STATUS_CANCELLED, 0);
        return STATUS_PENDING;
    }
    Waiting = Irp;
    KeReleaseSpinLock(&QueueLock, irql);
    return STATUS_PENDING;
}

/* --- KeSynchronizeExecution */

static KSYNCHRONIZE_ROUTINE Synchronized;
static BOOLEAN Synchronized(PVOID Context)
{
    CHECK_EQUAL(KeGetCurrentIrql(), LINE_IRQL);
    Critical();
    return *(BOOLEAN *)Context;
}

static KSYNCHRONIZE_ROUTINE RaisesInside;
static BOOLEAN RaisesInside(PVOID Context)
{
    /* The interrupt cannot come in between: it comes when the IRQL falls. */
    *(ULONG *)Context = Interrupts;
    Raise(LINE_VECTOR);
    return *(ULONG *)Context == Interrupts;
}

static VOID Synchronize(VOID)
{
    BOOLEAN answer = FALSE;
    ULONG before = 0;
    KIRQL irql;

    CHECK(!KeSynchronizeExecution(Line, Synchronized, &answer));
    answer = TRUE;
    CHECK(KeSynchronizeExecution(Line, Synchronized, &answer));
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK(KeSynchronizeExecution(Line, RaisesInside, &before));
    CHECK_EQUAL(Interrupts, before + 1);
    irql = KeAcquireInterruptSpinLock(Line);
    CHECK_EQUAL(irql, PASSIVE_LEVEL);
    CHECK_EQUAL(KeGetCurrentIrql(), LINE_IRQL);
    before = Interrupts;
    Raise(LINE_VECTOR);
    CHECK_EQUAL(Interrupts, before);
    KeReleaseInterruptSpinLock(Line, irql);
    CHECK_EQUAL(Interrupts, before + 1);
    /* DISPATCH_LEVEL does not keep a device's interrupt back; its DPC it does. */
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(Raise(LINE_VECTOR));
    CHECK_EQUAL(Interrupts, before + 2);
    KeLowerIrql(irql);
}

/* --- a line that two drivers share: whose device it is, says so */

static PKINTERRUPT SharedFirst;
static PKINTERRUPT SharedSecond;
static ULONG Mine;   /* whose turn: 1, 2, 0: nobody's */
static ULONG Asked;

static KSERVICE_ROUTINE ServiceFirst;
static BOOLEAN ServiceFirst(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    Asked = Asked * 10 + 1;
    return Mine == 1;
}

static KSERVICE_ROUTINE ServiceSecond;
static BOOLEAN ServiceSecond(PKINTERRUPT Interrupt, PVOID Context)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    Asked = Asked * 10 + 2;
    return Mine == 2;
}

static VOID Shared(VOID)
{
    PKINTERRUPT alone = NULL;

    CHECK_EQUAL(IoConnectInterrupt(&SharedFirst, ServiceFirst, NULL, NULL, SHARED_VECTOR, 5, 5, LevelSensitive, TRUE, 1, FALSE),
                STATUS_SUCCESS);
    CHECK_EQUAL(IoConnectInterrupt(&SharedSecond, ServiceSecond, NULL, NULL, SHARED_VECTOR, 5, 5, LevelSensitive, TRUE, 1,
                                   FALSE),
                STATUS_SUCCESS);
    /* Who would not share gets nothing. */
    CHECK(!NT_SUCCESS(IoConnectInterrupt(&alone, ServiceFirst, NULL, NULL, SHARED_VECTOR, 5, 5, LevelSensitive, FALSE, 1,
                                         FALSE)));
    Mine = 2;
    Asked = 0;
    CHECK(Raise(SHARED_VECTOR));
    CHECK(Asked == 12 || Asked == 2);
    Mine = 0;
    Asked = 0;
    CHECK(!Raise(SHARED_VECTOR)); /* all were asked, nobody's device it was */
    CHECK_EQUAL(Asked % 10 + Asked / 10, 3);
    IoDisconnectInterrupt(SharedFirst);
    Mine = 2;
    Asked = 0;
    CHECK(Raise(SHARED_VECTOR));
    CHECK_EQUAL(Asked, 2);
    IoDisconnectInterrupt(SharedSecond);
    CHECK(!Raise(SHARED_VECTOR));
}

/* --- IoConnectInterruptEx */

static ULONG LastMessage;

static KMESSAGE_SERVICE_ROUTINE ServiceMessage;
static BOOLEAN ServiceMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG Message)
{
    UNREFERENCED_PARAMETER(Interrupt);
    UNREFERENCED_PARAMETER(Context);
    LastMessage = Message;
    return TRUE;
}

static VOID Messages(PDEVICE_OBJECT DeviceObject)
{
    IO_CONNECT_INTERRUPT_PARAMETERS connect;
    IO_DISCONNECT_INTERRUPT_PARAMETERS disconnect;
    PIO_INTERRUPT_MESSAGE_INFO table = NULL;
    ULONG i;

    RtlZeroMemory(&connect, sizeof(connect));
    connect.Version = CONNECT_MESSAGE_BASED;
    connect.MessageBased.PhysicalDeviceObject = DeviceObject;
    connect.MessageBased.ConnectionContext.InterruptMessageTable = &table;
    connect.MessageBased.MessageServiceRoutine = ServiceMessage;
    CHECK_EQUAL(IoConnectInterruptEx(&connect), STATUS_SUCCESS);
    CHECK_EQUAL(connect.Version, CONNECT_MESSAGE_BASED); /* not the fallback to a line */
    CHECK(table != NULL && table->MessageCount == 4);
    for (i = 0; i < 4; ++i) {
        LastMessage = 99;
        CHECK(Raise(MESSAGE_VECTOR + i));
        CHECK_EQUAL(LastMessage, i);
    }
    RtlZeroMemory(&disconnect, sizeof(disconnect));
    disconnect.Version = connect.Version;
    disconnect.ConnectionContext.InterruptMessageTable = table;
    IoDisconnectInterruptEx(&disconnect);
    CHECK(!Raise(MESSAGE_VECTOR));
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    pw_interrupt_line messages = {MESSAGE_VECTOR, 8, Latched, FALSE, 0, 4};

    UNREFERENCED_PARAMETER(DriverObject);
    KeInitializeSpinLock(&QueueLock);
    KeInitializeDpc(&Dpc, DpcForIsr, NULL);
    CHECK_EQUAL(pw_add_device_interrupt(DeviceObject, &messages), STATUS_SUCCESS);
    return IoConnectInterrupt(&Line, Service, &Interrupts, NULL, LINE_VECTOR, LINE_IRQL, LINE_IRQL, Latched, FALSE,
                              KeQueryActiveProcessors(), FALSE);
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (Line != NULL) {
        IoDisconnectInterrupt(Line);
        Line = NULL;
    }
    KeRemoveQueueDpc(&Dpc);
    KeFlushQueuedDpcs();
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG output = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    BOOLEAN answer = TRUE;
    ULONG i;

    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_INTERRUPT_SELF:
        Synchronize();
        Shared();
        Messages(DeviceObject);
        return STATUS_SUCCESS;
    case IOCTL_INTERRUPT_WAIT:
        return output < sizeof(ULONG) ? STATUS_BUFFER_TOO_SMALL : WaitForDevice(Irp);
    case IOCTL_INTERRUPT_RAISE:
        CHECK(Raise(LINE_VECTOR));
        return STATUS_SUCCESS;
    case IOCTL_INTERRUPT_RACE:
        if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        for (i = 0; i < *(ULONG *)buffer; ++i) {
            CHECK(KeSynchronizeExecution(Line, Synchronized, &answer));
            CHECK(Raise(LINE_VECTOR));
        }
        return STATUS_SUCCESS;
    case IOCTL_INTERRUPT_COUNT:
        if (output < sizeof(INTERRUPT_COUNTS)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        ((INTERRUPT_COUNTS *)buffer)->Counter = Counter;
        ((INTERRUPT_COUNTS *)buffer)->Collisions = (unsigned int)Collisions;
        Irp->IoStatus.Information = sizeof(INTERRUPT_COUNTS);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
