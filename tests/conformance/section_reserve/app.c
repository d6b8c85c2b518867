/* SPDX-License-Identifier: Apache-2.0 */
/* Reserved sections, committed in any view for all of them; large ones in windows; unnamed ones given to the driver. */
#include "public.h"

#include "frame/app_frame.h"

#ifdef __MINGW32__ /* its headers lack these */
#define CreateFileMapping2(file, security, access, protection, attributes, size, name, parameters, count) \
    CreateFileMappingA(file, security, protection, 0, size, NULL)
#define MapViewOfFile2(section, process, offset, base, size, type, protection) \
    MapViewOfFile(section, FILE_MAP_WRITE, 0, offset, size)
#define MapViewOfFile3(section, process, base, offset, size, type, protection, parameters, count) \
    MapViewOfFile(section, FILE_MAP_WRITE, 0, offset, size)
#define UnmapViewOfFile2(process, base, flags) UnmapViewOfFile(base)
#define UnmapViewOfFileEx(base, flags) UnmapViewOfFile(base)
#define MapViewOfFileFromApp(section, access, offset, size) MapViewOfFile(section, access, 0, offset, size)
#define CreateFileMappingFromApp(file, security, protection, size, name) \
    CreateFileMappingA(file, security, protection, 0, size, NULL)
#endif

static HANDLE Device;

static DWORD TouchError(DWORD code, HANDLE section, unsigned int offset, unsigned int value, unsigned int *before)
{
    TOUCH touch;
    DWORD error;

    touch.Section = (unsigned long long)(size_t)section;
    touch.Offset = offset;
    touch.Value = value;
    error = ControlError(Device, code, &touch, sizeof(touch), &touch, sizeof(touch));
    *before = touch.Value;
    return error;
}

/* State and protection of one page, as VirtualQuery tells. */
static void CheckPage(void *address, DWORD state, DWORD protect, SIZE_T regionBytes)
{
    MEMORY_BASIC_INFORMATION region;

    memset(&region, 0xcc, sizeof(region));
    CHECK_EQUAL(VirtualQuery(address, &region, sizeof(region)), sizeof(region));
    CHECK_EQUAL(region.State, state);
    CHECK_EQUAL(region.Protect, protect);
    CHECK_EQUAL(region.Type, MEM_MAPPED);
    CHECK_EQUAL(region.AllocationProtect, PAGE_READWRITE);
    if (regionBytes != 0) {
        CHECK_EQUAL(region.RegionSize, regionBytes);
    }
}

static DWORD AccessCode(volatile unsigned char *address, int write)
{
    DWORD code = 0;

    __try {
        if (write) {
            *address = 1;
        } else {
            (void)*address;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    return code;
}

static void Reserved(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 0, SECTION_BYTES, NULL);
    unsigned char *one;
    unsigned char *two;
    unsigned int before = 0;

    CHECK(section != NULL);
    one = (unsigned char *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    two = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 65536, 131072);
    CHECK(one != NULL && two != NULL);
    if (one == NULL || two == NULL) {
        return;
    }
    CheckPage(one, MEM_RESERVE, 0, SECTION_BYTES);
    CHECK_EQUAL(AccessCode(one, 0), (DWORD)EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(TouchError(IOCTL_TOUCH, section, 65536, 1, &before), ERROR_NOACCESS);

    CHECK(VirtualAlloc(two + 4096, 4097, MEM_COMMIT, PAGE_READWRITE) == two + 4096);
    CheckPage(two + 4096, MEM_COMMIT, PAGE_READWRITE, 8192);
    CheckPage(one + 65536 + 8192, MEM_COMMIT, PAGE_READWRITE, 4096);
    CheckPage(one + 65536, MEM_RESERVE, 0, 4096);
    two[4096] = 0x42;
    CHECK_EQUAL(one[65536 + 4096], 0x42);
    CHECK_EQUAL(AccessCode(one + 65536, 1), (DWORD)EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(TouchError(IOCTL_TOUCH, section, 65536 + 4096, 0x1234, &before), ERROR_SUCCESS);
    CHECK_EQUAL(before, 0x42);
    CHECK_EQUAL(*(unsigned int *)(void *)(two + 4096), 0x1234);

    /* What the driver commits is there for the application. */
    CHECK_EQUAL(TouchError(IOCTL_COMMIT, section, 0, 0, &before), ERROR_SUCCESS);
    CHECK_EQUAL(AccessCode(one, 1), 0);
    CHECK_EQUAL(AccessCode(one + 4096, 1), (DWORD)EXCEPTION_ACCESS_VIOLATION);
    CHECK_EQUAL(TouchError(IOCTL_TOUCH_IN_SYSTEM, section, 0, 0x77, &before), ERROR_SUCCESS);
    CHECK_EQUAL(before, 1);
    CHECK_EQUAL(*(unsigned int *)(void *)one, 0x78); /* the DPC added one */

    /* Committing again does not hurt; committed pages of a view stay. */
    CHECK(VirtualAlloc(two, 131072, MEM_COMMIT, PAGE_READWRITE) == two);
    CHECK_EQUAL(two[4096], 0x34);
    CHECK(!VirtualFree(two, 4096, MEM_DECOMMIT));
    CHECK(!VirtualFree(two, 0, MEM_RELEASE));
    CHECK(VirtualAlloc(one, 4096, MEM_RESET, PAGE_READWRITE) == one);
    CHECK(UnmapViewOfFile(one));
    CHECK(UnmapViewOfFile(two));
    CHECK(CloseHandle(section));
}

static void Large(void)
{
    /* A terabyte, of which windows are mapped. */
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_RESERVE, 256, 0, NULL);
    unsigned char *last;
    unsigned char *middle;
    unsigned char *across;

    CHECK(section != NULL);
    if (section == NULL) {
        return;
    }
    last = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 255, 0xffff0000U, 0);
    middle = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 128, 0, SECTION_BYTES);
    across = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 3, 0xffff0000U, 131072); /* around 16 GiB */
    CHECK(last != NULL && middle != NULL && across != NULL);
    if (last != NULL && middle != NULL && across != NULL) {
        CHECK(VirtualAlloc(last + 61440, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL);
        CHECK(VirtualAlloc(middle, 4096, MEM_COMMIT, PAGE_READWRITE) != NULL);
        CHECK(VirtualAlloc(across, 131072, MEM_COMMIT, PAGE_READWRITE) != NULL);
        last[65535] = 1;
        middle[0] = 2;
        memset(across, 3, 131072);
        CHECK_EQUAL(last[65535], 1);
        CHECK_EQUAL(middle[0], 2);
        CHECK_EQUAL(FirstOther(across, 0, 131072, 3), 131072);
        CHECK(UnmapViewOfFile(last));
        CHECK(UnmapViewOfFile(middle));
        CHECK(UnmapViewOfFile(across));
    }
    CHECK(CloseHandle(section));
    CHECK(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0x7fffffff, 0, NULL) == NULL);
}

/* The other ways to make and map a section. */
static void Variants(void)
{
    HANDLE section = CreateFileMapping2(INVALID_HANDLE_VALUE, NULL, FILE_MAP_ALL_ACCESS, PAGE_READWRITE, SEC_COMMIT, 131072,
                                        NULL, NULL, 0);
    HANDLE app = CreateFileMappingFromApp(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 65536, NULL);
    HANDLE numa = CreateFileMappingNumaW(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT | SEC_NOCACHE, 0, 65536, NULL, 0);
    unsigned char *base;
    unsigned char *fixed;
    unsigned char *top;
    DWORD old = 0;

    CHECK(section != NULL && app != NULL && numa != NULL);
    base = (unsigned char *)MapViewOfFile2(section, GetCurrentProcess(), 65536, NULL, 0, 0, PAGE_READWRITE);
    CHECK(base != NULL);
    CHECK(UnmapViewOfFile2(GetCurrentProcess(), base, 0));
    fixed = (unsigned char *)MapViewOfFileEx(section, FILE_MAP_WRITE, 0, 0, 65536, base); /* where it just was */
    CHECK(fixed == base || (fixed == NULL && GetLastError() == ERROR_INVALID_ADDRESS));
    if (fixed == base) {
        CHECK(MapViewOfFileEx(section, FILE_MAP_WRITE, 0, 0, 65536, base) == NULL);
        CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);
        CHECK(UnmapViewOfFileEx(fixed, 0));
    }
    CHECK(MapViewOfFileEx(section, FILE_MAP_WRITE, 0, 0, 65536, base + 4096) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_MAPPED_ALIGNMENT);
    top = (unsigned char *)MapViewOfFile3(section, GetCurrentProcess(), NULL, 0, 0, MEM_TOP_DOWN, PAGE_READWRITE, NULL, 0);
    base = (unsigned char *)MapViewOfFileFromApp(section, FILE_MAP_READ, 0, 65536);
    CHECK(top != NULL && base != NULL && top > base);
    if (top != NULL && base != NULL) {
        top[5] = 5;
        CHECK_EQUAL(base[5], 5);
        CHECK(VirtualProtect(top, 4096, PAGE_READONLY, &old));
        CHECK_EQUAL(old, PAGE_READWRITE);
        CHECK_EQUAL(AccessCode(top, 1), (DWORD)EXCEPTION_ACCESS_VIOLATION);
        CHECK(VirtualProtect(top, 4096, PAGE_NOACCESS, &old));
        CHECK_EQUAL(old, PAGE_READONLY);
        CHECK_EQUAL(AccessCode(top, 0), (DWORD)EXCEPTION_ACCESS_VIOLATION);
        CHECK(!VirtualLock(top, 4096));
        CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
        CHECK(VirtualProtect(top, 4096, PAGE_READWRITE, &old));
        CHECK(VirtualLock(top, 4096));
        CHECK(VirtualUnlock(top, 4096));
        CHECK(!VirtualUnlock(top, 4096));
        CHECK_EQUAL(GetLastError(), ERROR_NOT_LOCKED);
        CHECK(UnmapViewOfFile(top));
        CHECK(UnmapViewOfFile(base + 100)); /* any address of the view */
    }
    SetLastError(ERROR_SUCCESS);
    CHECK(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT | SEC_LARGE_PAGES, 0, 1 << 21, NULL) ==
          NULL);
    CHECK_EQUAL(GetLastError(), ERROR_PRIVILEGE_NOT_HELD);
    CHECK(VirtualAlloc(NULL, 1 << 21, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_PRIVILEGE_NOT_HELD);
    CHECK_EQUAL(GetLargePageMinimum(), 0);
    CHECK(CloseHandle(section));
    CHECK(CloseHandle(app));
    CHECK(CloseHandle(numa));
}

/* Rights by handle: what a duplicate was not given, it cannot do, and neither can a driver on its behalf. */
static void Handles(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SECTION_BYTES, NULL);
    HANDLE reader = NULL;
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    unsigned char *view;
    unsigned char bytes[8] = {0};
    unsigned int before = 0;
    SIZE_T done = 0;
    DWORD old = 0;

    CHECK(section != NULL && event != NULL);
    CHECK(DuplicateHandle(GetCurrentProcess(), section, GetCurrentProcess(), &reader, FILE_MAP_READ, FALSE, 0));
    CHECK(MapViewOfFile(reader, FILE_MAP_WRITE, 0, 0, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    view = (unsigned char *)MapViewOfFile(reader, FILE_MAP_READ, 0, 0, 0);
    CHECK(view != NULL);
    CHECK(!VirtualProtect(view, 4096, PAGE_READWRITE, &old));
    CHECK_EQUAL(TouchError(IOCTL_TOUCH_IN_SYSTEM, reader, 8, 1, &before), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(TouchError(IOCTL_TOUCH_IN_SYSTEM, event, 8, 1, &before), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(TouchError(IOCTL_TOUCH_IN_SYSTEM, section, 8, 0x0403, &before), ERROR_SUCCESS);
    CHECK(view != NULL && view[8] == 0x04 && view[9] == 0x04);

    CHECK(ReadProcessMemory(GetCurrentProcess(), view + 8, bytes, 2, &done) && done == 2 && bytes[0] == 0x04);
    CHECK(!WriteProcessMemory(GetCurrentProcess(), view + 8, bytes, 2, &done));
    CHECK_EQUAL(done, 0);
    CHECK(!ReadProcessMemory(GetCurrentProcess(), view + SECTION_BYTES - 2, bytes, 4, &done));
    CHECK_EQUAL(GetLastError(), ERROR_PARTIAL_COPY);
    CHECK_EQUAL(done, 2);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(reader));
    CHECK(CloseHandle(section));
    CHECK(CloseHandle(event));
}

int main(void)
{
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Reserved();
    Large();
    Variants();
    Handles();
    return Finish(Device);
}
