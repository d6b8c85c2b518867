/* SPDX-License-Identifier: Apache-2.0 */
/* teardown_stops N: asks the driver to stop the machine in way N. As bugcheck: never where you need the machine. */
#include "public.h"

#include "frame/app_frame.h"

int main(int argc, char **argv)
{
    unsigned int way = argc > 1 ? (unsigned int)atoi(argv[1]) : UNLOCK_TWICE;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK((ControlError(device, IOCTL_TEAR_DOWN, &way, sizeof(way), NULL, 0) == ERROR_SUCCESS) == (way == IN_ORDER));
    return Conclude();
}
