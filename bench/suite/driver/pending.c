/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that the driver keeps: one queue that a thread of the driver empties, one that waits to be told. */
#include "bench_driver.h"

typedef struct _BENCH_QUEUE {
    IO_CSQ Csq;
    LIST_ENTRY Irps;
    KSPIN_LOCK Lock;
} BENCH_QUEUE;

static BENCH_QUEUE Pended, Held;
static KEVENT Work;
static volatile LONG Stopping;
static PVOID Worker; /* a referenced thread object */

static BENCH_QUEUE *QueueOf(PIO_CSQ Csq)
{
    return CONTAINING_RECORD(Csq, BENCH_QUEUE, Csq);
}

static IO_CSQ_INSERT_IRP QueueInsert;
static VOID QueueInsert(PIO_CSQ Csq, PIRP Irp)
{
    InsertTailList(&QueueOf(Csq)->Irps, &Irp->Tail.Overlay.ListEntry);
}

static IO_CSQ_REMOVE_IRP QueueRemove;
static VOID QueueRemove(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    RemoveEntryList(&Irp->Tail.Overlay.ListEntry);
}

/* The oldest request behind Irp (of all, if Irp is NULL) of the file object PeekContext (any, if NULL). */
static IO_CSQ_PEEK_NEXT_IRP QueuePeek;
static PIRP QueuePeek(PIO_CSQ Csq, PIRP Irp, PVOID PeekContext)
{
    PLIST_ENTRY head = &QueueOf(Csq)->Irps;
    PLIST_ENTRY link = Irp == NULL ? head->Flink : Irp->Tail.Overlay.ListEntry.Flink;

    for (; link != head; link = link->Flink) {
        PIRP candidate = CONTAINING_RECORD(link, IRP, Tail.Overlay.ListEntry);

        if (PeekContext == NULL || IoGetCurrentIrpStackLocation(candidate)->FileObject == (PFILE_OBJECT)PeekContext) {
            return candidate;
        }
    }
    return NULL;
}

static IO_CSQ_ACQUIRE_LOCK QueueAcquire;
static VOID QueueAcquire(PIO_CSQ Csq, PKIRQL Irql)
{
    KeAcquireSpinLock(&QueueOf(Csq)->Lock, Irql);
}

static IO_CSQ_RELEASE_LOCK QueueRelease;
static VOID QueueRelease(PIO_CSQ Csq, KIRQL Irql)
{
    KeReleaseSpinLock(&QueueOf(Csq)->Lock, Irql);
}

static VOID Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
}

static IO_CSQ_COMPLETE_CANCELED_IRP QueueCancelled;
static VOID QueueCancelled(PIO_CSQ Csq, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Csq);
    Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS QueueInitialize(BENCH_QUEUE *Queue)
{
    InitializeListHead(&Queue->Irps);
    KeInitializeSpinLock(&Queue->Lock);
    return IoCsqInitialize(&Queue->Csq, QueueInsert, QueueRemove, QueuePeek, QueueAcquire, QueueRelease, QueueCancelled);
}

static VOID CompletePended(VOID)
{
    PIRP irp;

    while ((irp = IoCsqRemoveNextIrp(&Pended.Csq, NULL)) != NULL) {
        Complete(irp, STATUS_SUCCESS, IoGetCurrentIrpStackLocation(irp)->Parameters.DeviceIoControl.OutputBufferLength);
    }
}

static KSTART_ROUTINE WorkerMain;
static VOID WorkerMain(PVOID Context)
{
    UNREFERENCED_PARAMETER(Context);
    while (Stopping == 0) {
        (VOID)KeWaitForSingleObject(&Work, Executive, KernelMode, FALSE, NULL);
        CompletePended();
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

NTSTATUS BenchPendingStart(VOID)
{
    HANDLE thread;
    NTSTATUS status = QueueInitialize(&Pended);

    if (NT_SUCCESS(status)) {
        status = QueueInitialize(&Held);
    }
    if (!NT_SUCCESS(status)) {
        return status;
    }
    KeInitializeEvent(&Work, SynchronizationEvent, FALSE);
    Stopping = 0;
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, WorkerMain, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    (VOID)ObReferenceObjectByHandle(thread, THREAD_ALL_ACCESS, NULL, KernelMode, &Worker, NULL);
    ZwClose(thread);
    return STATUS_SUCCESS;
}

VOID BenchPendingStop(VOID)
{
    Stopping = 1;
    KeSetEvent(&Work, IO_NO_INCREMENT, FALSE);
    (VOID)KeWaitForSingleObject(Worker, Executive, KernelMode, FALSE, NULL);
    ObDereferenceObject(Worker);
}

NTSTATUS BenchPend(PIRP Irp)
{
    IoCsqInsertIrp(&Pended.Csq, Irp, NULL); /* marks it pending */
    KeSetEvent(&Work, IO_NO_INCREMENT, FALSE);
    return STATUS_PENDING;
}

NTSTATUS BenchHold(PIRP Irp)
{
    IoCsqInsertIrp(&Held.Csq, Irp, NULL);
    return STATUS_PENDING;
}

VOID BenchRelease(PFILE_OBJECT FileObject)
{
    PIRP irp;

    while ((irp = IoCsqRemoveNextIrp(&Held.Csq, FileObject)) != NULL) {
        Complete(irp, STATUS_SUCCESS, 0);
    }
}
