/* SPDX-License-Identifier: Apache-2.0 */
/* Reads the driver's numbers until they have moved on five times, each time a consistent set. */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>

#include "public.h"

/* One consistent set of numbers. */
static ULONG Read(const TELEMETRY_PAGE *page, ULONG *triple)
{
    ULONG samples;
    LONG before;

    do {
        while (((before = page->Sequence) & 1) != 0) {
            SwitchToThread(); /* an update takes nanoseconds, but its DPC may have lost the processor */
        }
        MemoryBarrier();
        samples = page->Samples;
        *triple = page->Triple;
        MemoryBarrier();
    } while (page->Sequence != before);
    return samples;
}

int main(void)
{
    MEMORY_BASIC_INFORMATION region;
    unsigned long long address = 0;
    const TELEMETRY_PAGE *page;
    ULONG last = 0;
    DWORD returned = 0;
    int moves = 0;
    HANDLE device = CreateFileA(TELEMETRY_APP_NAME, GENERIC_READ, FILE_SHARE_READ, NULL, OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        printf("cannot open the device: error %lu\n", GetLastError());
        return 1;
    }
    if (!DeviceIoControl(device, IOCTL_TELEMETRY_MAP, NULL, 0, &address, sizeof(address), &returned, NULL)) {
        printf("cannot map: error %lu\n", GetLastError());
        return 1;
    }
    page = (const TELEMETRY_PAGE *)(ULONG_PTR)address;
    while (moves < 5) {
        ULONG triple;
        ULONG samples = Read(page, &triple);

        if (triple != 3 * samples) {
            printf("torn: %lu and %lu\n", samples, triple);
            return 1;
        }
        if (samples != last) {
            last = samples;
            ++moves;
        } else {
            Sleep(1);
        }
    }
    printf("five consistent sets of numbers\n");
    if (VirtualQuery(page, &region, sizeof(region)) != sizeof(region)) {
        printf("cannot query: error %lu\n", GetLastError());
        return 1;
    }
    printf("the page is %s\n", region.Protect == PAGE_READONLY ? "read-only" : "writable");
    CloseHandle(device);
    return region.Protect == PAGE_READONLY ? 0 : 1;
}
