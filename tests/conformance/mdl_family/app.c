/* SPDX-License-Identifier: Apache-2.0 */
/* The MDL family on the application's pages: locked, selected, mirrored, at an address of its choice, secured. */
#include "public.h"

#include "frame/app_frame.h"

static HANDLE Device;

static void Fill(unsigned char *area)
{
    int page;

    for (page = 0; page < AREA_PAGES; ++page) {
        memset(area + page * 4096, 'A' + page, 4096);
    }
}

static void TheRing(void)
{
    RING ring = {0};
    unsigned char *bytes;
    unsigned int i;

    CHECK(Control(Device, IOCTL_MAP_RING, NULL, 0, &ring, sizeof(ring), NULL));
    bytes = (unsigned char *)(size_t)ring.Address;
    if (bytes == NULL) {
        return;
    }
    /* What is written at the end goes on at the beginning, and the other way round. */
    for (i = 0; i < RING_PAGES * 4096; i += 1024) {
        bytes[i] = (unsigned char)(i / 1024 + 1);
        CHECK_EQUAL(bytes[i + RING_PAGES * 4096], (unsigned char)(i / 1024 + 1));
        bytes[i + RING_PAGES * 4096 + 1] = 0x5a;
        CHECK_EQUAL(bytes[i + 1], 0x5a);
    }
    CHECK(Control(Device, IOCTL_UNMAP_RING, NULL, 0, NULL, 0, NULL));
}

static void AtAnAddressOfOurChoice(void)
{
    MAP_AT request;
    RING reply = {0};
    unsigned char *place;

    /* A free range: reserved and given back. */
    place = (unsigned char *)VirtualAlloc(NULL, RING_PAGES * 4096, MEM_RESERVE, PAGE_NOACCESS);
    CHECK(place != NULL);
    request.Address = (unsigned long long)(size_t)place;
    request.ReadOnly = 0;
    /* It is taken now: the call fails. */
    CHECK(!Control(Device, IOCTL_MAP_AT, &request, sizeof(request), &reply, sizeof(reply), NULL));
    CHECK(VirtualFree(place, 0, MEM_RELEASE));
    CHECK(Control(Device, IOCTL_MAP_AT, &request, sizeof(request), &reply, sizeof(reply), NULL));
    CHECK_EQUAL(reply.Address, request.Address);
    if (reply.Address == request.Address) {
        place[0] = 1;
        CHECK(Control(Device, IOCTL_UNMAP_AT, NULL, 0, NULL, 0, NULL));
    }
    request.ReadOnly = 1;
    CHECK(Control(Device, IOCTL_MAP_AT, &request, sizeof(request), &reply, sizeof(reply), NULL));
    if (reply.Address != 0) {
        DWORD old = 0;

        CHECK_EQUAL(*(volatile unsigned char *)(size_t)reply.Address, 1);
        /* More than the driver gave is not to be had. */
        CHECK(!VirtualProtect((void *)(size_t)reply.Address, 4096, PAGE_READWRITE, &old));
        CHECK(Control(Device, IOCTL_UNMAP_AT, NULL, 0, NULL, 0, NULL));
    }
}

static void Secured(unsigned char *area)
{
    USER_AREA request;
    DWORD old = 0;

    request.Address = (unsigned long long)(size_t)area;
    CHECK(Control(Device, IOCTL_SECURE, &request, sizeof(request), NULL, 0, NULL));
    CHECK(!VirtualProtect(area, 4096, PAGE_NOACCESS, &old));
    CHECK(!VirtualProtect(area, 4096, PAGE_READONLY, &old));
    CHECK(!VirtualFree(area, 0, MEM_RELEASE));
    area[0] = 1;
    CHECK(Control(Device, IOCTL_UNSECURE, NULL, 0, NULL, 0, NULL));
    CHECK(VirtualProtect(area, 4096, PAGE_READONLY, &old));
    CHECK_EQUAL(old, PAGE_READWRITE);
    /* A read-only page is not secured for writing. */
    CHECK_EQUAL(ControlError(Device, IOCTL_SECURE, &request, sizeof(request), NULL, 0), ERROR_NOACCESS);
    CHECK(VirtualProtect(area, 4096, PAGE_READWRITE, &old));
}

int main(void)
{
    unsigned char *area;
    USER_AREA request;
    int page;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(Control(Device, IOCTL_RUN, NULL, 0, NULL, 0, NULL));

    area = (unsigned char *)VirtualAlloc(NULL, AREA_PAGES * 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(area != NULL);
    if (area != NULL) {
        Fill(area);
        request.Address = (unsigned long long)(size_t)area;
        CHECK(Control(Device, IOCTL_USER_AREA, &request, sizeof(request), NULL, 0, NULL));
        for (page = 0; page < AREA_PAGES; ++page) {
            CHECK_EQUAL(area[page * 4096], 'a' + page); /* the driver's answer, through every mapping */
        }
        Secured(area);
        CHECK(VirtualFree(area, 0, MEM_RELEASE));
    }
    TheRing();
    TheRing();
    AtAnAddressOfOurChoice();
    return Finish(Device);
}
