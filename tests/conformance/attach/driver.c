/* SPDX-License-Identifier: Apache-2.0 */
/*
 * KeStackAttachProcess and KeAttachProcess: a system thread works for a while in an application's address space, where the
 * application's own addresses are valid.
 */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

typedef struct _JOB {
    PEPROCESS Process;
    ATTACH_REQUEST Request;
    NTSTATUS Status;
} JOB;

static VOID Work(JOB *Job)
{
    unsigned char *bytes = (unsigned char *)(ULONG_PTR)Job->Request.Address;
    ULONG i;

    CHECK(PsGetCurrentProcess() == Job->Process);
    CHECK(IoGetCurrentProcess() == Job->Process);
    Job->Status = STATUS_SUCCESS;
    __try {
        ProbeForWrite(bytes, ATTACH_BYTES, 1);
        for (i = 0; i < ATTACH_BYTES; ++i) {
            if (bytes[i] != ATTACH_BEFORE(i)) {
                Job->Status = STATUS_DATA_ERROR;
            }
            bytes[i] = ATTACH_AFTER(i, Job->Request.How);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        Job->Status = GetExceptionCode();
    }
}

static KSTART_ROUTINE Thread;
static VOID Thread(PVOID Context)
{
    JOB *job = (JOB *)Context;
    PEPROCESS home = PsGetCurrentProcess();
    KAPC_STATE state;
    KAPC_STATE inner;
    KAPC_STATE innermost;

    CHECK(home == PsInitialSystemProcess);
    CHECK(home != job->Process);
    switch (job->Request.How) {
    case ATTACH_STACK:
        KeStackAttachProcess((PKPROCESS)job->Process, &state);
        Work(job);
        KeUnstackDetachProcess(&state);
        break;
    case ATTACH_ONCE:
        KeAttachProcess((PKPROCESS)job->Process);
        KeAttachProcess((PKPROCESS)job->Process); /* it is there already: nothing happens */
        Work(job);
        KeDetachProcess();
        break;
    default:
        KeStackAttachProcess((PKPROCESS)job->Process, &state);
        KeStackAttachProcess((PKPROCESS)PsInitialSystemProcess, &inner);
        CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
        KeStackAttachProcess((PKPROCESS)job->Process, &innermost);
        Work(job);
        KeUnstackDetachProcess(&innermost);
        CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
        KeUnstackDetachProcess(&inner);
        CHECK(PsGetCurrentProcess() == job->Process);
        KeUnstackDetachProcess(&state);
        break;
    }
    CHECK(PsGetCurrentProcess() == home);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    JOB job;
    HANDLE handle;
    PVOID thread;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_ATTACH ||
        Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(job.Request)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    job.Process = PsGetCurrentProcess();
    job.Request = *(ATTACH_REQUEST *)Irp->AssociatedIrp.SystemBuffer;
    job.Status = STATUS_UNSUCCESSFUL;
    status = PsCreateSystemThread(&handle, THREAD_ALL_ACCESS, NULL, NULL, NULL, Thread, &job);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(ObReferenceObjectByHandle(handle, THREAD_ALL_ACCESS, NULL, KernelMode, &thread, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(KeWaitForSingleObject(thread, Executive, KernelMode, FALSE, NULL), STATUS_SUCCESS);
    ObDereferenceObject(thread);
    ZwClose(handle);
    return job.Status;
}
