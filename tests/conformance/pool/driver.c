/* SPDX-License-Identifier: Apache-2.0 */
/* Pool: alignment, tags, page boundaries, zeroing, failure. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

#define PAGE_OFFSET(address) ((ULONG_PTR)(address) & (PAGE_SIZE - 1))

static VOID Alignment(POOL_TYPE Type)
{
    static const SIZE_T kSizes[] = {1, 8, 15, 16, 17, 100, 1000, 2048, 3000, 4000, PAGE_SIZE, PAGE_SIZE + 1, 65536, 1 << 20};
    PVOID blocks[sizeof(kSizes) / sizeof(kSizes[0])];
    SIZE_T i;

    for (i = 0; i < sizeof(kSizes) / sizeof(kSizes[0]); ++i) {
        blocks[i] = ExAllocatePoolWithTag(Type, kSizes[i], TEST_TAG);
        CHECK(blocks[i] != NULL);
        if (blocks[i] == NULL) {
            continue;
        }
        RtlFillMemory(blocks[i], kSizes[i], (UCHAR)(i + 1));
        CHECK_EQUAL((ULONG_PTR)blocks[i] % 16, 0);
        if (kSizes[i] >= PAGE_SIZE) {
            CHECK_EQUAL(PAGE_OFFSET(blocks[i]), 0);
        } else {
            CHECK(PAGE_OFFSET(blocks[i]) + kSizes[i] <= PAGE_SIZE);
        }
    }
    for (i = 0; i < sizeof(kSizes) / sizeof(kSizes[0]); ++i) {
        PUCHAR bytes = (PUCHAR)blocks[i];

        if (bytes == NULL) {
            continue;
        }
        CHECK_EQUAL(bytes[0], (UCHAR)(i + 1));
        CHECK_EQUAL(bytes[kSizes[i] - 1], (UCHAR)(i + 1));
        ExFreePoolWithTag(bytes, TEST_TAG);
    }
}

/* Many small blocks: none crosses a page, none overlaps another. */
static VOID SmallBlocks(VOID)
{
    static PUCHAR blocks[300];
    ULONG i;
    ULONG j;

    for (i = 0; i < 300; ++i) {
        SIZE_T size = 8 + (i * 37) % 900;

        blocks[i] = (PUCHAR)ExAllocatePoolWithTag(NonPagedPool, size, TEST_TAG);
        CHECK(blocks[i] != NULL);
        if (blocks[i] == NULL) {
            return;
        }
        CHECK(PAGE_OFFSET(blocks[i]) + size <= PAGE_SIZE);
        RtlFillMemory(blocks[i], size, (UCHAR)i);
    }
    for (i = 0; i < 300; ++i) {
        SIZE_T size = 8 + (i * 37) % 900;
        BOOLEAN same = TRUE;

        for (j = 0; j < size; ++j) {
            same = same && blocks[i][j] == (UCHAR)i;
        }
        CHECK(same);
        ExFreePool(blocks[i]);
    }
}

/* Non-paged pool can be allocated, used and freed at DISPATCH_LEVEL. */
static VOID AtDispatchLevel(VOID)
{
    PVOID block;
    KIRQL irql;

    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    block = ExAllocatePoolWithTag(NonPagedPool, 200, TEST_TAG);
    CHECK(block != NULL);
    if (block != NULL) {
        RtlZeroMemory(block, 200);
        ExFreePoolWithTag(block, TEST_TAG);
    }
    KeLowerIrql(irql);
}

static VOID Failure(VOID)
{
    /* More than any machine has: NULL, not an exception. */
    CHECK(ExAllocatePoolWithTag(NonPagedPool, (SIZE_T)1 << 46, TEST_TAG) == NULL);
}

/* Physical addresses of a page-sized block are page-aligned and follow the offset within the page. */
static VOID PhysicalAddresses(VOID)
{
    PUCHAR block = (PUCHAR)ExAllocatePoolWithTag(NonPagedPool, 2 * PAGE_SIZE, TEST_TAG);
    LONGLONG start;

    CHECK(block != NULL);
    if (block == NULL) {
        return;
    }
    start = MmGetPhysicalAddress(block).QuadPart;
    CHECK(start != 0);
    CHECK_EQUAL(start % PAGE_SIZE, 0);
    CHECK_EQUAL(MmGetPhysicalAddress(block + 100).QuadPart, start + 100);
    CHECK(MmGetPhysicalAddress(block + PAGE_SIZE).QuadPart != start);
    ExFreePoolWithTag(block, TEST_TAG);
}

static VOID Contiguous(VOID)
{
    PHYSICAL_ADDRESS highest;
    PUCHAR block;
    LONGLONG start;
    ULONG page;

    highest.QuadPart = 0xffffffffLL;
    block = (PUCHAR)MmAllocateContiguousMemory(5 * PAGE_SIZE, highest);
    CHECK(block != NULL);
    if (block == NULL) {
        return;
    }
    CHECK_EQUAL(PAGE_OFFSET(block), 0);
    start = MmGetPhysicalAddress(block).QuadPart;
    CHECK(start + 5 * PAGE_SIZE - 1 <= highest.QuadPart);
    for (page = 0; page < 5; ++page) {
        CHECK_EQUAL(MmGetPhysicalAddress(block + page * PAGE_SIZE).QuadPart, start + page * PAGE_SIZE);
    }
    RtlFillMemory(block, 5 * PAGE_SIZE, 0x77);
    CHECK_EQUAL(block[5 * PAGE_SIZE - 1], 0x77);
    MmFreeContiguousMemory(block);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RUN) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    Alignment(NonPagedPool);
    Alignment(PagedPool);
    SmallBlocks();
    AtDispatchLevel();
    Failure();
    PhysicalAddresses();
    Contiguous();
    return STATUS_SUCCESS;
}
