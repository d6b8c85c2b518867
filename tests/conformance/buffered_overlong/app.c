/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Information larger than the output buffer is the driver's bug. Partywall reports it and never copies more than the
 * caller's buffer holds. Windows trusts the driver here, so do not run this pair there.
 */
#include "public.h"

#include "frame/app_frame.h"

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    unsigned char buffer[16 + 64];

    memset(buffer, 0xcc, sizeof(buffer));
    (void)Control(device, IOCTL_OVERLONG, NULL, 0, buffer, 16, NULL);
    CHECK_EQUAL(FirstOther(buffer, 16, sizeof(buffer), 0xcc), sizeof(buffer));
    (void)Control(device, IOCTL_OVERLONG, NULL, 0, NULL, 0, NULL);
    return Finish(device); /* the device still works */
}
