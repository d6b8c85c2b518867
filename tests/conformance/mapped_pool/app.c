/* SPDX-License-Identifier: Apache-2.0 */
/* The driver's buffers in this process: same pages, several views, and nothing left after unmapping. */
#include "public.h"

#include "frame/app_frame.h"

static HANDLE Device;

static unsigned char *Map(unsigned int kind, unsigned int length)
{
    MAP_REQUEST request;
    MAP_REPLY reply;

    memset(&request, 0, sizeof(request));
    memset(&reply, 0, sizeof(reply));
    request.Kind = kind;
    CHECK(Control(Device, IOCTL_MAP, &request, sizeof(request), &reply, sizeof(reply), NULL));
    CHECK_EQUAL(reply.Length, length);
    return (unsigned char *)(size_t)reply.Address;
}

static void Unmap(unsigned int kind, void *address)
{
    MAP_REQUEST request;

    memset(&request, 0, sizeof(request));
    request.Kind = kind;
    request.Address = (unsigned long long)(size_t)address;
    CHECK(Control(Device, IOCTL_UNMAP, &request, sizeof(request), NULL, 0, NULL));
}

static unsigned int Exchange(unsigned int kind, unsigned int offset, unsigned int value)
{
    MAP_REQUEST request;
    MAP_REPLY reply;

    memset(&request, 0, sizeof(request));
    memset(&reply, 0, sizeof(reply));
    request.Kind = kind;
    request.Offset = offset;
    request.Value = value;
    CHECK(Control(Device, IOCTL_EXCHANGE, &request, sizeof(request), &reply, sizeof(reply), NULL));
    return reply.Value;
}

static DWORD SameFrames(unsigned int kind, void *memory, DWORD length)
{
    MAP_REQUEST request;
    DWORD returned = 0;

    memset(&request, 0, sizeof(request));
    request.Kind = kind;
    CHECK(Control(Device, IOCTL_COMPARE, &request, sizeof(request), memory, length, &returned));
    return returned;
}

static void Kind(unsigned int kind, unsigned int length)
{
    unsigned char *one = Map(kind, length);
    unsigned char *two = Map(kind, length);
    DWORD pages;
    unsigned int offset;

    CHECK(one != NULL && two != NULL && one != two);
    if (one == NULL || two == NULL) {
        return;
    }
    pages = (DWORD)((((size_t)one & 4095) + length + 4095) / 4096);
    for (offset = 0; offset + 8 <= length; offset += 1000) {
        volatile unsigned int *word = (volatile unsigned int *)(one + offset);
        volatile unsigned int *other = (volatile unsigned int *)(two + offset);

        *word = offset + 0x10000 * (kind + 1);
        CHECK_EQUAL(*other, offset + 0x10000 * (kind + 1));
        CHECK_EQUAL(Exchange(kind, offset, ~offset), offset + 0x10000 * (kind + 1));
        CHECK_EQUAL(word[1], ~offset);
        CHECK_EQUAL(other[1], ~offset);
    }
    CHECK_EQUAL(SameFrames(kind, one, length), pages);
    CHECK_EQUAL(SameFrames(kind, two, length), pages);

    Unmap(kind, one);
    CHECK_EQUAL(*(volatile unsigned int *)two, 0x10000 * (kind + 1));
    /* The address is no longer good: a request with it fails before the driver sees it. */
    CHECK_EQUAL(ControlError(Device, IOCTL_TOUCH, NULL, 0, one, length), ERROR_NOACCESS);
    CHECK(Control(Device, IOCTL_TOUCH, NULL, 0, two, length, NULL));
    Unmap(kind, two);
    CHECK_EQUAL(ControlError(Device, IOCTL_TOUCH, NULL, 0, two, length), ERROR_NOACCESS);
    /* The driver still has it, with what was written. */
    CHECK_EQUAL(Exchange(kind, 0, 1), 0x10000 * (kind + 1));
}

int main(void)
{
    unsigned char *whole;
    unsigned char *part;
    int i;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Kind(KIND_POOL, BUFFER_BYTES);
    Kind(KIND_CONTIGUOUS, BUFFER_BYTES);
    Kind(KIND_OFFSET, OFFSET_BYTES);

    /* Two MDLs of the same memory: what is written through one view is in the other. */
    whole = Map(KIND_POOL, BUFFER_BYTES);
    part = Map(KIND_OFFSET, OFFSET_BYTES);
    CHECK_EQUAL((size_t)part & 4095, 100);
    memset(part, 0x6b, OFFSET_BYTES);
    CHECK_EQUAL(FirstOther(whole, OFFSET_START, OFFSET_START + OFFSET_BYTES, 0x6b), OFFSET_START + OFFSET_BYTES);
    Unmap(KIND_OFFSET, part);
    Unmap(KIND_POOL, whole);

    /* Mapping and unmapping leaves nothing behind, so it can go on for long. */
    for (i = 0; i < 500; ++i) {
        whole = Map(KIND_POOL, BUFFER_BYTES);
        CHECK_EQUAL(whole[OFFSET_START], 0x6b);
        Unmap(KIND_POOL, whole);
    }
    return Finish(Device);
}
