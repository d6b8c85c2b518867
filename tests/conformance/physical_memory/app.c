/* SPDX-License-Identifier: Apache-2.0 */
/* Views of a driver's contiguous buffer at its physical address: same pages, read-only where asked, gone after unmapping. */
#include "public.h"

#include "frame/app_frame.h"

static HANDLE Device;

static volatile unsigned int *Map(unsigned int offset, unsigned int length, unsigned int readOnly)
{
    MAP_REQUEST request;
    MAP_REPLY reply;

    request.Offset = offset;
    request.Length = length;
    request.ReadOnly = readOnly;
    reply.Address = 0;
    CHECK(Control(Device, IOCTL_MAP, &request, sizeof(request), &reply, sizeof(reply), NULL));
    return (volatile unsigned int *)(size_t)reply.Address;
}

static void Unmap(volatile unsigned int *view)
{
    MAP_REPLY reply;

    reply.Address = (size_t)view;
    CHECK(Control(Device, IOCTL_UNMAP, &reply, sizeof(reply), NULL, 0, NULL));
}

static unsigned int Word(unsigned int page)
{
    unsigned int words[BUFFER_PAGES];

    memset(words, 0, sizeof(words));
    CHECK(Control(Device, IOCTL_WORDS, NULL, 0, words, sizeof(words), NULL));
    return words[page];
}

int main(void)
{
    volatile unsigned int *whole;
    volatile unsigned int *part;
    MEMORY_BASIC_INFORMATION information;
    MAP_REQUEST request;
    MAP_REPLY reply;
    unsigned int page;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    whole = Map(0, BUFFER_BYTES, 0);
    CHECK(whole != NULL);
    if (whole == NULL) {
        return Finish(Device);
    }
    for (page = 0; page < BUFFER_PAGES; ++page) {
        CHECK_EQUAL(whole[page * 1024], 0x5eed0000 + page);
        whole[page * 1024] = 0xabcd0000 + page;
        CHECK_EQUAL(Word(page), 0xabcd0000 + page);
    }
    part = Map(4096 + 8, 100, 1);
    CHECK_EQUAL((size_t)part & 4095, 8);
    whole[1024 + 2] = 77;
    CHECK_EQUAL(*part, 77);
    CHECK_EQUAL(VirtualQuery((void *)(size_t)part, &information, sizeof(information)), sizeof(information));
    CHECK_EQUAL(information.Protect, PAGE_READONLY);
    CHECK_EQUAL(information.Type, MEM_MAPPED);
    Unmap(part);
    Unmap(whole);
    CHECK_EQUAL(VirtualQuery((void *)(size_t)whole, &information, sizeof(information)), sizeof(information));
    CHECK_EQUAL(information.State, MEM_FREE);

    request.Offset = 0;
    request.Length = 0;
    request.ReadOnly = 0;
    CHECK(!Control(Device, IOCTL_MAP, &request, sizeof(request), &reply, sizeof(reply), NULL));
    return Finish(Device);
}
