/* SPDX-License-Identifier: Apache-2.0 */
/* Memory of the driver in the caller's address space: a block of pool, pages of any size, a mirrored ring, a new page. */
#include "bench_driver.h"

static PVOID Pool;
static PMDL PoolMdl;

/* A mapping to user mode raises where one to kernel mode returns NULL. */
static NTSTATUS MapToUser(PMDL Mdl, PVOID *Address)
{
    *Address = NULL;
    __try {
        *Address = MmMapLockedPagesSpecifyCache(Mdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return *Address == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
}

static NTSTATUS MapAndUnmap(PMDL Mdl)
{
    PVOID address;
    NTSTATUS status = MapToUser(Mdl, &address);

    if (NT_SUCCESS(status)) {
        MmUnmapLockedPages(address, Mdl);
    }
    return status;
}

VOID BenchPoolStop(VOID)
{
    if (PoolMdl != NULL) {
        IoFreeMdl(PoolMdl);
        PoolMdl = NULL;
    }
    if (Pool != NULL) {
        ExFreePoolWithTag(Pool, BENCH_TAG);
        Pool = NULL;
    }
}

NTSTATUS BenchPoolStart(VOID)
{
    Pool = ExAllocatePoolWithTag(NonPagedPool, BENCH_MAP_BYTES, BENCH_TAG);
    if (Pool == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Pool, BENCH_MAP_BYTES);
    PoolMdl = IoAllocateMdl(Pool, BENCH_MAP_BYTES, FALSE, FALSE, NULL);
    if (PoolMdl == NULL) {
        BenchPoolStop();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(PoolMdl);
    return STATUS_SUCCESS;
}

NTSTATUS BenchPoolMapUnmap(VOID)
{
    return MapAndUnmap(PoolMdl);
}

static VOID FreePrepared(PBENCH_FILE File)
{
    if (File->Mirror != NULL) {
        IoFreeMdl(File->Mirror);
        File->Mirror = NULL;
    }
    if (File->Prepared != NULL) {
        MmFreePagesFromMdl(File->Prepared);
        ExFreePool(File->Prepared);
        File->Prepared = NULL;
        File->Court = NULL;
    }
}

/* The frames of the prepared pages twice: what is written behind the end of the first copy appears at the start. */
static NTSTATUS BuildMirror(PBENCH_FILE File)
{
    ULONG bytes = MmGetMdlByteCount(File->Prepared);
    ULONG pages = bytes / PAGE_SIZE;
    PPFN_NUMBER from = MmGetMdlPfnArray(File->Prepared);
    PPFN_NUMBER to;
    ULONG i;

    if (bytes > 512UL * 1024 * 1024) {
        return STATUS_SUCCESS; /* no mirror: twice that is more than an MDL describes */
    }
    File->Mirror = IoAllocateMdl(NULL, 2 * bytes, FALSE, FALSE, NULL);
    if (File->Mirror == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    to = MmGetMdlPfnArray(File->Mirror);
    for (i = 0; i < pages; ++i) {
        to[i] = to[i + pages] = from[i];
    }
    File->Mirror->MdlFlags |= MDL_PAGES_LOCKED; /* they are: MmAllocatePagesForMdlEx locked them */
    return STATUS_SUCCESS;
}

NTSTATUS BenchPrepare(PBENCH_FILE File, ULONG64 Bytes)
{
    PHYSICAL_ADDRESS low, high, skip;
    NTSTATUS status;

    if (File->View != NULL || File->PartnerThread != NULL) {
        return STATUS_DEVICE_BUSY;
    }
    FreePrepared(File);
    if (Bytes == 0) {
        return STATUS_SUCCESS;
    }
    if (Bytes % PAGE_SIZE != 0 || Bytes > 1024UL * 1024 * 1024) {
        return STATUS_INVALID_PARAMETER;
    }
    low.QuadPart = 0;
    high.QuadPart = -1;
    skip.QuadPart = 0;
    File->Prepared = MmAllocatePagesForMdlEx(low, high, skip, (SIZE_T)Bytes, MmCached, MM_ALLOCATE_FULLY_REQUIRED);
    if (File->Prepared == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    File->Court = (BENCH_COURT *)MmGetSystemAddressForMdlSafe(File->Prepared, NormalPagePriority);
    status = File->Court == NULL ? STATUS_INSUFFICIENT_RESOURCES : BuildMirror(File);
    if (!NT_SUCCESS(status)) {
        FreePrepared(File);
    }
    return status;
}

NTSTATUS BenchPreparedMap(PBENCH_FILE File, BOOLEAN Mirrored, BENCH_ADDRESS *Address)
{
    PMDL mdl = Mirrored ? File->Mirror : File->Prepared;
    NTSTATUS status;

    if (mdl == NULL || File->View != NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    status = MapToUser(mdl, &File->View);
    if (NT_SUCCESS(status)) {
        File->ViewMdl = mdl;
        Address->Address = (ULONG_PTR)File->View;
        Address->Bytes = MmGetMdlByteCount(mdl);
    }
    return status;
}

NTSTATUS BenchPreparedUnmap(PBENCH_FILE File)
{
    if (File->View == NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    MmUnmapLockedPages(File->View, File->ViewMdl);
    File->View = NULL;
    return STATUS_SUCCESS;
}

NTSTATUS BenchPreparedMapUnmap(PBENCH_FILE File)
{
    return File->Prepared == NULL ? STATUS_INVALID_DEVICE_STATE : MapAndUnmap(File->Prepared);
}

NTSTATUS BenchNewPage(VOID)
{
    PVOID page = ExAllocatePoolWithTag(NonPagedPool, PAGE_SIZE, BENCH_TAG);
    PMDL mdl;
    NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

    if (page == NULL) {
        return status;
    }
    *(volatile ULONG64 *)page = 1; /* it exists: there is something to move */
    mdl = IoAllocateMdl(page, PAGE_SIZE, FALSE, FALSE, NULL);
    if (mdl != NULL) {
        MmBuildMdlForNonPagedPool(mdl);
        status = MapAndUnmap(mdl);
        IoFreeMdl(mdl);
    }
    ExFreePoolWithTag(page, BENCH_TAG);
    return status;
}
