/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's memory mapped into the application: MDLs of pool, of contiguous memory, of a part of a buffer. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static PUCHAR Pool;
static PUCHAR Contiguous;
static PMDL Mdls[KINDS];

static PMDL BuildMdl(PVOID Memory, ULONG Length)
{
    PMDL mdl = IoAllocateMdl(Memory, Length, FALSE, FALSE, NULL);
    PPFN_NUMBER frames;
    ULONG pages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(Memory, Length);
    ULONG i;

    CHECK(mdl != NULL);
    if (mdl == NULL) {
        return NULL;
    }
    CHECK_EQUAL(MmGetMdlByteCount(mdl), Length);
    CHECK_EQUAL(MmGetMdlByteOffset(mdl), BYTE_OFFSET(Memory));
    CHECK(MmGetMdlVirtualAddress(mdl) == Memory);
    MmBuildMdlForNonPagedPool(mdl);
    CHECK((mdl->MdlFlags & MDL_SOURCE_IS_NONPAGED_POOL) != 0);
    CHECK(MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority) == Memory); /* no second mapping */
    frames = MmGetMdlPfnArray(mdl);
    for (i = 0; i < pages; ++i) {
        PUCHAR page = (PUCHAR)PAGE_ALIGN(Memory) + i * PAGE_SIZE;

        CHECK_EQUAL(frames[i], (ULONG64)MmGetPhysicalAddress(page).QuadPart >> PAGE_SHIFT);
    }
    return mdl;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    ULONG kind;

    UNREFERENCED_PARAMETER(DriverObject);
    for (kind = 0; kind < KINDS; ++kind) {
        if (Mdls[kind] != NULL) {
            IoFreeMdl(Mdls[kind]);
        }
    }
    if (Contiguous != NULL) {
        MmFreeContiguousMemory(Contiguous);
    }
    if (Pool != NULL) {
        ExFreePoolWithTag(Pool, TEST_TAG);
    }
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    PHYSICAL_ADDRESS highest;
    ULONG i;

    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    highest.QuadPart = 0xffffffffLL;
    Pool = (PUCHAR)ExAllocatePoolWithTag(NonPagedPool, BUFFER_BYTES, TEST_TAG);
    Contiguous = (PUCHAR)MmAllocateContiguousMemory(BUFFER_BYTES, highest);
    if (Pool == NULL || Contiguous == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Pool, BUFFER_BYTES);
    RtlZeroMemory(Contiguous, BUFFER_BYTES);
    Mdls[KIND_POOL] = BuildMdl(Pool, BUFFER_BYTES);
    Mdls[KIND_CONTIGUOUS] = BuildMdl(Contiguous, BUFFER_BYTES);
    Mdls[KIND_OFFSET] = BuildMdl(Pool + OFFSET_START, OFFSET_BYTES);
    for (i = 0; i < KINDS; ++i) {
        if (Mdls[i] == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
    }
    /* Contiguous memory has consecutive frames; the offset MDL has those of the pool buffer, from its second page on. */
    for (i = 1; i < BUFFER_BYTES / PAGE_SIZE; ++i) {
        CHECK_EQUAL(MmGetMdlPfnArray(Mdls[KIND_CONTIGUOUS])[i], MmGetMdlPfnArray(Mdls[KIND_CONTIGUOUS])[0] + i);
    }
    for (i = 0; i < 3; ++i) {
        CHECK_EQUAL(MmGetMdlPfnArray(Mdls[KIND_OFFSET])[i], MmGetMdlPfnArray(Mdls[KIND_POOL])[i + 1]);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS Map(PMDL Mdl, MAP_REPLY *Reply)
{
    PVOID address = NULL;

    __try {
        address = MmMapLockedPagesSpecifyCache(Mdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    if (address == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Reply, sizeof(*Reply));
    Reply->Address = (ULONG_PTR)address;
    Reply->Length = MmGetMdlByteCount(Mdl);
    CHECK_EQUAL(BYTE_OFFSET(address), MmGetMdlByteOffset(Mdl));
    return STATUS_SUCCESS;
}

static ULONG Compare(PMDL Ours, PMDL Theirs)
{
    ULONG ourPages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(Ours), MmGetMdlByteCount(Ours));
    ULONG theirPages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(Theirs), MmGetMdlByteCount(Theirs));
    ULONG same = 0;
    ULONG i;

    for (i = 0; i < ourPages && i < theirPages; ++i) {
        same += MmGetMdlPfnArray(Ours)[i] == MmGetMdlPfnArray(Theirs)[i];
    }
    return same;
}

static NTSTATUS Touch(PIRP Irp)
{
    volatile UCHAR *bytes;
    ULONG i;

    if (Irp->MdlAddress == NULL) {
        return STATUS_INVALID_PARAMETER;
    }
    bytes = (volatile UCHAR *)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (bytes == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    for (i = 0; i < MmGetMdlByteCount(Irp->MdlAddress); ++i) {
        (VOID)bytes[i];
    }
    return STATUS_SUCCESS;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG code = Stack->Parameters.DeviceIoControl.IoControlCode;
    MAP_REPLY *reply = (MAP_REPLY *)Irp->AssociatedIrp.SystemBuffer;
    MAP_REQUEST request;
    volatile ULONG *words;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (code == IOCTL_TOUCH) {
        return Touch(Irp);
    }
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(request)) {
        return STATUS_INVALID_PARAMETER;
    }
    request = *(MAP_REQUEST *)Irp->AssociatedIrp.SystemBuffer;
    if (request.Kind >= KINDS) {
        return STATUS_INVALID_PARAMETER;
    }
    switch (code) {
    case IOCTL_MAP:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*reply)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        status = Map(Mdls[request.Kind], reply);
        Irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(*reply) : 0;
        return status;
    case IOCTL_UNMAP:
        /* A test driver for one well-behaved application: a real one keeps the addresses itself. */
        MmUnmapLockedPages((PVOID)(ULONG_PTR)request.Address, Mdls[request.Kind]);
        return STATUS_SUCCESS;
    case IOCTL_EXCHANGE:
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*reply) ||
            request.Offset > MmGetMdlByteCount(Mdls[request.Kind]) - 8 || request.Offset % 4 != 0) {
            return STATUS_INVALID_PARAMETER;
        }
        words = (volatile ULONG *)((PUCHAR)MmGetMdlVirtualAddress(Mdls[request.Kind]) + request.Offset);
        reply->Value = words[0];
        words[1] = request.Value;
        Irp->IoStatus.Information = sizeof(*reply);
        return STATUS_SUCCESS;
    case IOCTL_COMPARE:
        if (Irp->MdlAddress == NULL) {
            return STATUS_INVALID_PARAMETER;
        }
        Irp->IoStatus.Information = Compare(Mdls[request.Kind], Irp->MdlAddress);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
