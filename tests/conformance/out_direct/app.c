/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_OUT_DIRECT on every kind of memory that an application has, in many sizes and at odd addresses. */
#include "public.h"

#include "frame/app_frame.h"

#define LARGEST (16U << 20)
#define OLD 0xcc

static unsigned char StaticMemory[3 * 4096 + 64];
static unsigned char StaticInitialised[2 * 4096] = {1, 2, 3};
static const unsigned char ConstantMemory[2 * 4096] = {1, 2, 3};

static void GetState(HANDLE device, STATE *state)
{
    DWORD returned = 0;

    memset(state, 0xee, sizeof(*state));
    CHECK(Control(device, IOCTL_STATE, NULL, 0, state, sizeof(*state), &returned));
    CHECK_EQUAL(returned, sizeof(*state));
}

/* Fills [memory+offset, +length) of `capacity` bytes by the driver and checks each byte, inside and outside. */
static void FillAndLook(HANDLE device, unsigned char *memory, size_t capacity, size_t offset, DWORD length,
                        unsigned char fill)
{
    ORDER order;
    STATE state;
    DWORD returned = 0;
    size_t address = (size_t)(memory + offset);

    order.Fill = fill;
    order.Status = 0;
    memset(memory, OLD, capacity);
    CHECK(Control(device, IOCTL_FILL, &order, sizeof(order), memory + offset, length, &returned));
    CHECK_EQUAL(returned, length);
    CHECK_EQUAL(FirstOther(memory, 0, offset, OLD), offset);
    CHECK_EQUAL(FirstOther(memory, offset, offset + length, fill), offset + length);
    CHECK_EQUAL(FirstOther(memory, offset + length, capacity, OLD), capacity);

    GetState(device, &state);
    CHECK_EQUAL(state.MdlIsNull, 0);
    CHECK_EQUAL(state.SystemBufferIsNull, 0);
    CHECK_EQUAL(state.OutputLength, length);
    CHECK_EQUAL(state.ByteCount, length);
    CHECK_EQUAL(state.ByteOffset, address & 4095);
    CHECK_EQUAL(state.SystemAddressOffset, address & 4095);
    CHECK_EQUAL(state.VirtualAddress, address);
    CHECK_EQUAL(state.Pages, ((address & 4095) + length + 4095) / 4096);
}

static void EveryKindOfMemory(HANDLE device)
{
    unsigned char stackMemory[2 * 4096 + 100];
    unsigned char *heap = (unsigned char *)malloc(20000);
    unsigned char *small = (unsigned char *)malloc(40);
    unsigned char *processHeap = (unsigned char *)HeapAlloc(GetProcessHeap(), 0, 10000);
    unsigned char *pages = (unsigned char *)VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    FillAndLook(device, stackMemory, sizeof(stackMemory), 0, sizeof(stackMemory), 0x21);
    FillAndLook(device, stackMemory, sizeof(stackMemory), 5, 77, 0x22);
    FillAndLook(device, StaticMemory, sizeof(StaticMemory), 0, sizeof(StaticMemory), 0x23);
    FillAndLook(device, StaticMemory, sizeof(StaticMemory), 4090, 13, 0x24);
    FillAndLook(device, StaticInitialised, sizeof(StaticInitialised), 1, sizeof(StaticInitialised) - 2, 0x25);
    CHECK(heap != NULL && small != NULL && processHeap != NULL && pages != NULL);
    if (heap != NULL) FillAndLook(device, heap, 20000, 3, 19990, 0x26);
    if (small != NULL) FillAndLook(device, small, 40, 7, 11, 0x27);
    if (processHeap != NULL) FillAndLook(device, processHeap, 10000, 0, 10000, 0x28);
    if (pages != NULL) FillAndLook(device, pages, 65536, 0, 65536, 0x29);
    free(heap);
    free(small);
    if (processHeap != NULL) CHECK(HeapFree(GetProcessHeap(), 0, processHeap));
    if (pages != NULL) CHECK(VirtualFree(pages, 0, MEM_RELEASE));
}

static void ManySizes(HANDLE device)
{
    static const DWORD kSizes[] = {1, 2, 3, 8, 64, 4095, 4096, 4097, 12288, 65535, 65536, 65537, 1 << 20, LARGEST};
    static const size_t kOffsets[] = {0, 1, 13, 4095};
    unsigned char *memory = (unsigned char *)malloc(LARGEST + 8192);
    size_t i;
    size_t j;

    CHECK(memory != NULL);
    if (memory == NULL) {
        return;
    }
    for (i = 0; i < sizeof(kSizes) / sizeof(kSizes[0]); ++i) {
        for (j = 0; j < sizeof(kOffsets) / sizeof(kOffsets[0]); ++j) {
            FillAndLook(device, memory, kSizes[i] + 8192, kOffsets[j], kSizes[i], (unsigned char)(0x30 + i + j));
        }
    }
    free(memory);
}

static void SameBufferSameFrames(HANDLE device)
{
    unsigned char *pages = (unsigned char *)VirtualAlloc(NULL, 32768, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    ORDER order = {0x41, 0};
    STATE first;
    STATE second;
    unsigned int i;
    unsigned int j;

    CHECK(pages != NULL);
    if (pages == NULL) {
        return;
    }
    CHECK(Control(device, IOCTL_FILL, &order, sizeof(order), pages, 32768, NULL));
    GetState(device, &first);
    CHECK(Control(device, IOCTL_FILL, &order, sizeof(order), pages, 32768, NULL));
    GetState(device, &second);
    CHECK_EQUAL(first.Pages, 8);
    for (i = 0; i < STATE_FRAMES; ++i) {
        CHECK_EQUAL(first.Frames[i], second.Frames[i]);
        for (j = 0; j < i; ++j) {
            CHECK(first.Frames[i] != first.Frames[j]);
        }
    }
    /* A part of the buffer has the frames of that part. */
    CHECK(Control(device, IOCTL_FILL, &order, sizeof(order), pages + 2 * 4096 + 100, 4096, NULL));
    GetState(device, &second);
    CHECK_EQUAL(second.Pages, 2);
    CHECK_EQUAL(second.Frames[0], first.Frames[2]);
    CHECK_EQUAL(second.Frames[1], first.Frames[3]);
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
}

static void ZeroLength(HANDLE device)
{
    ORDER order = {0x51, 0};
    STATE state;
    DWORD returned = 1;

    CHECK(Control(device, IOCTL_FILL, &order, sizeof(order), NULL, 0, &returned));
    CHECK_EQUAL(returned, 0);
    GetState(device, &state);
    CHECK_EQUAL(state.MdlIsNull, 1);
    CHECK_EQUAL(state.SystemBufferIsNull, 0);
}

/* The pages are the caller's own: bytes written before a failure are there. */
static void AFailureUndoesNothing(HANDLE device)
{
    ORDER order = {0x61, 0xc0000001U};
    unsigned char buffer[100];

    memset(buffer, OLD, sizeof(buffer));
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), buffer, sizeof(buffer)), ERROR_GEN_FAILURE);
    CHECK_EQUAL(FirstOther(buffer, 0, sizeof(buffer), 0x61), sizeof(buffer));
}

/* Memory that cannot be written fails the call, and the driver never sees it. */
static void BadMemoryFailsEarly(HANDLE device)
{
    unsigned char *readOnly = (unsigned char *)VirtualAlloc(NULL, 8192, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    unsigned char *noAccess = (unsigned char *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_NOACCESS);
    unsigned char *freed = (unsigned char *)VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    ORDER order = {0x71, 0};
    STATE before;
    STATE after;

    CHECK(readOnly != NULL && noAccess != NULL && freed != NULL);
    CHECK(VirtualFree(freed, 0, MEM_RELEASE));
    GetState(device, &before);
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), readOnly, 100), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), (void *)ConstantMemory, 100), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), noAccess, 1), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), freed, 4096), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), NULL, 4), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(device, IOCTL_FILL, &order, sizeof(order), (void *)(size_t)0xffff800000000000ULL, 4),
                ERROR_NOACCESS);
    GetState(device, &after);
    CHECK_EQUAL(after.Calls, before.Calls);
    CHECK_EQUAL(ConstantMemory[0], 1);
    CHECK_EQUAL(readOnly[0], 0);
    CHECK(VirtualFree(readOnly, 0, MEM_RELEASE));
    CHECK(VirtualFree(noAccess, 0, MEM_RELEASE));
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    EveryKindOfMemory(device);
    ManySizes(device);
    SameBufferSameFrames(device);
    ZeroLength(device);
    AFailureUndoesNothing(device);
    BadMemoryFailsEarly(device);
    return Finish(device);
}
