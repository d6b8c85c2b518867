/* SPDX-License-Identifier: Apache-2.0 */
/* Goes one path of the embedded kernel a given number of times: paths_app PATH COUNT. Counted by instructions.py. */
#include <windows.h>
#include <winioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bench_public.h"

#define PAGE_BYTES 4096
#define VIEW_BYTES 65536

static HANDLE Device;
static HANDLE Event;
static HANDLE Section;
static char Payload[64];
static void *Page;

static BOOL Buffered(void)
{
    DWORD returned;
    return DeviceIoControl(Device, IOCTL_BENCH_ECHO, Payload, sizeof(Payload), Payload, sizeof(Payload), &returned, NULL);
}

static BOOL OutDirect(void)
{
    DWORD returned;
    return DeviceIoControl(Device, IOCTL_BENCH_TOUCH, NULL, 0, Page, PAGE_BYTES, &returned, NULL);
}

static BOOL MapUnmapPool(void)
{
    DWORD returned;
    return DeviceIoControl(Device, IOCTL_BENCH_MAP_UNMAP, NULL, 0, NULL, 0, &returned, NULL);
}

static BOOL SetAndWait(void)
{
    return SetEvent(Event) && WaitForSingleObject(Event, INFINITE) == WAIT_OBJECT_0;
}

static BOOL CreateAndClose(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    return event != NULL && CloseHandle(event);
}

static BOOL MapUnmapView(void)
{
    void *view = MapViewOfFile(Section, FILE_MAP_ALL_ACCESS, 0, 0, VIEW_BYTES);
    return view != NULL && UnmapViewOfFile(view);
}

static const struct { const char *Name; BOOL (*Go)(void); } Paths[] = {
    { "buffered_64", Buffered },       { "out_direct_4096", OutDirect },    { "map_unmap_pool", MapUnmapPool },
    { "set_and_wait", SetAndWait },    { "create_and_close", CreateAndClose }, { "map_unmap_view", MapUnmapView },
};

int main(int argc, char **argv)
{
    size_t path;
    long count;

    if (argc != 3) return 2;
    for (path = 0; path < ARRAYSIZE(Paths) && strcmp(Paths[path].Name, argv[1]) != 0; ++path) {
    }
    if (path == ARRAYSIZE(Paths)) return 2;

    Device = CreateFileA(BENCH_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    Event = CreateEventA(NULL, FALSE, FALSE, NULL);
    Section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, VIEW_BYTES, NULL);
    Page = VirtualAlloc(NULL, PAGE_BYTES, MEM_COMMIT | MEM_RESERVE, PAGE_READWRITE);
    if (Device == INVALID_HANDLE_VALUE || Event == NULL || Section == NULL || Page == NULL) {
        fprintf(stderr, "paths_app: set-up failed, error %lu\n", GetLastError());
        return 1;
    }
    memset(Page, 0, PAGE_BYTES);
    for (count = atol(argv[2]); count > 0; --count) {
        if (!Paths[path].Go()) {
            fprintf(stderr, "paths_app: %s failed, error %lu\n", argv[1], GetLastError());
            return 1;
        }
    }
    VirtualFree(Page, 0, MEM_RELEASE);
    CloseHandle(Section);
    CloseHandle(Event);
    CloseHandle(Device);
    return 0;
}
