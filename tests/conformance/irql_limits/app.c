/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the driver for the call whose number is the argument. All but the first end the machine, or should. */
#include "public.h"

#include "frame/app_frame.h"

int main(int argc, char **argv)
{
    unsigned int way = argc > 1 ? (unsigned int)atoi(argv[1]) : RAISED_RIGHTLY;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    if (way == RAISED_RIGHTLY) {
        CHECK(Control(device, IOCTL_RAISED, &way, sizeof(way), NULL, 0, NULL));
        return Finish(device);
    }
    (void)Control(device, IOCTL_RAISED, &way, sizeof(way), NULL, 0, NULL);
    (void)CloseHandle(device);
    return 0;
}
