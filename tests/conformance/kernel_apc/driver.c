/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Kernel APCs as the pages "Types of APCs", "Disabling APCs" and "Waits and APCs" describe them. No header declares the
 * routines that queue them: drivers that use them have these lines.
 */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

typedef enum _KAPC_ENVIRONMENT {
    OriginalApcEnvironment,
    AttachedApcEnvironment,
    CurrentApcEnvironment,
    InsertApcEnvironment
} KAPC_ENVIRONMENT;

typedef VOID (NTAPI *APC_NORMAL)(PVOID NormalContext, PVOID SystemArgument1, PVOID SystemArgument2);
typedef VOID (NTAPI *APC_KERNEL)(struct _KAPC *Apc, APC_NORMAL *NormalRoutine, PVOID *NormalContext,
                                 PVOID *SystemArgument1, PVOID *SystemArgument2);
typedef VOID (NTAPI *APC_RUNDOWN)(struct _KAPC *Apc);

NTKERNELAPI VOID NTAPI KeInitializeApc(PKAPC Apc, PKTHREAD Thread, KAPC_ENVIRONMENT Environment, APC_KERNEL KernelRoutine,
                                       APC_RUNDOWN RundownRoutine, APC_NORMAL NormalRoutine, KPROCESSOR_MODE ApcMode,
                                       PVOID NormalContext);
NTKERNELAPI BOOLEAN NTAPI KeInsertQueueApc(PKAPC Apc, PVOID SystemArgument1, PVOID SystemArgument2, KPRIORITY Increment);

static PETHREAD Target;
static KEVENT Release;
static KEVENT SpecialRan;
static KAPC TargetSpecial;
static KAPC TargetNormal;
static volatile LONG Special;
static volatile LONG Normal;

/* --- the calling thread alone */

static ULONG Order[16];
static ULONG OrderCount;

static VOID Add(ULONG Value)
{
    if (OrderCount < 16) {
        Order[OrderCount++] = Value;
    }
}

static VOID NTAPI SelfSpecial(struct _KAPC *Apc, APC_NORMAL *NormalRoutine, PVOID *NormalContext, PVOID *Argument1,
                              PVOID *Argument2)
{
    UNREFERENCED_PARAMETER(Apc);
    UNREFERENCED_PARAMETER(NormalContext);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    CHECK(KeAreAllApcsDisabled());
    CHECK(*NormalRoutine == NULL);
    Add((ULONG)(ULONG_PTR)*Argument1);
}

static VOID NTAPI SelfKernel(struct _KAPC *Apc, APC_NORMAL *NormalRoutine, PVOID *NormalContext, PVOID *Argument1,
                             PVOID *Argument2)
{
    UNREFERENCED_PARAMETER(Apc);
    UNREFERENCED_PARAMETER(Argument1);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    CHECK(*NormalRoutine != NULL);
    CHECK(*NormalContext == (PVOID)Order);
    *Argument2 = (PVOID)(ULONG_PTR)7; /* it may change what the normal routine gets */
}

static VOID NTAPI SelfNormal(PVOID Context, PVOID Argument1, PVOID Argument2)
{
    CHECK(Context == (PVOID)Order);
    CHECK_EQUAL((ULONG_PTR)Argument2, 7);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK(!KeAreAllApcsDisabled());
    Add((ULONG)(ULONG_PTR)Argument1);
}

static VOID InitSpecial(PKAPC Apc)
{
    KeInitializeApc(Apc, KeGetCurrentThread(), OriginalApcEnvironment, SelfSpecial, NULL, NULL, KernelMode, NULL);
}

static VOID InitNormal(PKAPC Apc)
{
    KeInitializeApc(Apc, KeGetCurrentThread(), OriginalApcEnvironment, SelfKernel, NULL, SelfNormal, KernelMode, Order);
}

static VOID CheckOrder(ULONG Count, ULONG First, ULONG Second, ULONG Third)
{
    CHECK_EQUAL(OrderCount, Count);
    CHECK(Count < 1 || Order[0] == First);
    CHECK(Count < 2 || Order[1] == Second);
    CHECK(Count < 3 || Order[2] == Third);
}

static VOID Self(VOID)
{
    KAPC special;
    KAPC normal;
    KAPC second;
    KMUTEX mutex;
    KIRQL irql;

    InitSpecial(&special);
    InitSpecial(&second);
    InitNormal(&normal);

    /* To the running thread: it has run when the call returns. */
    OrderCount = 0;
    CHECK(!KeAreApcsDisabled());
    CHECK(!KeAreAllApcsDisabled());
    CHECK(KeInsertQueueApc(&special, (PVOID)(ULONG_PTR)1, NULL, 0));
    CheckOrder(1, 1, 0, 0);
    CHECK(KeInsertQueueApc(&normal, (PVOID)(ULONG_PTR)2, NULL, 0));
    CheckOrder(2, 1, 2, 0);

    /* A critical region keeps back normal ones only. */
    OrderCount = 0;
    KeEnterCriticalRegion();
    CHECK(KeAreApcsDisabled());
    CHECK(!KeAreAllApcsDisabled());
    CHECK(KeInsertQueueApc(&normal, (PVOID)(ULONG_PTR)1, NULL, 0));
    CHECK(!KeInsertQueueApc(&normal, (PVOID)(ULONG_PTR)9, NULL, 0)); /* it is queued */
    CHECK(KeInsertQueueApc(&special, (PVOID)(ULONG_PTR)2, NULL, 0));
    CheckOrder(1, 2, 0, 0);
    KeEnterCriticalRegion();
    KeLeaveCriticalRegion();
    CheckOrder(1, 2, 0, 0);
    KeLeaveCriticalRegion();
    CheckOrder(2, 2, 1, 0);

    /* A guarded region keeps back all; special ones come first afterwards. */
    OrderCount = 0;
    KeEnterGuardedRegion();
    CHECK(KeAreApcsDisabled());
    CHECK(KeAreAllApcsDisabled());
    CHECK(KeInsertQueueApc(&normal, (PVOID)(ULONG_PTR)1, NULL, 0));
    CHECK(KeInsertQueueApc(&special, (PVOID)(ULONG_PTR)2, NULL, 0));
    CHECK(KeInsertQueueApc(&second, (PVOID)(ULONG_PTR)3, NULL, 0));
    CheckOrder(0, 0, 0, 0);
    KeLeaveGuardedRegion();
    CheckOrder(3, 2, 3, 1);

    /* So does APC_LEVEL. */
    OrderCount = 0;
    KeRaiseIrql(APC_LEVEL, &irql);
    CHECK(!KeAreApcsDisabled());
    CHECK(KeAreAllApcsDisabled());
    CHECK(KeInsertQueueApc(&normal, (PVOID)(ULONG_PTR)1, NULL, 0));
    CHECK(KeInsertQueueApc(&special, (PVOID)(ULONG_PTR)2, NULL, 0));
    CheckOrder(0, 0, 0, 0);
    KeLowerIrql(irql);
    CheckOrder(2, 2, 1, 0);

    /* And who owns a mutex is in a critical region. */
    OrderCount = 0;
    KeInitializeMutex(&mutex, 0);
    CHECK_EQUAL(KeWaitForSingleObject(&mutex, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK(KeAreApcsDisabled());
    CHECK(KeInsertQueueApc(&normal, (PVOID)(ULONG_PTR)1, NULL, 0));
    CheckOrder(0, 0, 0, 0);
    CHECK_EQUAL(KeReleaseMutex(&mutex, FALSE), 0);
    CheckOrder(1, 1, 0, 0);
    CHECK(!KeAreApcsDisabled());
}

/* --- another thread */

static VOID NTAPI OnSpecial(struct _KAPC *Apc, APC_NORMAL *NormalRoutine, PVOID *NormalContext, PVOID *Argument1,
                            PVOID *Argument2)
{
    UNREFERENCED_PARAMETER(Apc);
    UNREFERENCED_PARAMETER(NormalRoutine);
    UNREFERENCED_PARAMETER(NormalContext);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK(PsGetCurrentThread() == Target);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    InterlockedIncrement(&Special);
    KeSetEvent(&SpecialRan, IO_NO_INCREMENT, FALSE);
}

static VOID NTAPI OnKernel(struct _KAPC *Apc, APC_NORMAL *NormalRoutine, PVOID *NormalContext, PVOID *Argument1,
                           PVOID *Argument2)
{
    UNREFERENCED_PARAMETER(Apc);
    UNREFERENCED_PARAMETER(NormalRoutine);
    UNREFERENCED_PARAMETER(NormalContext);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK(PsGetCurrentThread() == Target);
}

static VOID NTAPI OnNormal(PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    InterlockedIncrement(&Normal);
}

static VOID ReadSeen(KAPC_SEEN *Seen, NTSTATUS Status)
{
    Seen->Status = Status;
    Seen->Special = (unsigned int)Special;
    Seen->Normal = (unsigned int)Normal;
}

static VOID BecomeTarget(VOID)
{
    PETHREAD thread = PsGetCurrentThread();

    ObReferenceObject(thread);
    Special = 0;
    Normal = 0;
    KeClearEvent(&Release);
    KeClearEvent(&SpecialRan);
    Target = thread;
}

static VOID ForgetTarget(VOID)
{
    if (Target != NULL) {
        ObDereferenceObject(Target);
        Target = NULL;
    }
}

static NTSTATUS Wait(KAPC_SEEN *Seen, unsigned int How)
{
    NTSTATUS status;

    if ((How & KAPC_IN_REGION) != 0) {
        KeEnterCriticalRegion();
    }
    BecomeTarget();
    status = KeWaitForSingleObject(&Release, Executive, KernelMode, FALSE, NULL);
    ReadSeen(Seen, status);
    if ((How & KAPC_IN_REGION) != 0) {
        KeLeaveCriticalRegion();
        CHECK_EQUAL(Normal, 1); /* it was kept back */
    }
    ForgetTarget();
    return STATUS_SUCCESS;
}

static NTSTATUS Queue(KAPC_SEEN *Seen)
{
    LARGE_INTEGER timeout;
    NTSTATUS status;

    if (Target == NULL) {
        return STATUS_DEVICE_NOT_READY;
    }
    timeout.QuadPart = -100000000LL;
    KeInitializeApc(&TargetNormal, (PKTHREAD)Target, OriginalApcEnvironment, OnKernel, NULL, OnNormal, KernelMode, NULL);
    KeInitializeApc(&TargetSpecial, (PKTHREAD)Target, OriginalApcEnvironment, OnSpecial, NULL, NULL, KernelMode, NULL);
    CHECK(KeInsertQueueApc(&TargetNormal, NULL, NULL, 0));
    CHECK(KeInsertQueueApc(&TargetSpecial, NULL, NULL, 0));
    status = KeWaitForSingleObject(&SpecialRan, Executive, KernelMode, FALSE, &timeout);
    ReadSeen(Seen, status);
    return STATUS_SUCCESS;
}

/* --- user mode */

static VOID NTAPI OnUserKernel(struct _KAPC *Apc, APC_NORMAL *NormalRoutine, PVOID *NormalContext, PVOID *Argument1,
                               PVOID *Argument2)
{
    UNREFERENCED_PARAMETER(NormalRoutine);
    UNREFERENCED_PARAMETER(NormalContext);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK_EQUAL(KeGetCurrentIrql(), APC_LEVEL);
    ExFreePoolWithTag(Apc, TEST_TAG);
}

static NTSTATUS QueueUser(const KAPC_USER *User)
{
    PKAPC apc = (PKAPC)ExAllocatePoolWithTag(NonPagedPool, sizeof(*apc), TEST_TAG);

    if (apc == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeInitializeApc(apc, KeGetCurrentThread(), OriginalApcEnvironment, OnUserKernel, NULL,
                    (APC_NORMAL)(ULONG_PTR)User->Routine, UserMode, (PVOID)(ULONG_PTR)User->Context);
    if (!KeInsertQueueApc(apc, (PVOID)(ULONG_PTR)User->Argument1, (PVOID)(ULONG_PTR)User->Argument2, 0)) {
        ExFreePoolWithTag(apc, TEST_TAG);
        return STATUS_UNSUCCESSFUL;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    KeInitializeEvent(&Release, NotificationEvent, FALSE);
    KeInitializeEvent(&SpecialRan, NotificationEvent, FALSE);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    ForgetTarget();
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG input = Stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG output = Stack->Parameters.DeviceIoControl.OutputBufferLength;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_KAPC_SELF:
        Self();
        return STATUS_SUCCESS;
    case IOCTL_KAPC_WAIT:
        if (input < sizeof(unsigned int) || output < sizeof(KAPC_SEEN)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        Irp->IoStatus.Information = sizeof(KAPC_SEEN);
        return Wait((KAPC_SEEN *)buffer, *(unsigned int *)buffer);
    case IOCTL_KAPC_QUEUE:
        if (output < sizeof(KAPC_SEEN)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        Irp->IoStatus.Information = sizeof(KAPC_SEEN);
        return Queue((KAPC_SEEN *)buffer);
    case IOCTL_KAPC_RELEASE:
        KeSetEvent(&Release, IO_NO_INCREMENT, FALSE);
        return STATUS_SUCCESS;
    case IOCTL_KAPC_TARGET:
        BecomeTarget();
        return STATUS_SUCCESS;
    case IOCTL_KAPC_FORGET:
        ForgetTarget();
        return STATUS_SUCCESS;
    case IOCTL_KAPC_USER:
        if (input < sizeof(KAPC_USER)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        return QueueUser((KAPC_USER *)buffer);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
