/* SPDX-License-Identifier: Apache-2.0 */
/* A thread of the driver that answers the application: by events, or by spinning on memory that both see. */
#include "bench_driver.h"

static KSTART_ROUTINE EventPartner;
static VOID EventPartner(PVOID Context)
{
    PBENCH_FILE file = (PBENCH_FILE)Context;

    for (;;) {
        (VOID)KeWaitForSingleObject(file->Request, Executive, KernelMode, FALSE, NULL);
        if (file->Stop != 0) {
            break;
        }
        KeSetEvent(file->Reply, IO_NO_INCREMENT, FALSE);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static KSTART_ROUTINE SpinPartner;
static VOID SpinPartner(PVOID Context)
{
    PBENCH_FILE file = (PBENCH_FILE)Context;
    BENCH_COURT *court = file->Court;
    unsigned int seen = court->ReplySequence; /* a request may have come before this thread */

    while (file->Stop == 0) {
        unsigned int now = court->RequestSequence;

        if (now == seen) {
            YieldProcessor();
            continue;
        }
        seen = now;
        RtlCopyMemory(court->ReplyPayload, court->RequestPayload, sizeof(court->ReplyPayload));
        KeMemoryBarrier();
        court->ReplySequence = seen;
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS StartThread(PBENCH_FILE File, PKSTART_ROUTINE Routine)
{
    HANDLE thread;
    NTSTATUS status;

    File->Stop = 0;
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, Routine, File);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    (VOID)ObReferenceObjectByHandle(thread, THREAD_ALL_ACCESS, NULL, KernelMode, &File->PartnerThread, NULL);
    ZwClose(thread);
    return STATUS_SUCCESS;
}

static VOID ForgetEvents(PBENCH_FILE File)
{
    if (File->Request != NULL) {
        ObDereferenceObject(File->Request);
        File->Request = NULL;
    }
    if (File->Reply != NULL) {
        ObDereferenceObject(File->Reply);
        File->Reply = NULL;
    }
}

NTSTATUS BenchPartnerEvents(PBENCH_FILE File, const BENCH_EVENTS *Events)
{
    PVOID request = NULL, reply = NULL;
    NTSTATUS status;

    if (File->PartnerThread != NULL) {
        return STATUS_DEVICE_BUSY;
    }
    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Events->Request, EVENT_ALL_ACCESS, *ExEventObjectType, UserMode,
                                       &request, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    File->Request = (PKEVENT)request;
    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Events->Reply, EVENT_ALL_ACCESS, *ExEventObjectType, UserMode,
                                       &reply, NULL);
    if (NT_SUCCESS(status)) {
        File->Reply = (PKEVENT)reply;
        status = StartThread(File, EventPartner);
    }
    if (!NT_SUCCESS(status)) {
        ForgetEvents(File);
    }
    return status;
}

NTSTATUS BenchPartnerSpin(PBENCH_FILE File)
{
    if (File->PartnerThread != NULL) {
        return STATUS_DEVICE_BUSY;
    }
    return File->Court == NULL ? STATUS_INVALID_DEVICE_STATE : StartThread(File, SpinPartner);
}

VOID BenchPartnerStop(PBENCH_FILE File)
{
    if (File->PartnerThread == NULL) {
        return;
    }
    File->Stop = 1;
    if (File->Request != NULL) {
        KeSetEvent(File->Request, IO_NO_INCREMENT, FALSE);
    }
    (VOID)KeWaitForSingleObject(File->PartnerThread, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(File->PartnerThread);
    File->PartnerThread = NULL;
    ForgetEvents(File);
}
