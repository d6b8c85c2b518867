/* SPDX-License-Identifier: Apache-2.0 */
/* Events, semaphores, waits with time-outs, waits for several objects, system threads. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static LARGE_INTEGER Relative(LONGLONG Milliseconds)
{
    LARGE_INTEGER time;

    time.QuadPart = -Milliseconds * 10000;
    return time;
}

static NTSTATUS WaitNow(PVOID Object)
{
    LARGE_INTEGER none;

    none.QuadPart = 0;
    return KeWaitForSingleObject(Object, Executive, KernelMode, FALSE, &none);
}

static VOID Events(VOID)
{
    KEVENT event;
    LARGE_INTEGER time = Relative(2);

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    CHECK_EQUAL(KeReadStateEvent(&event), 0);
    CHECK_EQUAL(WaitNow(&event), STATUS_TIMEOUT);
    CHECK_EQUAL(KeWaitForSingleObject(&event, UserRequest, KernelMode, FALSE, &time), STATUS_TIMEOUT);
    CHECK_EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    CHECK(KeSetEvent(&event, IO_NO_INCREMENT, FALSE) != 0);
    CHECK_EQUAL(WaitNow(&event), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(&event), STATUS_SUCCESS);
    CHECK(KeReadStateEvent(&event) != 0);
    CHECK(KeResetEvent(&event) != 0);
    CHECK_EQUAL(KeResetEvent(&event), 0);
    CHECK_EQUAL(WaitNow(&event), STATUS_TIMEOUT);

    KeInitializeEvent(&event, SynchronizationEvent, TRUE);
    CHECK_EQUAL(WaitNow(&event), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(&event), STATUS_TIMEOUT);
    CHECK_EQUAL(KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
    KeClearEvent(&event);
    CHECK_EQUAL(WaitNow(&event), STATUS_TIMEOUT);
}

static VOID Semaphores(VOID)
{
    KSEMAPHORE semaphore;

    KeInitializeSemaphore(&semaphore, 1, 3);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_TIMEOUT);
    CHECK_EQUAL(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 2, FALSE), 0);
    CHECK_EQUAL(KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 1, FALSE), 2);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_TIMEOUT);
}

static VOID SeveralObjects(VOID)
{
    KEVENT manual;
    KEVENT automatic;
    KSEMAPHORE semaphore;
    PVOID objects[3];
    LARGE_INTEGER none;

    none.QuadPart = 0;
    KeInitializeEvent(&manual, NotificationEvent, FALSE);
    KeInitializeEvent(&automatic, SynchronizationEvent, FALSE);
    KeInitializeSemaphore(&semaphore, 0, 5);
    objects[0] = &manual;
    objects[1] = &automatic;
    objects[2] = &semaphore;
    CHECK_EQUAL(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, &none, NULL), STATUS_TIMEOUT);
    KeSetEvent(&automatic, IO_NO_INCREMENT, FALSE);
    CHECK_EQUAL(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, &none, NULL), STATUS_WAIT_1);
    CHECK_EQUAL(KeWaitForMultipleObjects(3, objects, WaitAny, Executive, KernelMode, FALSE, &none, NULL), STATUS_TIMEOUT);

    /* WaitAll takes all or nothing: two of three leave those two as they are. */
    KeSetEvent(&automatic, IO_NO_INCREMENT, FALSE);
    KeSetEvent(&manual, IO_NO_INCREMENT, FALSE);
    CHECK_EQUAL(KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, &none, NULL), STATUS_TIMEOUT);
    CHECK(KeReadStateEvent(&automatic) != 0);
    KeReleaseSemaphore(&semaphore, IO_NO_INCREMENT, 1, FALSE);
    CHECK_EQUAL(KeWaitForMultipleObjects(3, objects, WaitAll, Executive, KernelMode, FALSE, &none, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(KeReadStateEvent(&automatic), 0);
    CHECK(KeReadStateEvent(&manual) != 0);
    CHECK_EQUAL(WaitNow(&semaphore), STATUS_TIMEOUT);
}

typedef struct _THREAD_WORK {
    KEVENT Go;
    KEVENT Done;
    ULONG Value;
    KIRQL Irql;
    PVOID Thread;
} THREAD_WORK;

static KSTART_ROUTINE ThreadRoutine;
static VOID ThreadRoutine(PVOID Context)
{
    THREAD_WORK *work = (THREAD_WORK *)Context;

    work->Irql = KeGetCurrentIrql();
    work->Thread = (PVOID)KeGetCurrentThread();
    CHECK_EQUAL(KeWaitForSingleObject(&work->Go, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    work->Value = 42;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Threads(VOID)
{
    THREAD_WORK work;
    HANDLE handle = NULL;
    PVOID thread = NULL;
    LARGE_INTEGER time = Relative(1);
    NTSTATUS status;

    RtlZeroMemory(&work, sizeof(work));
    KeInitializeEvent(&work.Go, NotificationEvent, FALSE);
    KeInitializeEvent(&work.Done, NotificationEvent, FALSE);
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadRoutine, &work);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (!NT_SUCCESS(status)) {
        return;
    }
    CHECK_EQUAL(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &thread, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(ZwClose(handle), STATUS_SUCCESS);
    CHECK_EQUAL(KeDelayExecutionThread(KernelMode, FALSE, &time), STATUS_SUCCESS);
    CHECK_EQUAL(WaitNow(thread), STATUS_TIMEOUT);
    CHECK_EQUAL(work.Value, 0);
    KeSetEvent(&work.Go, IO_NO_INCREMENT, FALSE);
    CHECK_EQUAL(KeWaitForSingleObject(&work.Done, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    /* A thread object is signalled by the thread's end: only now may work go out of scope. */
    CHECK_EQUAL(KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(work.Value, 42);
    CHECK_EQUAL(work.Irql, PASSIVE_LEVEL);
    CHECK(work.Thread == thread);
    CHECK(work.Thread != (PVOID)KeGetCurrentThread());
    ObDereferenceObject(thread);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RUN) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    Events();
    Semaphores();
    SeveralObjects();
    Threads();
    return STATUS_SUCCESS;
}
