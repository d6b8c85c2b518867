// SPDX-License-Identifier: Apache-2.0
// An application that does what the lines on its standard input say, one line of answer each: the tests drive it.
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <sys/mman.h>

#include "public.h"

#define DIRECT_BYTES 4096

static HANDLE Device = INVALID_HANDLE_VALUE;
static HANDLE Section;
static void *View;

static ULONG_PTR Ask(DWORD code)
{
    ULONG_PTR value = 0;
    DWORD returned = 0;

    if (!DeviceIoControl(Device, code, NULL, 0, &value, sizeof(value), &returned, NULL)) {
        return 0;
    }
    return value;
}

static void Answer(const char *command, const char *argument)
{
    char path[80];

    if (strcmp(command, "open") == 0) {
        snprintf(path, sizeof(path), "\\\\.\\%s", argument);
        Device = CreateFileA(path, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
        printf("%s %lu\n", Device == INVALID_HANDLE_VALUE ? "no" : "open", Device == INVALID_HANDLE_VALUE ? GetLastError() : 0ul);
    } else if (strcmp(command, "close") == 0) {
        printf("%s\n", CloseHandle(Device) ? "closed" : "no");
        Device = INVALID_HANDLE_VALUE;
    } else if (strcmp(command, "version") == 0) {
        printf("%llu\n", (unsigned long long)Ask(IOCTL_TOOLS_VERSION));
    } else if (strcmp(command, "map") == 0) {
        printf("0x%llx\n", (unsigned long long)Ask(IOCTL_TOOLS_MAP));
    } else if (strcmp(command, "direct") == 0) {
        DWORD returned = 0;
        /* Memory of the heap, or memory that the program has mapped behind Partywall's back. */
        void *buffer = strcmp(argument, "heap") == 0
                           ? malloc(DIRECT_BYTES)
                           : mmap(NULL, DIRECT_BYTES, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        printf("%d\n", DeviceIoControl(Device, IOCTL_TOOLS_DIRECT, NULL, 0, buffer, DIRECT_BYTES, &returned, NULL));
    } else if (strcmp(command, "section") == 0) {
        Section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, TOOLS_SECTION_BYTES, argument);
        View = Section ? MapViewOfFile(Section, FILE_MAP_READ, 0, 0, 0) : NULL;
        printf("0x%llx\n", (unsigned long long)(ULONG_PTR)View);
    } else if (strcmp(command, "pid") == 0) {
        printf("%lu\n", (unsigned long)GetCurrentProcessId());
    } else if (strcmp(command, "connected") == 0) {
        HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);
        printf("%s\n", event != NULL && WaitForSingleObject(event, 0) == WAIT_OBJECT_0 ? "yes" : "no");
        if (event != NULL) {
            CloseHandle(event);
        }
    } else {
        printf("what?\n");
    }
}

int main(void)
{
    char line[200];
    char command[32];
    char argument[64];

    while (fgets(line, sizeof(line), stdin) != NULL) {
        argument[0] = '\0';
        if (sscanf(line, "%31s %63s", command, argument) < 1) {
            continue;
        }
        if (strcmp(command, "quit") == 0) {
            return atoi(argument);
        }
        Answer(command, argument);
        fflush(stdout);
    }
    return 0;
}
