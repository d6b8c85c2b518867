/* SPDX-License-Identifier: Apache-2.0 */
/* handover give TEXT: makes a section without a name and hands it over. handover take: gets it and reads it. */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <string.h>

#include "public.h"

static int Give(HANDLE device, const char *text)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, HANDOVER_BYTES, NULL);
    char *view = section ? (char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0) : NULL;
    unsigned long long handle = (ULONG_PTR)section;
    DWORD returned = 0;

    if (view == NULL) {
        printf("no section: error %lu\n", GetLastError());
        return 1;
    }
    strncpy(view, text, HANDOVER_BYTES - 1);
    if (!DeviceIoControl(device, IOCTL_HANDOVER_PUT, &handle, sizeof(handle), NULL, 0, &returned, NULL)) {
        printf("cannot give: error %lu\n", GetLastError());
        return 1;
    }
    printf("given\n");
    /* The driver's reference keeps the section: we may go. */
    UnmapViewOfFile(view);
    CloseHandle(section);
    return 0;
}

static int Take(HANDLE device)
{
    unsigned long long handle = 0;
    const char *view;
    DWORD returned = 0;

    if (!DeviceIoControl(device, IOCTL_HANDOVER_TAKE, NULL, 0, &handle, sizeof(handle), &returned, NULL)) {
        printf("cannot take: error %lu\n", GetLastError());
        return 1;
    }
    if (MapViewOfFile((HANDLE)(ULONG_PTR)handle, FILE_MAP_WRITE, 0, 0, 0) == NULL) {
        printf("to write it: refused with error %lu\n", GetLastError());
    }
    view = (const char *)MapViewOfFile((HANDLE)(ULONG_PTR)handle, FILE_MAP_READ, 0, 0, 0);
    if (view == NULL) {
        printf("cannot map: error %lu\n", GetLastError());
        return 1;
    }
    printf("taken: %s\n", view);
    UnmapViewOfFile(view);
    CloseHandle((HANDLE)(ULONG_PTR)handle);
    return 0;
}

int main(int argc, char **argv)
{
    int result = 2;
    HANDLE device = CreateFileA(HANDOVER_APP_NAME, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        printf("cannot open the device: error %lu\n", GetLastError());
        return 1;
    }
    if (argc == 3 && strcmp(argv[1], "give") == 0) {
        result = Give(device, argv[2]);
    } else if (argc == 2 && strcmp(argv[1], "take") == 0) {
        result = Take(device);
    } else {
        printf("usage: handover give TEXT | handover take\n");
    }
    CloseHandle(device);
    return result;
}
