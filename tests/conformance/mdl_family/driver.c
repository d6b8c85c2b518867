/* SPDX-License-Identifier: Apache-2.0 */
/* Every routine of the MDL family that a driver meets beyond the first three: what the documentation promises of each. */
#include <ntifs.h>

#include "public.h"

#include "frame/driver_frame.h"

/* Partywall alone has simulated devices; a driver on Windows has real ones. */
#if defined(__has_include)
#if __has_include(<pw_device_memory.h>)
#include <pw_device_memory.h>
#define HAVE_DEVICE_MEMORY
#endif
#endif

static PUCHAR RingMemory;
static PMDL RingMdl;
static PVOID RingAddress;
static PMDL PartMdl;
static PVOID PartAddress;
static HANDLE SecureHandle;

static PHYSICAL_ADDRESS Physical(ULONGLONG value)
{
    PHYSICAL_ADDRESS address;

    address.QuadPart = (LONGLONG)value;
    return address;
}

/* --- without the application --- */

static VOID PhysicalMemory(VOID)
{
    PUCHAR memory = (PUCHAR)MmAllocateContiguousMemory(2 * PAGE_SIZE, Physical(0xffffffff));
    PHYSICAL_ADDRESS where;
    PUCHAR mapped;

    CHECK(memory != NULL);
    if (memory == NULL) {
        return;
    }
    RtlFillMemory(memory, 2 * PAGE_SIZE, 0x11);
    where = MmGetPhysicalAddress(memory + 100);
    CHECK(MmGetVirtualForPhysical(where) == memory + 100);
    CHECK(MmIsAddressValid(memory));
    CHECK(MmIsNonPagedSystemAddressValid(memory));
    mapped = (PUCHAR)MmMapIoSpace(where, PAGE_SIZE, MmCached);
    CHECK(mapped != NULL && BYTE_OFFSET(mapped) == 100);
    if (mapped != NULL) {
        CHECK_EQUAL(mapped[0], 0x11);
        mapped[0] = 0x22;
        CHECK_EQUAL(memory[100], 0x22);
        MmUnmapIoSpace(mapped, PAGE_SIZE);
    }
    MmFreeContiguousMemory(memory);
}

#ifdef HAVE_DEVICE_MEMORY
static VOID DeviceMemory(VOID)
{
    const PHYSICAL_ADDRESS registers = Physical(0xFEB00000);
    volatile ULONG *device;
    volatile ULONG *driver;
    PMDL mdl;

    CHECK_EQUAL(pw_device_memory_add(registers, 0x2000), STATUS_SUCCESS);
    CHECK_EQUAL(pw_device_memory_add(registers, 0x1000), STATUS_CONFLICTING_ADDRESSES);
    device = (volatile ULONG *)MmMapIoSpace(registers, 0x2000, MmNonCached);
    driver = (volatile ULONG *)MmMapIoSpace(Physical(0xFEB01000), 0x1000, MmNonCached);
    CHECK(device != NULL && driver != NULL);
    if (device != NULL && driver != NULL) {
        device[0x400] = 0xfeed;
        CHECK_EQUAL(READ_REGISTER_ULONG((PULONG)(ULONG_PTR)driver), 0xfeed);
        WRITE_REGISTER_ULONG((PULONG)(ULONG_PTR)driver, 0xbeef);
        CHECK_EQUAL(device[0x400], 0xbeef);
        CHECK_EQUAL(MmGetPhysicalAddress((PVOID)(ULONG_PTR)driver).QuadPart, 0xFEB01000);
        CHECK_EQUAL(pw_device_memory_remove(registers), STATUS_DEVICE_BUSY);
        /* The classic way to show registers to an application. */
        mdl = IoAllocateMdl((PVOID)(ULONG_PTR)driver, 0x1000, FALSE, FALSE, NULL);
        CHECK(mdl != NULL);
        if (mdl != NULL) {
            volatile ULONG *user;

            MmBuildMdlForNonPagedPool(mdl);
            user = (volatile ULONG *)MmMapLockedPagesSpecifyCache(mdl, UserMode, MmNonCached, NULL, FALSE, NormalPagePriority);
            CHECK(user != NULL);
            CHECK_EQUAL(user[0], 0xbeef);
            MmUnmapLockedPages((PVOID)(ULONG_PTR)user, mdl);
            IoFreeMdl(mdl);
        }
        MmUnmapIoSpace((PVOID)(ULONG_PTR)driver, 0x1000);
        MmUnmapIoSpace((PVOID)(ULONG_PTR)device, 0x2000);
    }
    CHECK_EQUAL(pw_device_memory_remove(registers), STATUS_SUCCESS);
}
#endif

static VOID PagesByRange(VOID)
{
    PMDL mdl = MmAllocatePagesForMdlEx(Physical(0), Physical(~0ull), Physical(0), 5 * PAGE_SIZE, MmCached,
                                       MM_ALLOCATE_FULLY_REQUIRED);
    PMDL none;
    ULONG i;

    CHECK(mdl != NULL);
    if (mdl != NULL) {
        PUCHAR bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority | MdlMappingNoExecute);

        CHECK_EQUAL(MmGetMdlByteCount(mdl), 5 * PAGE_SIZE);
        CHECK(bytes != NULL);
        for (i = 0; bytes != NULL && i < 5 * PAGE_SIZE; i += 512) {
            CHECK_EQUAL(bytes[i], 0); /* zeroed, unless MM_DONT_ZERO_ALLOCATION says otherwise */
        }
        if (bytes != NULL) {
            /* Read-only now, as far as this mapping is one of its own. */
            NTSTATUS status = MmProtectMdlSystemAddress(mdl, PAGE_READWRITE);

            CHECK_EQUAL(status, STATUS_SUCCESS);
            MmUnmapLockedPages(bytes, mdl);
        }
        MmFreePagesFromMdl(mdl);
        ExFreePool(mdl);
    }
    /* Contiguous chunks of two pages. */
    mdl = MmAllocatePagesForMdlEx(Physical(0), Physical(~0ull), Physical(2 * PAGE_SIZE), 6 * PAGE_SIZE, MmCached,
                                  MM_ALLOCATE_REQUIRE_CONTIGUOUS_CHUNKS | MM_ALLOCATE_FULLY_REQUIRED);
    CHECK(mdl != NULL);
    if (mdl != NULL) {
        PPFN_NUMBER frames = MmGetMdlPfnArray(mdl);

        for (i = 0; i < 6; i += 2) {
            CHECK_EQUAL(frames[i + 1], frames[i] + 1);
            CHECK_EQUAL(frames[i] % 2, 0);
        }
        MmFreePagesFromMdl(mdl);
        ExFreePool(mdl);
    }
    /* A range without a whole page has none. */
    none = MmAllocatePagesForMdl(Physical(0), Physical(PAGE_SIZE - 2), Physical(0), PAGE_SIZE);
    CHECK(none == NULL);
}

static VOID PartialAndAdvance(VOID)
{
    PUCHAR block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPool, 4 * PAGE_SIZE, TEST_TAG);
    PMDL whole;
    PMDL part;

    CHECK(block != NULL);
    if (block == NULL) {
        return;
    }
    RtlFillMemory(block, 4 * PAGE_SIZE, 0x33);
    whole = IoAllocateMdl(block, 4 * PAGE_SIZE, FALSE, FALSE, NULL);
    part = IoAllocateMdl(block, 4 * PAGE_SIZE, FALSE, FALSE, NULL);
    CHECK(whole != NULL && part != NULL);
    if (whole != NULL && part != NULL) {
        MmBuildMdlForNonPagedPool(whole);
        IoBuildPartialMdl(whole, part, block + PAGE_SIZE + 10, 2 * PAGE_SIZE);
        CHECK_EQUAL(MmGetMdlByteCount(part), 2 * PAGE_SIZE);
        CHECK_EQUAL(MmGetMdlByteOffset(part), 10);
        CHECK_EQUAL(MmGetMdlPfnArray(part)[0], MmGetMdlPfnArray(whole)[1]);
        CHECK(MmGetSystemAddressForMdlSafe(part, NormalPagePriority) == block + PAGE_SIZE + 10);
        MmPrepareMdlForReuse(part);
        /* Zero: to the end of the source. */
        IoBuildPartialMdl(whole, part, block + 3 * PAGE_SIZE, 0);
        CHECK_EQUAL(MmGetMdlByteCount(part), PAGE_SIZE);
        CHECK(MmGetSystemAddressForMdlSafe(part, NormalPagePriority) == block + 3 * PAGE_SIZE);
        MmPrepareMdlForReuse(part);
    }
    if (part != NULL) {
        IoFreeMdl(part);
    }
    if (whole != NULL) {
        /* MmAdvanceMdl: the start moves on. */
        CHECK_EQUAL(MmAdvanceMdl(whole, PAGE_SIZE + 5), STATUS_SUCCESS);
        CHECK_EQUAL(MmGetMdlByteCount(whole), 3 * PAGE_SIZE - 5);
        CHECK(MmGetMdlVirtualAddress(whole) == block + PAGE_SIZE + 5);
        CHECK(MmAdvanceMdl(whole, 4 * PAGE_SIZE) == STATUS_INVALID_PARAMETER_2);
        IoFreeMdl(whole);
    }
    /* A secondary MDL hangs behind the first one. */
    {
        PIRP irp = IoAllocateIrp(1, FALSE);

        CHECK(irp != NULL);
        if (irp != NULL) {
            PMDL first = IoAllocateMdl(block, PAGE_SIZE, FALSE, FALSE, irp);
            PMDL second = IoAllocateMdl(block + PAGE_SIZE, PAGE_SIZE, TRUE, FALSE, irp);

            CHECK(irp->MdlAddress == first);
            CHECK(first != NULL && first->Next == second);
            irp->MdlAddress = NULL;
            if (first != NULL) {
                IoFreeMdl(first);
            }
            if (second != NULL) {
                IoFreeMdl(second);
            }
            IoFreeIrp(irp);
        }
    }
    ExFreePoolWithTag(block, TEST_TAG);
}

/* MmCopyMemory is there to read what may not be there. */
static VOID Copies(VOID)
{
    static UCHAR source[64] = "copied";
    UCHAR target[64];
    MM_COPY_ADDRESS from;
    SIZE_T copied = 0;

    from.VirtualAddress = source;
    CHECK_EQUAL(MmCopyMemory(target, from, sizeof(source), MM_COPY_MEMORY_VIRTUAL, &copied), STATUS_SUCCESS);
    CHECK_EQUAL(copied, sizeof(source));
    CHECK_EQUAL(target[0], 'c');
    from.PhysicalAddress = MmGetPhysicalAddress(source);
    target[0] = 0;
    CHECK_EQUAL(MmCopyMemory(target, from, 6, MM_COPY_MEMORY_PHYSICAL, &copied), STATUS_SUCCESS);
    CHECK_EQUAL(target[0], 'c');
    from.VirtualAddress = (PVOID)(ULONG_PTR)0x10;
    CHECK(!NT_SUCCESS(MmCopyMemory(target, from, 8, MM_COPY_MEMORY_VIRTUAL, &copied)));
    CHECK_EQUAL(copied, 0);
}

static VOID PageableSections(VOID)
{
    PVOID handle = MmLockPagableDataSection(&RingMemory);

    CHECK(handle != NULL);
    MmLockPagableSectionByHandle(handle);
    MmUnlockPagableImageSection(handle);
    MmUnlockPagableImageSection(handle);
    CHECK(MmPageEntireDriver((PVOID)(ULONG_PTR)PageableSections) != NULL);
    MmResetDriverPaging((PVOID)(ULONG_PTR)PageableSections);
}

static VOID PoolVariants(VOID)
{
    PUCHAR block;
    NTSTATUS raised = STATUS_SUCCESS;
    ULONG i;

    block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolNx, 100, TEST_TAG);
    CHECK(block != NULL);
    ExFreePool(block);
    block = (PUCHAR)ExAllocatePoolWithQuotaTag((POOL_TYPE)(PagedPool | POOL_QUOTA_FAIL_INSTEAD_OF_RAISE), 100, TEST_TAG);
    CHECK(block != NULL);
    ExFreePoolWithTag(block, TEST_TAG);
    block = (PUCHAR)ExAllocatePoolWithTagPriority(NonPagedPool, 100, TEST_TAG, NormalPoolPriority);
    CHECK(block != NULL);
    ExFreePoolWithTag(block, TEST_TAG);
    for (i = 1; i < 3 * PAGE_SIZE; i += 700) {
        block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolCacheAligned, i, TEST_TAG);
        CHECK(block != NULL && (ULONG_PTR)block % 64 == 0);
        ExFreePoolWithTag(block, TEST_TAG);
    }
    /* With quota, and with the modifier that says so, failure raises. */
    __try {
        block = (PUCHAR)ExAllocatePoolWithQuotaTag(NonPagedPool, (SIZE_T)1 << 46, TEST_TAG);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        raised = GetExceptionCode();
    }
    CHECK_EQUAL(raised, STATUS_INSUFFICIENT_RESOURCES);
    raised = STATUS_SUCCESS;
    __try {
        block = (PUCHAR)ExAllocatePoolWithTag((POOL_TYPE)(NonPagedPool | POOL_RAISE_IF_ALLOCATION_FAILURE), (SIZE_T)1 << 46,
                                              TEST_TAG);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        raised = GetExceptionCode();
    }
    CHECK_EQUAL(raised, STATUS_INSUFFICIENT_RESOURCES);
#ifdef POOL_FLAG_NON_PAGED
    block = (PUCHAR)ExAllocatePool2(POOL_FLAG_NON_PAGED, 5000, TEST_TAG);
    CHECK(block != NULL);
    for (i = 0; block != NULL && i < 5000; i += 100) {
        CHECK_EQUAL(block[i], 0);
    }
    ExFreePoolWithTag(block, TEST_TAG);
    block = (PUCHAR)ExAllocatePool2(POOL_FLAG_PAGED | POOL_FLAG_UNINITIALIZED | POOL_FLAG_CACHE_ALIGNED, 200, TEST_TAG);
    CHECK(block != NULL && (ULONG_PTR)block % 64 == 0);
    ExFreePoolWithTag(block, TEST_TAG);
    CHECK(ExAllocatePool2(POOL_FLAG_PAGED | POOL_FLAG_NON_PAGED, 200, TEST_TAG) == NULL); /* one kind of pool */
    block = (PUCHAR)ExAllocatePool3(POOL_FLAG_NON_PAGED, 300, TEST_TAG, NULL, 0);
    CHECK(block != NULL && block[299] == 0);
    ExFreePoolWithTag(block, TEST_TAG);
#endif
}

/* --- with the application's pages --- */

static PMDL LockArea(PVOID Address, ULONG Bytes, LOCK_OPERATION Operation)
{
    PMDL mdl = IoAllocateMdl(Address, Bytes, FALSE, FALSE, NULL);

    if (mdl == NULL) {
        return NULL;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, Operation);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        IoFreeMdl(mdl);
        return NULL;
    }
    return mdl;
}

static VOID ThroughReservedMapping(PUCHAR Area)
{
    PVOID reserved = MmAllocateMappingAddress(2 * PAGE_SIZE, TEST_TAG);
    ULONG page;

    CHECK(reserved != NULL);
    for (page = 0; reserved != NULL && page < AREA_PAGES; page += 2) {
        PMDL mdl = LockArea(Area + page * PAGE_SIZE, 2 * PAGE_SIZE, IoWriteAccess);

        CHECK(mdl != NULL);
        if (mdl != NULL) {
            PUCHAR bytes = (PUCHAR)MmMapLockedPagesWithReservedMapping(reserved, TEST_TAG, mdl, MmCached);

            CHECK(bytes == reserved);
            if (bytes != NULL) {
                CHECK_EQUAL(bytes[0], 'A' + page);
                CHECK_EQUAL(bytes[PAGE_SIZE], 'A' + page + 1);
                bytes[1] = 'r';
                MmUnmapReservedMapping(bytes, TEST_TAG, mdl);
            }
            CHECK_EQUAL(Area[page * PAGE_SIZE + 1], 'r');
            MmUnlockPages(mdl);
            IoFreeMdl(mdl);
        }
    }
    if (reserved != NULL) {
        MmFreeMappingAddress(reserved, TEST_TAG);
    }
}

static VOID Selected(PUCHAR Area)
{
    LARGE_INTEGER pages[3];
    PMDL mdl = IoAllocateMdl(NULL, 3 * PAGE_SIZE, FALSE, FALSE, NULL);
    ULONG i;

    CHECK(mdl != NULL);
    if (mdl == NULL) {
        return;
    }
    for (i = 0; i < 3; ++i) {
        pages[i].QuadPart = (LONGLONG)(ULONG_PTR)(Area + (4 - 2 * i) * PAGE_SIZE);
    }
    __try {
        PUCHAR bytes;

        MmProbeAndLockSelectedPages(mdl, pages, UserMode, IoReadAccess);
        bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        CHECK(bytes != NULL);
        for (i = 0; bytes != NULL && i < 3; ++i) {
            CHECK_EQUAL(bytes[i * PAGE_SIZE], 'A' + 4 - 2 * i);
        }
        MmUnlockPages(mdl);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        CHECK_EQUAL(GetExceptionCode(), STATUS_SUCCESS);
    }
    IoFreeMdl(mdl);
}

#ifndef __MINGW32__
static NTSTATUS NTAPI Lent(PVOID Context, PVOID MappedVa)
{
    CHECK_EQUAL(((PUCHAR)MappedVa)[0], 'A');
    *(PULONG)Context += 1;
    return STATUS_MORE_ENTRIES;
}

static VOID Lending(PUCHAR Area)
{
    PMDL mdl = LockArea(Area, PAGE_SIZE, IoReadAccess);
    ULONG calls = 0;

    CHECK(mdl != NULL);
    if (mdl == NULL) {
        return;
    }
    CHECK_EQUAL(MmMapMdl(mdl, PAGE_READONLY, Lent, &calls), STATUS_MORE_ENTRIES); /* the routine's own */
    CHECK_EQUAL(calls, 1);
    CHECK_EQUAL(MmMapMdl(mdl, 0x12345, Lent, &calls), STATUS_INVALID_PAGE_PROTECTION);
    CHECK_EQUAL(calls, 1);
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
}
#endif

/* Another way to the same pages, in this process and named. */
static VOID ByProcess(PUCHAR Area)
{
    PMDL mdl = IoAllocateMdl(Area, AREA_PAGES * PAGE_SIZE, FALSE, FALSE, NULL);
    ULONG page;

    CHECK(mdl != NULL);
    if (mdl == NULL) {
        return;
    }
    __try {
        PUCHAR bytes;

        MmProbeAndLockProcessPages(mdl, PsGetCurrentProcess(), UserMode, IoModifyAccess);
        bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        CHECK(bytes != NULL);
        for (page = 0; bytes != NULL && page < AREA_PAGES; ++page) {
            bytes[page * PAGE_SIZE] = (UCHAR)('a' + page);
        }
        MmUnlockPages(mdl);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        CHECK_EQUAL(GetExceptionCode(), STATUS_SUCCESS);
    }
    IoFreeMdl(mdl);
}

/* A ring that goes on at its end: the page numbers twice, written by hand. */
static NTSTATUS MapRing(RING *Reply)
{
    PMDL source = IoAllocateMdl(RingMemory, RING_PAGES * PAGE_SIZE, FALSE, FALSE, NULL);
    PUCHAR system;
    ULONG i;

    RingMdl = IoAllocateMdl(NULL, 2 * RING_PAGES * PAGE_SIZE, FALSE, FALSE, NULL);
    if (source == NULL || RingMdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(source);
    for (i = 0; i < 2 * RING_PAGES; ++i) {
        MmGetMdlPfnArray(RingMdl)[i] = MmGetMdlPfnArray(source)[i % RING_PAGES];
    }
    IoFreeMdl(source);
    RingMdl->MdlFlags |= MDL_PAGES_LOCKED;
    system = (PUCHAR)MmMapLockedPagesSpecifyCache(RingMdl, KernelMode, MmCached, NULL, FALSE, NormalPagePriority);
    CHECK(system != NULL);
    if (system != NULL) {
        system[PAGE_SIZE * RING_PAGES + 7] = 0x77;
        CHECK_EQUAL(system[7], 0x77);
        CHECK_EQUAL(RingMemory[7], 0x77);
        MmUnmapLockedPages(system, RingMdl);
    }
    __try {
        RingAddress = MmMapLockedPagesSpecifyCache(RingMdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    Reply->Address = (ULONG_PTR)RingAddress;
    return STATUS_SUCCESS;
}

static VOID UnmapRing(VOID)
{
    if (RingMdl == NULL) {
        return;
    }
    if (RingAddress != NULL) {
        MmUnmapLockedPages(RingAddress, RingMdl);
    }
    RingMdl->MdlFlags &= ~MDL_PAGES_LOCKED; /* the flag was ours */
    IoFreeMdl(RingMdl);
    RingMdl = NULL;
    RingAddress = NULL;
}

static NTSTATUS MapAt(const MAP_AT *Request, RING *Reply)
{
    NTSTATUS status = STATUS_SUCCESS;

    PartMdl = IoAllocateMdl(RingMemory, RING_PAGES * PAGE_SIZE, FALSE, FALSE, NULL);
    if (PartMdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(PartMdl);
    __try {
        PartAddress = MmMapLockedPagesSpecifyCache(PartMdl, UserMode, MmCached, (PVOID)(ULONG_PTR)Request->Address, FALSE,
                                                   NormalPagePriority | (Request->ReadOnly ? MdlMappingNoWrite : 0));
        Reply->Address = (ULONG_PTR)PartAddress;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode(); /* to user mode a failure is an exception */
        CHECK(!NT_SUCCESS(status));
        IoFreeMdl(PartMdl);
        PartMdl = NULL;
    }
    return status;
}

static NTSTATUS UserArea(ULONG Code, PVOID Address)
{
    switch (Code) {
    case IOCTL_USER_AREA:
        ThroughReservedMapping((PUCHAR)Address);
        Selected((PUCHAR)Address);
#ifndef __MINGW32__
        Lending((PUCHAR)Address);
#endif
        ByProcess((PUCHAR)Address);
        return STATUS_SUCCESS;
    default:
        SecureHandle = MmSecureVirtualMemory(Address, AREA_PAGES * PAGE_SIZE, PAGE_READWRITE);
        return SecureHandle != NULL ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
    }
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    RingMemory = (PUCHAR)ExAllocatePoolWithTag(NonPagedPool, RING_PAGES * PAGE_SIZE, TEST_TAG);
    if (RingMemory == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(RingMemory, RING_PAGES * PAGE_SIZE);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (RingMemory != NULL) {
        ExFreePoolWithTag(RingMemory, TEST_TAG);
    }
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    const ULONG code = Stack->Parameters.DeviceIoControl.IoControlCode;
    const ULONG in = Stack->Parameters.DeviceIoControl.InputBufferLength;
    const ULONG out = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (code) {
    case IOCTL_RUN:
        PhysicalMemory();
#ifdef HAVE_DEVICE_MEMORY
        DeviceMemory();
#endif
        PagesByRange();
        PartialAndAdvance();
        Copies();
        PageableSections();
        PoolVariants();
        return STATUS_SUCCESS;
    case IOCTL_USER_AREA:
    case IOCTL_SECURE:
        return in < sizeof(USER_AREA) ? STATUS_INVALID_PARAMETER
                                      : UserArea(code, (PVOID)(ULONG_PTR)((USER_AREA *)buffer)->Address);
    case IOCTL_UNSECURE:
        MmUnsecureVirtualMemory(SecureHandle);
        return STATUS_SUCCESS;
    case IOCTL_MAP_RING:
        if (out < sizeof(RING)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        status = MapRing((RING *)buffer);
        Irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(RING) : 0;
        return status;
    case IOCTL_UNMAP_RING:
        UnmapRing();
        return STATUS_SUCCESS;
    case IOCTL_MAP_AT: {
        MAP_AT request;

        if (in < sizeof(request) || out < sizeof(RING)) {
            return STATUS_INVALID_PARAMETER;
        }
        request = *(MAP_AT *)buffer;
        status = MapAt(&request, (RING *)buffer);
        Irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(RING) : 0;
        return status;
    }
    case IOCTL_UNMAP_AT:
        if (PartMdl != NULL) {
            MmUnmapLockedPages(PartAddress, PartMdl);
            IoFreeMdl(PartMdl);
            PartMdl = NULL;
        }
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
