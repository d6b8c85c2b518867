/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Placeholders ("VirtualAlloc2"): two views of one section side by side make a ring without seam, which a driver writes over;
 * splitting, joining, replacing and giving back. A view of a whole terabyte. What VirtualQuery says of memory that the
 * application did not allocate.
 */
#include "public.h"

#include "frame/app_frame.h"

#define GRAIN 65536u

static HANDLE Device;

static DWORD DriverWrites(DWORD code, void *address, unsigned int length, unsigned int first)
{
    RING_REQUEST request;

    request.Address = (unsigned long long)(size_t)address;
    request.Length = length;
    request.First = first;
    return ControlError(Device, code, &request, sizeof(request), NULL, 0);
}

/* The steps of the documentation's example, in its order. */
static unsigned char *CreateRing(unsigned int bytes, unsigned char **second)
{
    unsigned char *ring = NULL;
    unsigned char *placeholder1;
    unsigned char *placeholder2;
    unsigned char *view1 = NULL;
    unsigned char *view2 = NULL;
    HANDLE section = NULL;
    SYSTEM_INFO system;

    GetSystemInfo(&system);
    if (bytes % system.dwAllocationGranularity != 0) {
        return NULL;
    }
    placeholder1 = (unsigned char *)VirtualAlloc2(NULL, NULL, 2 * bytes, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS,
                                                  NULL, 0);
    if (placeholder1 == NULL) {
        return NULL;
    }
    /* Split into two of the same size. */
    if (!VirtualFree(placeholder1, bytes, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER)) {
        return NULL;
    }
    placeholder2 = placeholder1 + bytes;
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, bytes, NULL);
    if (section != NULL) {
        view1 = (unsigned char *)MapViewOfFile3(section, NULL, placeholder1, 0, bytes, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE,
                                                NULL, 0);
        view2 = (unsigned char *)MapViewOfFile3(section, NULL, placeholder2, 0, bytes, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE,
                                                NULL, 0);
        CloseHandle(section);
    }
    if (view1 != NULL && view2 != NULL) {
        ring = view1;
        *second = view2;
    }
    return ring;
}

static void CheckState(void *address, DWORD state, SIZE_T bytes)
{
    MEMORY_BASIC_INFORMATION region;

    CHECK_EQUAL(VirtualQuery(address, &region, sizeof(region)), sizeof(region));
    CHECK_EQUAL(region.State, state);
    CHECK(region.BaseAddress == address);
    if (bytes != 0) {
        CHECK_EQUAL(region.RegionSize, bytes);
        CHECK(region.AllocationBase == address);
    }
}

static void Ring(void)
{
    unsigned char *second = NULL;
    unsigned char *ring = CreateRing(GRAIN, &second);
    unsigned int i;

    CHECK(ring != NULL);
    if (ring == NULL) {
        return;
    }
    CHECK(second == ring + GRAIN);
    ring[0] = 'a';
    CHECK_EQUAL(ring[GRAIN], 'a');
    ring[2 * GRAIN - 1] = 'z';
    CHECK_EQUAL(ring[GRAIN - 1], 'z');
    /* The driver writes over the seam, which it does not see. */
    CHECK_EQUAL(DriverWrites(IOCTL_RING_RAW, ring + GRAIN - 100, 200, 0), ERROR_SUCCESS);
    for (i = 0; i < 100; ++i) {
        CHECK_EQUAL(ring[i], 100 + i);
        CHECK_EQUAL(ring[2 * GRAIN - 100 + i], i);
    }
    CHECK_EQUAL(DriverWrites(IOCTL_RING_LOCKED, ring + GRAIN - 100, 200, 7), ERROR_SUCCESS);
    for (i = 0; i < 100; ++i) {
        CHECK_EQUAL(ring[i], 107 + i);
        CHECK_EQUAL(ring[GRAIN - 100 + i], 7 + i);
    }

    /* Back to a placeholder: the addresses stay ours, the memory goes. */
    CHECK(UnmapViewOfFile2(GetCurrentProcess(), second, MEM_PRESERVE_PLACEHOLDER));
    CheckState(second, MEM_RESERVE, GRAIN);
    CHECK_EQUAL(DriverWrites(IOCTL_RING_RAW, ring + GRAIN - 1, 2, 0), ERROR_NOACCESS);
    CHECK_EQUAL(DriverWrites(IOCTL_RING_LOCKED, ring + GRAIN - 1, 2, 0), ERROR_NOACCESS);
    CHECK(VirtualAlloc(second, GRAIN, MEM_RESERVE, PAGE_READWRITE) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);
    /* Other memory in its place. */
    CHECK(VirtualAlloc2(NULL, second, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) ==
          (PVOID)second);
    CHECK_EQUAL(second[0], 0);
    CHECK_EQUAL(DriverWrites(IOCTL_RING_LOCKED, ring + GRAIN - 100, 200, 50), ERROR_SUCCESS); /* two kinds of memory */
    CHECK_EQUAL(second[99], 50 + 199);
    CHECK_EQUAL(ring[GRAIN - 1], 50 + 99);
    CHECK_EQUAL(ring[0], 107);
    CHECK(VirtualFree(second, GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    CheckState(second, MEM_RESERVE, GRAIN);

    /* Joined again, and freed. */
    CHECK(UnmapViewOfFileEx(ring, MEM_PRESERVE_PLACEHOLDER));
    CHECK(!VirtualFree(ring, GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
    CHECK(VirtualFree(ring, 2 * GRAIN, MEM_RELEASE | MEM_COALESCE_PLACEHOLDERS));
    CheckState(ring, MEM_RESERVE, 2 * GRAIN);
    CHECK(VirtualFree(ring, 0, MEM_RELEASE));
    CheckState(ring, MEM_FREE, 0);

    ring = CreateRing(2 * GRAIN, &second);
    CHECK(ring != NULL);
    CHECK(UnmapViewOfFile(ring));
    CHECK(UnmapViewOfFile(second));
    CheckState(ring, MEM_FREE, 0);
}

static void Mistakes(void)
{
    unsigned char *base = (unsigned char *)VirtualAlloc2(GetCurrentProcess(), NULL, 2 * GRAIN,
                                                         MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_NOACCESS, NULL, 0);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4 * GRAIN, NULL);

    CHECK(base != NULL && section != NULL);
    CHECK(VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_RESERVE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    /* Base and size must be the placeholder's. */
    CHECK(MapViewOfFile3(section, NULL, base, 0, GRAIN, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == NULL);
    CHECK(MapViewOfFile3(section, NULL, base + GRAIN, 0, GRAIN, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == NULL);
    CHECK(MapViewOfFile3(section, NULL, NULL, 0, GRAIN, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == NULL);
    CHECK(VirtualAlloc2(NULL, base, GRAIN, MEM_RESERVE | MEM_COMMIT | MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == NULL);
    CHECK(!VirtualFree(base, 3 * GRAIN, MEM_RELEASE | MEM_PRESERVE_PLACEHOLDER));
    CHECK(!UnmapViewOfFile2(GetCurrentProcess(), base, 0));
    CheckState(base, MEM_RESERVE, 2 * GRAIN); /* untouched by all that */
    CHECK(MapViewOfFile3(section, NULL, base, GRAIN, 2 * GRAIN, MEM_REPLACE_PLACEHOLDER, PAGE_READWRITE, NULL, 0) == (PVOID)base);
    CHECK(!UnmapViewOfFile2(GetCurrentProcess(), base, 0x80));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(UnmapViewOfFile2(GetCurrentProcess(), base, 0));
    CHECK(CloseHandle(section));
}

/* MEM_ADDRESS_REQUIREMENTS. */
static void Requirements(void)
{
    MEM_ADDRESS_REQUIREMENTS wanted;
    MEM_EXTENDED_PARAMETER parameter;
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, GRAIN, NULL);
    unsigned char *base;
    unsigned char *view;

    memset(&wanted, 0, sizeof(wanted));
    memset(&parameter, 0, sizeof(parameter));
    wanted.Alignment = 1u << 24;
    parameter.Type = MemExtendedParameterAddressRequirements;
    parameter.Pointer = &wanted;
    base = (unsigned char *)VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE, &parameter, 1);
    CHECK(base != NULL && ((size_t)base & ((1u << 24) - 1)) == 0);
    view = (unsigned char *)MapViewOfFile3(section, NULL, NULL, 0, 0, 0, PAGE_READWRITE, &parameter, 1);
    CHECK(view != NULL && view != base && ((size_t)view & ((1u << 24) - 1)) == 0);
    wanted.Alignment = 12345;
    CHECK(VirtualAlloc2(NULL, NULL, GRAIN, MEM_RESERVE, PAGE_READWRITE, &parameter, 1) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    wanted.Alignment = 0;
    CHECK(VirtualAlloc2(NULL, base, GRAIN, MEM_RESERVE, PAGE_READWRITE, &parameter, 1) == NULL);
    CHECK(VirtualFree(base, 0, MEM_RELEASE));
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(section));
}

/* A reserved terabyte, mapped whole; its pages are committed where they are used. */
static void Terabyte(void)
{
    const unsigned long long bytes = 1ULL << 40;
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 256, 0, NULL);
    unsigned char *view = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    unsigned long long places[3];
    unsigned int i;

    CHECK(view != NULL);
    if (view == NULL) {
        return;
    }
    places[0] = 0;
    places[1] = bytes / 2 + 3 * GRAIN;
    places[2] = bytes - 4096;
    CheckState(view, MEM_RESERVE, bytes);
    for (i = 0; i < 3; ++i) {
        unsigned char *place = view + places[i];

        CHECK_EQUAL(DriverWrites(IOCTL_RING_RAW, place, 16, 1), ERROR_NOACCESS);
        CHECK(VirtualAlloc(place, 4096, MEM_COMMIT, PAGE_READWRITE) == (LPVOID)place);
        place[1] = 9;
        CHECK_EQUAL(DriverWrites(IOCTL_RING_RAW, place, 16, 1), ERROR_SUCCESS);
        CHECK_EQUAL(place[1], 2);
        CHECK_EQUAL(DriverWrites(IOCTL_RING_LOCKED, place + 16, 16, 50), ERROR_SUCCESS);
        CHECK_EQUAL(place[31], 65);
    }
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(section));
    CheckState(view, MEM_FREE, 0);
    /* So can addresses alone. */
    view = (unsigned char *)VirtualAlloc(NULL, 1ULL << 39, MEM_RESERVE, PAGE_READWRITE);
    CHECK(view != NULL);
    CHECK(VirtualAlloc(view + (1ULL << 38), 1, MEM_COMMIT, PAGE_READWRITE) == (LPVOID)(view + (1ULL << 38)));
    CHECK_EQUAL(DriverWrites(IOCTL_RING_RAW, view + (1ULL << 38), 16, 1), ERROR_SUCCESS);
    CHECK_EQUAL(view[(1ULL << 38) + 15], 16);
    CHECK(VirtualFree(view, 0, MEM_RELEASE));
}

static void Query(const void *address, DWORD state, DWORD type)
{
    MEMORY_BASIC_INFORMATION region;
    const unsigned char *begin;

    memset(&region, 0, sizeof(region));
    CHECK_EQUAL(VirtualQuery(address, &region, sizeof(region)), sizeof(region));
    begin = (const unsigned char *)region.BaseAddress;
    CHECK(begin <= (const unsigned char *)address && (const unsigned char *)address < begin + region.RegionSize);
    CHECK_EQUAL(region.State, state);
    CHECK_EQUAL(region.Type, type);
    if (state == MEM_COMMIT) {
        CHECK(region.Protect != 0 && region.Protect != PAGE_NOACCESS);
    }
}

static const char Constant[] = "constant";
static int Variable = 1;

/* Memory that nobody allocated with these calls. */
static void Others(void)
{
    MEMORY_BASIC_INFORMATION region;
    int local = 0;

    Query(Constant, MEM_COMMIT, MEM_IMAGE);
    Query((const void *)(size_t)&Others, MEM_COMMIT, MEM_IMAGE);
    Query(&Variable, MEM_COMMIT, MEM_IMAGE);
    Query(&local, MEM_COMMIT, MEM_PRIVATE);
    Query(NULL, MEM_FREE, 0);
    CHECK_EQUAL(VirtualQuery((void *)(size_t)0xffff800000000000ULL, &region, sizeof(region)), 0);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

int main(void)
{
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Ring();
    Mistakes();
    Requirements();
    Terabyte();
    Others();
    return Finish(Device);
}
