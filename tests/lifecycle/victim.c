// SPDX-License-Identifier: Apache-2.0
// Maps the sample driver's buffer, says how many views there are now, writes to its own for ever: until it is killed.
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <string.h>

#include "mapped_buffer/public.h"

int main(void)
{
    MAPPED_REQUEST request = {MAPPED_KIND_POOL, 0, 0};
    MAPPED_VIEW view;
    DWORD returned = 0;
    HANDLE device = CreateFileA(MAPPED_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        return 1;
    }
    memset(&view, 0, sizeof(view));
    if (!DeviceIoControl(device, IOCTL_MAPPED_MAP, &request, sizeof(request), &view, sizeof(view), &returned, NULL)) {
        return 2;
    }
    printf("views: %u\n", view.Views);
    fflush(stdout);
    for (;;) {
        ++*(volatile unsigned int *)(size_t)view.Address;
    }
}
