/* SPDX-License-Identifier: Apache-2.0 */
#include "public.h"

#include "frame/app_frame.h"

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK(Control(device, IOCTL_RUN, NULL, 0, NULL, 0, NULL));
    return Finish(device);
}
