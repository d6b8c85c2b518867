/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel queues, Ex timers, threaded DPCs, absolute timers, numbered locks, routines on all processors, affinity. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static LARGE_INTEGER Patience(VOID)
{
    LARGE_INTEGER time;

    time.QuadPart = -20LL * 10000000LL;
    return time;
}

/* ----------------------------------------------------------------------------------------------- kernel queues */

typedef struct _QUEUE_ENTRY {
    LIST_ENTRY Link;
    ULONG Value;
} QUEUE_ENTRY;

static KQUEUE Queue;
static KEVENT WorkerDone;
static volatile LONG WorkerSum;

static KSTART_ROUTINE QueueWorker;
static VOID QueueWorker(PVOID Context)
{
    ULONG value;

    UNREFERENCED_PARAMETER(Context);
    do {
        PLIST_ENTRY entry = KeRemoveQueue(&Queue, KernelMode, NULL);

        value = CONTAINING_RECORD(entry, QUEUE_ENTRY, Link)->Value;
        InterlockedExchangeAdd(&WorkerSum, (LONG)value);
    } while (value != 0);
    KeSetEvent(&WorkerDone, IO_NO_INCREMENT, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Queues(VOID)
{
    static QUEUE_ENTRY entries[20];
    LARGE_INTEGER none;
    LARGE_INTEGER patience = Patience();
    PLIST_ENTRY first;
    HANDLE thread;
    ULONG i;

    none.QuadPart = 0;
    KeInitializeQueue(&Queue, 1);
    CHECK_EQUAL(KeReadStateQueue(&Queue), 0);
    CHECK_EQUAL((NTSTATUS)(LONG_PTR)KeRemoveQueue(&Queue, KernelMode, &none), STATUS_TIMEOUT);
    entries[0].Value = 1;
    entries[1].Value = 2;
    CHECK_EQUAL(KeInsertQueue(&Queue, &entries[0].Link), 0);
    CHECK_EQUAL(KeInsertHeadQueue(&Queue, &entries[1].Link), 1);
    CHECK(KeRemoveQueue(&Queue, KernelMode, &none) == &entries[1].Link);
    CHECK_EQUAL(KeReadStateQueue(&Queue), 1);
    first = KeRundownQueue(&Queue);
    CHECK(first == &entries[0].Link);
    CHECK(first->Flink == first);

    KeInitializeQueue(&Queue, 0);
    KeInitializeEvent(&WorkerDone, NotificationEvent, FALSE);
    WorkerSum = 0;
    CHECK_EQUAL(PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, QueueWorker, NULL), STATUS_SUCCESS);
    for (i = 0; i < 20; ++i) {
        entries[i].Value = 19 - i;
        KeInsertQueue(&Queue, &entries[i].Link);
    }
    CHECK_EQUAL(KeWaitForSingleObject(&WorkerDone, Executive, KernelMode, FALSE, &patience), STATUS_SUCCESS);
    CHECK_EQUAL(WorkerSum, 190);
    ZwClose(thread);
    CHECK(KeRundownQueue(&Queue) == NULL);
}

/* ---------------------------------------------------------------------------------------------------- Ex timers */

static volatile LONG TimerCalls;
static KIRQL TimerIrql;

static EXT_CALLBACK TimerCallback;
static VOID TimerCallback(PEX_TIMER Timer, PVOID Context)
{
    UNREFERENCED_PARAMETER(Timer);
    TimerIrql = KeGetCurrentIrql();
    InterlockedIncrement(&TimerCalls);
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
}

static VOID ExTimers(VOID)
{
    LARGE_INTEGER patience = Patience();
    PEX_TIMER timer;
    KEVENT called;

    KeInitializeEvent(&called, SynchronizationEvent, FALSE);
    TimerCalls = 0;
    timer = ExAllocateTimer(TimerCallback, &called, 0);
    CHECK(timer != NULL);
    CHECK(!ExCancelTimer(timer, NULL));
    CHECK(!ExSetTimer(timer, -10000LL, 0, NULL));
    CHECK_EQUAL(KeWaitForSingleObject(&called, Executive, KernelMode, FALSE, &patience), STATUS_SUCCESS);
    CHECK_EQUAL(TimerIrql, DISPATCH_LEVEL);
    CHECK_EQUAL(TimerCalls, 1);
    /* Again and again. */
    CHECK(!ExSetTimer(timer, -10000LL, 10000LL, NULL));
    CHECK_EQUAL(KeWaitForSingleObject(&called, Executive, KernelMode, FALSE, &patience), STATUS_SUCCESS);
    CHECK_EQUAL(KeWaitForSingleObject(&called, Executive, KernelMode, FALSE, &patience), STATUS_SUCCESS);
    CHECK(ExCancelTimer(timer, NULL));
    CHECK(!ExSetTimer(timer, -36000000000LL, 0, NULL));
    CHECK(ExSetTimer(timer, -36000000000LL, 0, NULL));
    /* Deleted while it is set: cancelled, and its callback does not run any more. */
    CHECK(ExDeleteTimer(timer, TRUE, TRUE, NULL));
}

/* -------------------------------------------------------------------------------------------------------- DPCs */

static KDPC ThreadedDpc;
static KIRQL ThreadedIrql;

static KDEFERRED_ROUTINE OnThreadedDpc;
static VOID OnThreadedDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    LARGE_INTEGER instant;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    ThreadedIrql = KeGetCurrentIrql();
    if (ThreadedIrql == PASSIVE_LEVEL) {
        /* It may wait, if it runs as a thread. (A system may have them disabled: then it is an ordinary DPC.) */
        instant.QuadPart = -1;
        CHECK_EQUAL(KeDelayExecutionThread(KernelMode, FALSE, &instant), STATUS_SUCCESS);
    }
    InterlockedIncrement((volatile LONG *)Context);
}

static VOID ThreadedDpcs(VOID)
{
    volatile LONG runs = 0;

    KeInitializeThreadedDpc(&ThreadedDpc, OnThreadedDpc, (PVOID)&runs);
    CHECK(KeInsertQueueDpc(&ThreadedDpc, NULL, NULL));
    KeFlushQueuedDpcs();
    CHECK_EQUAL(runs, 1);
    CHECK(ThreadedIrql == PASSIVE_LEVEL || ThreadedIrql == DISPATCH_LEVEL);
    CHECK(!KeRemoveQueueDpc(&ThreadedDpc));
}

static volatile LONG64 SeenProcessors;

static KIPI_BROADCAST_WORKER OnEveryProcessor;
static ULONG_PTR OnEveryProcessor(ULONG_PTR Argument)
{
    CHECK_EQUAL(KeGetCurrentIrql(), IPI_LEVEL);
    InterlockedOr64(&SeenProcessors, 1LL << KeGetCurrentProcessorNumberEx(NULL));
    return Argument + 1;
}

static VOID Processors(VOID)
{
    GROUP_AFFINITY wanted;
    GROUP_AFFINITY previous;
    PROCESSOR_NUMBER number;
    ULONG count = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
    ULONG i;

    SeenProcessors = 0;
    CHECK_EQUAL(KeIpiGenericCall(OnEveryProcessor, 41), 42);
    CHECK(SeenProcessors == (LONG64)KeQueryGroupAffinity(0));
    for (i = 0; i < count; ++i) {
        CHECK_EQUAL(KeGetProcessorNumberFromIndex(i, &number), STATUS_SUCCESS);
        RtlZeroMemory(&wanted, sizeof(wanted));
        wanted.Group = number.Group;
        wanted.Mask = (KAFFINITY)1 << number.Number;
        KeSetSystemGroupAffinityThread(&wanted, &previous);
        CHECK_EQUAL(previous.Mask, 0); /* there was no system affinity */
        CHECK_EQUAL(KeGetCurrentProcessorNumberEx(NULL), i);
        KeRevertToUserGroupAffinityThread(&previous);
    }
    CHECK_EQUAL(KeGetProcessorNumberFromIndex(count, &number), STATUS_INVALID_PARAMETER);
}

/* ------------------------------------------------------------------------------------------------ locks and stack */

static VOID NTAPI OnBigStack(PVOID Parameter);
static VOID NTAPI OnBigStack(PVOID Parameter)
{
    volatile UCHAR big[32 * 1024];
    ULONG i;

    for (i = 0; i < sizeof(big); i += 512) {
        big[i] = (UCHAR)i;
    }
    *(PULONG)Parameter = 7 + big[512] - big[512];
}

static VOID LocksAndStack(VOID)
{
    PEX_RUNDOWN_REF_CACHE_AWARE rundown = ExAllocateCacheAwareRundownProtection(NonPagedPool, 'dRwP');
    ULONG value = 0;
    KIRQL irql;

    CHECK(rundown != NULL);
    CHECK(ExAcquireRundownProtectionCacheAware(rundown));
    ExReleaseRundownProtectionCacheAware(rundown);
    ExWaitForRundownProtectionReleaseCacheAware(rundown);
    CHECK(!ExAcquireRundownProtectionCacheAware(rundown));
    ExFreeCacheAwareRundownProtection(rundown);

    irql = KeAcquireQueuedSpinLock(LockQueueVacbLock);
    CHECK_EQUAL(irql, PASSIVE_LEVEL);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    KeReleaseQueuedSpinLock(LockQueueVacbLock, irql);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);

    CHECK_EQUAL(KeExpandKernelStackAndCallout(OnBigStack, &value, 40 * 1024), STATUS_SUCCESS);
    CHECK_EQUAL(value, 7);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RUN) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    Queues();
    ExTimers();
    ThreadedDpcs();
    Processors();
    LocksAndStack();
    return STATUS_SUCCESS;
}
