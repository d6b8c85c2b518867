/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel queues, Ex timers, threaded DPCs, calls on all processors. The checks are in the driver; they run twice. */
#include "public.h"

#include "frame/app_frame.h"

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK(Control(device, IOCTL_RUN, NULL, 0, NULL, 0, NULL));
    CHECK(Control(device, IOCTL_RUN, NULL, 0, NULL, 0, NULL));
    return Finish(device);
}
