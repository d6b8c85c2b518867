/* SPDX-License-Identifier: Apache-2.0 */
/* Maps the driver's buffer, counts itself in it, and looks again when a line comes on standard input. Start it several times. */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>

#include "public.h"

int main(void)
{
    VIEWERS_VIEW view;
    volatile LONG *visits;
    DWORD returned = 0;
    HANDLE device = CreateFileA(VIEWERS_APP_NAME, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL,
                                OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        printf("cannot open the device: error %lu\n", GetLastError());
        return 1;
    }
    if (!DeviceIoControl(device, IOCTL_VIEWERS_MAP, NULL, 0, &view, sizeof(view), &returned, NULL)) {
        printf("cannot map: error %lu\n", GetLastError());
        return 1;
    }
    /* The same page in every process: interlocked operations work across them. */
    visits = (volatile LONG *)(ULONG_PTR)view.Address;
    printf("visit %ld, viewers now: %u\n", InterlockedIncrement(visits), view.Viewers);
    fflush(stdout);
    (void)getchar();
    printf("visits since: %ld\n", *visits);
    CloseHandle(device); /* the view goes with it; so it does if we never get here */
    return 0;
}
