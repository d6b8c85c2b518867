/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Guard pages ("Creating Guard Pages"): the first access raises STATUS_GUARD_PAGE_VIOLATION and takes the guard off, be it
 * the application's, a driver's or a system service's. And the other modifiers of "Memory Protection Constants".
 */
#include "public.h"

#include "frame/app_frame.h"

#define PAGE 4096u
#define GUARD_CODE 0x80000001u

static HANDLE Device;

#ifdef __MINGW32__ /* gcc has no structured exceptions */
#define AccessCode(address, write) ((void)(address), 0u)
#define AccessByFilter(address) ((void)(address), 0)
#else
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

static volatile int Filtered;

static int Filter(EXCEPTION_POINTERS *pointers, volatile unsigned char *address)
{
    const EXCEPTION_RECORD *record = pointers->ExceptionRecord;

    CHECK_EQUAL((DWORD)record->ExceptionCode, GUARD_CODE);
    CHECK_EQUAL(record->NumberParameters, 2);
    CHECK_EQUAL(record->ExceptionInformation[0], 1); /* a write */
    CHECK(record->ExceptionInformation[1] == (ULONG_PTR)address);
    ++Filtered;
    return EXCEPTION_CONTINUE_EXECUTION; /* "the system will not stop the next attempt" */
}

/* How often the filter was asked until the write was done. */
static int AccessByFilter(volatile unsigned char *address)
{
    Filtered = 0;
    __try {
        *address = 9;
    } __except (Filter(GetExceptionInformation(), address)) {
        CHECK(FALSE);
    }
    return Filtered;
}
#endif

static DWORD ProtectOf(void *address)
{
    MEMORY_BASIC_INFORMATION region;

    CHECK_EQUAL(VirtualQuery(address, &region, sizeof(region)), sizeof(region));
    CHECK_EQUAL(region.State, MEM_COMMIT);
    return region.Protect;
}

static unsigned char *Guarded(SIZE_T pages, DWORD protection)
{
    unsigned char *memory = (unsigned char *)VirtualAlloc(NULL, pages * PAGE, MEM_RESERVE | MEM_COMMIT, protection | PAGE_GUARD);

    CHECK(memory != NULL);
    if (memory == NULL) {
        exit(1);
    }
    CHECK_EQUAL(ProtectOf(memory), protection | PAGE_GUARD);
    return memory;
}

static void Guard(void *address)
{
    DWORD old = 0;

    CHECK(VirtualProtect(address, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
}

/* The example of the documentation. */
static void DocumentedExample(void)
{
    unsigned char *page = Guarded(1, PAGE_READONLY);

    CHECK(!VirtualLock(page, PAGE));
    CHECK_EQUAL(GetLastError(), GUARD_CODE);
    CHECK_EQUAL(ProtectOf(page), PAGE_READONLY);
    CHECK(VirtualLock(page, PAGE));
    CHECK(VirtualUnlock(page, PAGE));
    CHECK(VirtualFree(page, 0, MEM_RELEASE));
}

#ifndef __MINGW32__
static void OwnAccess(void)
{
    unsigned char *pages = Guarded(3, PAGE_READWRITE);
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 65536, NULL);
    unsigned char *view = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    DWORD old = 0;

    /* Each page has a guard of its own, and each goes off once, whatever the access is. */
    CHECK_EQUAL(AccessCode(pages + 100, 0), GUARD_CODE);
    CHECK_EQUAL(AccessCode(pages + 100, 0), 0);
    CHECK_EQUAL(AccessCode(pages + PAGE, 1), GUARD_CODE);
    CHECK_EQUAL(AccessCode(pages + PAGE, 1), 0);
    CHECK_EQUAL(ProtectOf(pages + PAGE), PAGE_READWRITE);
    CHECK_EQUAL(ProtectOf(pages + 2 * PAGE), PAGE_READWRITE | PAGE_GUARD);
    CHECK_EQUAL(AccessByFilter(pages + 2 * PAGE + 8), 1);
    CHECK_EQUAL(pages[2 * PAGE + 8], 9);
    CHECK_EQUAL(pages[PAGE], 1);

    /* The protection that takes over is the one beside the guard. */
    CHECK(VirtualProtect(pages, PAGE, PAGE_READONLY | PAGE_GUARD, &old));
    CHECK_EQUAL(old, PAGE_READWRITE);
    CHECK_EQUAL(AccessCode(pages, 0), GUARD_CODE);
    CHECK_EQUAL(AccessCode(pages, 1), (DWORD)EXCEPTION_ACCESS_VIOLATION);
    CHECK(VirtualProtect(pages, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    CHECK_EQUAL(old, PAGE_READONLY);
    CHECK(VirtualProtect(pages, PAGE, PAGE_READWRITE, &old)); /* taken off without an alarm */
    CHECK_EQUAL(old, PAGE_READWRITE | PAGE_GUARD);
    CHECK_EQUAL(AccessCode(pages, 1), 0);

    /* A view's page; its other view has no guard. */
    CHECK(view != NULL);
    view[PAGE] = 7;
    CHECK(VirtualProtect(view + PAGE, PAGE, PAGE_READWRITE | PAGE_GUARD, &old));
    CHECK_EQUAL(AccessCode(view, 1), 0);
    CHECK_EQUAL(AccessCode(view + PAGE, 0), GUARD_CODE);
    CHECK_EQUAL(view[PAGE], 7);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(section));
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
}
#else
#define OwnAccess() ((void)0)
#endif

static DWORD DriverCode(unsigned int what, void *address, unsigned int length)
{
    GUARD_REQUEST request = {0, 0, 0, 0, 0};

    request.Address = (unsigned long long)(size_t)address;
    request.Length = length;
    request.What = what;
    request.Code = 1;
    CHECK(Control(Device, IOCTL_GUARD, &request, sizeof(request), &request, sizeof(request), NULL));
    return request.Code;
}

static void DriversAccess(void)
{
    static const unsigned int kWays[] = {GUARD_READ, GUARD_WRITE, GUARD_PROBE_WRITE, GUARD_LOCK_READ, GUARD_LOCK_WRITE};
    unsigned char *pages = Guarded(4, PAGE_READWRITE);
    unsigned int i;

    for (i = 0; i < sizeof(kWays) / sizeof(kWays[0]); ++i) {
        Guard(pages);
        CHECK_EQUAL(DriverCode(kWays[i], pages + 16, 64), GUARD_CODE);
        CHECK_EQUAL(ProtectOf(pages), PAGE_READWRITE);
        CHECK_EQUAL(DriverCode(kWays[i], pages + 16, 64), 0);
    }
    CHECK_EQUAL(pages[16], 0x77);
    /* ProbeForRead touches nothing: the guard stays. */
    Guard(pages);
    CHECK_EQUAL(DriverCode(GUARD_PROBE_READ, pages, 64), 0);
    CHECK_EQUAL(ProtectOf(pages), PAGE_READWRITE | PAGE_GUARD);
    /* Only the first guard page of a range goes off. */
    CHECK_EQUAL(DriverCode(GUARD_LOCK_WRITE, pages, 2 * PAGE), GUARD_CODE);
    CHECK_EQUAL(ProtectOf(pages), PAGE_READWRITE);
    CHECK_EQUAL(ProtectOf(pages + PAGE), PAGE_READWRITE | PAGE_GUARD);
    CHECK_EQUAL(DriverCode(GUARD_LOCK_WRITE, pages, 2 * PAGE), GUARD_CODE);
    CHECK_EQUAL(DriverCode(GUARD_LOCK_WRITE, pages, 2 * PAGE), 0);
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
}

/* "If a guard page exception occurs during a system service, the service fails". */
static void Services(void)
{
    unsigned char *pages = Guarded(2, PAGE_READWRITE);
    char name[64];
    HANDLE file;
    DWORD done = 77;
    SIZE_T copied = 0;

    CHECK_EQUAL(ControlError(Device, IOCTL_TAKE_BUFFERED, pages, 100, NULL, 0), GUARD_CODE);
    CHECK_EQUAL(ControlError(Device, IOCTL_TAKE_BUFFERED, pages, 100, NULL, 0), ERROR_SUCCESS);
    CHECK_EQUAL(ControlError(Device, IOCTL_TAKE_DIRECT, NULL, 0, pages, 2 * PAGE), GUARD_CODE);
    CHECK_EQUAL(ControlError(Device, IOCTL_TAKE_DIRECT, NULL, 0, pages, 2 * PAGE), ERROR_SUCCESS);

    snprintf(name, sizeof(name), "pw_guard_%u.tmp", (unsigned)GetCurrentProcessId());
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    memset(pages, 0x31, 2 * PAGE);
    Guard(pages + PAGE);
    CHECK(!WriteFile(file, pages, 2 * PAGE, &done, NULL));
    CHECK_EQUAL(GetLastError(), GUARD_CODE);
    CHECK_EQUAL(done, 0);
    CHECK_EQUAL(GetFileSize(file, NULL), 0);
    CHECK(WriteFile(file, pages, 2 * PAGE, &done, NULL));
    CHECK_EQUAL(done, 2 * PAGE);
    CHECK_EQUAL(SetFilePointer(file, 0, NULL, FILE_BEGIN), 0);
    memset(pages, 0, 2 * PAGE);
    Guard(pages + PAGE);
    CHECK(!ReadFile(file, pages, 2 * PAGE, &done, NULL));
    CHECK_EQUAL(GetLastError(), GUARD_CODE);
    CHECK_EQUAL(done, 0);
    CHECK_EQUAL(SetFilePointer(file, 0, NULL, FILE_CURRENT), 0);
    CHECK(ReadFile(file, pages, 2 * PAGE, &done, NULL));
    CHECK_EQUAL(done, 2 * PAGE);
    CHECK_EQUAL(FirstOther(pages, 0, 2 * PAGE, 0x31), 2 * PAGE);
    CHECK(CloseHandle(file));

    Guard(pages);
    CHECK(!ReadProcessMemory(GetCurrentProcess(), pages, &done, sizeof(done), &copied));
    CHECK_EQUAL(copied, 0);
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
}

static void CheckRefused(DWORD protection)
{
    SetLastError(ERROR_SUCCESS);
    CHECK(VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, protection) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* Which modifiers go together ("Memory Protection Constants"). */
static void Modifiers(void)
{
    HANDLE section;
    unsigned char *view;
    unsigned char *page;
    DWORD old = 0;

    CheckRefused(PAGE_NOACCESS | PAGE_GUARD);
    CheckRefused(PAGE_NOACCESS | PAGE_NOCACHE);
    CheckRefused(PAGE_NOACCESS | PAGE_WRITECOMBINE);
    CheckRefused(PAGE_READWRITE | PAGE_NOCACHE | PAGE_GUARD);
    CheckRefused(PAGE_READWRITE | PAGE_WRITECOMBINE | PAGE_GUARD);
    CheckRefused(PAGE_READWRITE | PAGE_NOCACHE | PAGE_WRITECOMBINE);
    CheckRefused(PAGE_READWRITE | PAGE_READONLY);
    CheckRefused(PAGE_GUARD);
    CheckRefused(0);
    CHECK(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | PAGE_GUARD, 0, 65536, NULL) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_NOACCESS, 0, 65536, NULL) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);

    page = (unsigned char *)VirtualAlloc(NULL, PAGE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE | PAGE_NOCACHE);
    CHECK(page != NULL);
    CHECK_EQUAL(ProtectOf(page), PAGE_READWRITE | PAGE_NOCACHE);
    page[0] = 3;
    CHECK(VirtualProtect(page, PAGE, PAGE_READWRITE | PAGE_WRITECOMBINE, &old));
    CHECK_EQUAL(old, PAGE_READWRITE | PAGE_NOCACHE);
    CHECK_EQUAL(page[0], 3);
    CHECK(VirtualProtect(page, PAGE, PAGE_NOACCESS, &old));
    CHECK_EQUAL(DriverCode(GUARD_READ, page, 1), (DWORD)STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(DriverCode(GUARD_LOCK_READ, page, 1), (DWORD)STATUS_ACCESS_VIOLATION);
    CHECK_EQUAL(ControlError(Device, IOCTL_TAKE_BUFFERED, page, 1, NULL, 0), ERROR_NOACCESS);
    CHECK(VirtualFree(page, 0, MEM_RELEASE));

    /* "Only when allocating private memory": a view's caching is its section's. */
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE | SEC_COMMIT | SEC_NOCACHE, 0, 65536, NULL);
    CHECK(section != NULL);
    view = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    CHECK(view != NULL);
    CHECK(!VirtualProtect(view, PAGE, PAGE_READWRITE | PAGE_NOCACHE, &old));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(UnmapViewOfFile(view));
    CHECK(CloseHandle(section));
}

int main(void)
{
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    DocumentedExample();
    OwnAccess();
    DriversAccess();
    Services();
    Modifiers();
    return Finish(Device);
}
