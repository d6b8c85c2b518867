/* SPDX-License-Identifier: Apache-2.0 */
/* The parts of the bench driver: what each does with a request, and what each handle remembers. */
#ifndef BENCH_DRIVER_H
#define BENCH_DRIVER_H

#include <ntddk.h>

#include "bench_public.h"

#define BENCH_TAG 'hcnB'

/* One for each open handle; in FsContext. Requests of one handle come from one thread of the application. */
typedef struct _BENCH_FILE {
    PMDL Prepared;        /* pages from MmAllocatePagesForMdlEx */
    PMDL Mirror;          /* of the same frames, twice */
    PVOID View;           /* of Prepared or Mirror in the caller */
    PMDL ViewMdl;
    PVOID PartnerThread;  /* a referenced thread object */
    PKEVENT Request, Reply;
    BENCH_COURT *Court;   /* the system address of the prepared pages */
    volatile LONG Stop;
} BENCH_FILE, *PBENCH_FILE;

/* pending.c: requests that stay for a while */
NTSTATUS BenchPendingStart(VOID);
VOID BenchPendingStop(VOID);
NTSTATUS BenchPend(PIRP Irp);
NTSTATUS BenchHold(PIRP Irp);
VOID BenchRelease(PFILE_OBJECT FileObject); /* completes what Hold kept of this file */

/* mapping.c: memory of the driver in the caller */
NTSTATUS BenchPoolStart(VOID);
VOID BenchPoolStop(VOID);
NTSTATUS BenchPoolMapUnmap(VOID);
NTSTATUS BenchPrepare(PBENCH_FILE File, ULONG64 Bytes);
NTSTATUS BenchPreparedMap(PBENCH_FILE File, BOOLEAN Mirrored, BENCH_ADDRESS *Address);
NTSTATUS BenchPreparedUnmap(PBENCH_FILE File);
NTSTATUS BenchPreparedMapUnmap(PBENCH_FILE File);
NTSTATUS BenchNewPage(VOID);

/* partner.c: a thread of the driver that answers the application */
NTSTATUS BenchPartnerEvents(PBENCH_FILE File, const BENCH_EVENTS *Events);
NTSTATUS BenchPartnerSpin(PBENCH_FILE File);
VOID BenchPartnerStop(PBENCH_FILE File);

#endif
