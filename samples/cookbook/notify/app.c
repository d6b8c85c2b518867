/* SPDX-License-Identifier: Apache-2.0 */
/* Waits for five signals of the driver; before that, shows what is refused. */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>

#include "public.h"

#define WANTED 5

int main(void)
{
    NOTIFY_START start = {0, 20};
    unsigned int signals = 0;
    DWORD returned = 0;
    int i;
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 1, NULL);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL); /* auto-reset: each wait takes one signal */
    HANDLE device = CreateFileA(NOTIFY_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE || event == NULL || semaphore == NULL) {
        printf("cannot start: error %lu\n", GetLastError());
        return 1;
    }
    start.Event = (ULONG_PTR)semaphore;
    if (!DeviceIoControl(device, IOCTL_NOTIFY_START, &start, sizeof(start), NULL, 0, &returned, NULL)) {
        printf("a semaphore instead of an event: refused with error %lu\n", GetLastError());
    }
    start.Event = (ULONG_PTR)event;
    if (!DeviceIoControl(device, IOCTL_NOTIFY_START, &start, sizeof(start), NULL, 0, &returned, NULL)) {
        printf("cannot hand the event over: error %lu\n", GetLastError());
        return 1;
    }
    for (i = 0; i < WANTED; ++i) {
        if (WaitForSingleObject(event, 30000) != WAIT_OBJECT_0) {
            printf("no signal\n");
            return 1;
        }
    }
    if (!DeviceIoControl(device, IOCTL_NOTIFY_STOP, NULL, 0, &signals, sizeof(signals), &returned, NULL)) {
        return 1;
    }
    printf("%d waits satisfied, at least as many signals: %s\n", WANTED, signals >= WANTED ? "yes" : "no");
    CloseHandle(event);
    CloseHandle(semaphore);
    CloseHandle(device);
    return signals >= WANTED ? 0 : 1;
}
