/* SPDX-License-Identifier: Apache-2.0 */
/* The access bits in a control code are checked against the handle before the driver is called. */
#include "public.h"

#include "frame/app_frame.h"

static unsigned int Seen(HANDLE device)
{
    unsigned int seen = 0;

    CHECK(Control(device, IOCTL_SEEN, NULL, 0, &seen, sizeof(seen), NULL));
    return seen;
}

int main(void)
{
    static const DWORD kAccess[] = {0, GENERIC_READ, GENERIC_WRITE, GENERIC_READ | GENERIC_WRITE};
    static const DWORD kCodes[] = {IOCTL_NEEDS_NOTHING, IOCTL_NEEDS_READ, IOCTL_NEEDS_WRITE, IOCTL_NEEDS_BOTH};
    HANDLE device = INVALID_HANDLE_VALUE;
    unsigned int granted;
    unsigned int needed;

    /* Bit 0 is read, bit 1 is write, in both arrays' indices. */
    for (granted = 0; granted < 4; ++granted) {
        device = OpenTestDevice(kAccess[granted], 0);
        for (needed = 0; needed < 4; ++needed) {
            unsigned int before = Seen(device);
            BOOL allowed = (needed & ~granted) == 0;
            DWORD error = ControlError(device, kCodes[needed], NULL, 0, NULL, 0);

            CHECK_EQUAL(error, allowed ? ERROR_SUCCESS : ERROR_ACCESS_DENIED);
            CHECK_EQUAL(Seen(device), before + (allowed ? 1 : 0));
        }
        if (granted < 3) {
            CHECK(CloseHandle(device));
        }
    }
    return Finish(device);
}
