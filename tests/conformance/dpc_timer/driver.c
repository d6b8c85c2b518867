/* SPDX-License-Identifier: Apache-2.0 */
/* IRQL, spin locks, DPCs and timers. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

typedef struct _DPC_RECORD {
    KEVENT Ran; /* set by each run */
    LONG Runs;
    KIRQL Irql;
    PVOID Argument1;
    PVOID Argument2;
} DPC_RECORD;

/* Non-paged for as long as the driver is loaded. */
static KDPC Dpc;
static DPC_RECORD Record;
static KTIMER Timer;
static KSPIN_LOCK SpinLock;

static KDEFERRED_ROUTINE OnDpc;
static VOID OnDpc(PKDPC TheDpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    DPC_RECORD *record = (DPC_RECORD *)Context;
    LARGE_INTEGER now;

    CHECK(TheDpc == &Dpc);
    record->Irql = KeGetCurrentIrql();
    record->Argument1 = Argument1;
    record->Argument2 = Argument2;
    KeAcquireSpinLockAtDpcLevel(&SpinLock);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseSpinLockFromDpcLevel(&SpinLock);
    /* A wait of no time is allowed here. */
    now.QuadPart = 0;
    CHECK_EQUAL(KeWaitForSingleObject(&record->Ran, Executive, KernelMode, FALSE, &now), STATUS_TIMEOUT);
    InterlockedIncrement(&record->Runs);
    KeSetEvent(&record->Ran, IO_NO_INCREMENT, FALSE);
}

/* Waits until the DPC has run once more. The caller fails if it does not within ten seconds. */
static NTSTATUS WaitForDpc(VOID)
{
    LARGE_INTEGER patience;

    patience.QuadPart = -10LL * 10000000LL;
    return KeWaitForSingleObject(&Record.Ran, Executive, KernelMode, FALSE, &patience);
}

static VOID Irqls(VOID)
{
    KIRQL old;
    KIRQL older;

    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    KeRaiseIrql(APC_LEVEL, &old);
    CHECK_EQUAL(old, PASSIVE_LEVEL);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    KeRaiseIrql(DISPATCH_LEVEL, &older);
    CHECK_EQUAL(older, APC_LEVEL);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeLowerIrql(older);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    KeLowerIrql(old);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID SpinLocks(VOID)
{
    KSPIN_LOCK inner;
    KIRQL irql = HIGH_LEVEL;

    KeInitializeSpinLock(&inner);
    KeAcquireSpinLock(&SpinLock, &irql);
    CHECK_EQUAL(irql, PASSIVE_LEVEL);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeAcquireSpinLockAtDpcLevel(&inner);
    KeReleaseSpinLockFromDpcLevel(&inner);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseSpinLock(&SpinLock, irql);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID Dpcs(VOID)
{
    LONG before = Record.Runs;
    KIRQL irql;

    /* At DISPATCH_LEVEL a queued DPC of this processor cannot run: it stays in the queue, once. */
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(KeInsertQueueDpc(&Dpc, (PVOID)0x1111, (PVOID)0x2222));
    CHECK(!KeInsertQueueDpc(&Dpc, (PVOID)0x3333, (PVOID)0x4444));
    CHECK_EQUAL(Record.Runs, before);
    KeLowerIrql(irql);
    CHECK_EQUAL(WaitForDpc(), STATUS_SUCCESS);
    CHECK_EQUAL(Record.Runs, before + 1);
    CHECK_EQUAL(Record.Irql, DISPATCH_LEVEL);
    CHECK(Record.Argument1 == (PVOID)0x1111);
    CHECK(Record.Argument2 == (PVOID)0x2222);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    CHECK(KeInsertQueueDpc(&Dpc, NULL, NULL));
    CHECK(KeRemoveQueueDpc(&Dpc));
    CHECK(!KeRemoveQueueDpc(&Dpc));
    KeLowerIrql(irql);
    CHECK_EQUAL(Record.Runs, before + 1);
    CHECK(KeInsertQueueDpc(&Dpc, NULL, NULL));
    CHECK_EQUAL(WaitForDpc(), STATUS_SUCCESS);
    CHECK_EQUAL(Record.Runs, before + 2);
}

static VOID Timers(VOID)
{
    LONG before = Record.Runs;
    LARGE_INTEGER due;
    LARGE_INTEGER none;

    none.QuadPart = 0;
    KeInitializeTimer(&Timer);
    CHECK(!KeReadStateTimer(&Timer));
    CHECK(!KeCancelTimer(&Timer));

    /* An hour: set, set again, cancelled. */
    due.QuadPart = -36000000000LL;
    CHECK(!KeSetTimer(&Timer, due, &Dpc));
    CHECK(KeSetTimer(&Timer, due, &Dpc));
    CHECK_EQUAL(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &none), STATUS_TIMEOUT);
    CHECK(KeCancelTimer(&Timer));
    CHECK(!KeCancelTimer(&Timer));
    CHECK_EQUAL(Record.Runs, before);

    /* A millisecond: the DPC runs, and a notification timer stays signalled. */
    due.QuadPart = -10000LL;
    CHECK(!KeSetTimer(&Timer, due, &Dpc));
    CHECK_EQUAL(WaitForDpc(), STATUS_SUCCESS);
    CHECK_EQUAL(Record.Runs, before + 1);
    CHECK_EQUAL(Record.Irql, DISPATCH_LEVEL);
    CHECK(KeReadStateTimer(&Timer));
    CHECK_EQUAL(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &none), STATUS_SUCCESS);
    CHECK_EQUAL(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &none), STATUS_SUCCESS);
    CHECK(!KeCancelTimer(&Timer)); /* it has expired */

    /* Setting it again takes the signal away. A time in the past expires at once. */
    due.QuadPart = -36000000000LL;
    CHECK(!KeSetTimer(&Timer, due, NULL));
    CHECK(!KeReadStateTimer(&Timer));
    CHECK(KeCancelTimer(&Timer));
    due.QuadPart = 1; /* absolute, 1601 */
    CHECK(!KeSetTimer(&Timer, due, &Dpc));
    CHECK_EQUAL(WaitForDpc(), STATUS_SUCCESS);
    CHECK_EQUAL(Record.Runs, before + 2);

    /* A synchronization timer satisfies one wait. */
    KeInitializeTimerEx(&Timer, SynchronizationTimer);
    due.QuadPart = -10000LL;
    CHECK(!KeSetTimer(&Timer, due, NULL));
    CHECK_EQUAL(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(KeWaitForSingleObject(&Timer, Executive, KernelMode, FALSE, &none), STATUS_TIMEOUT);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RUN) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    KeInitializeEvent(&Record.Ran, SynchronizationEvent, FALSE);
    KeInitializeSpinLock(&SpinLock);
    KeInitializeDpc(&Dpc, OnDpc, &Record);
    Irqls();
    SpinLocks();
    Dpcs();
    Timers();
    return STATUS_SUCCESS;
}
