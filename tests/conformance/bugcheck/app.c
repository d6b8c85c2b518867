/* SPDX-License-Identifier: Apache-2.0 */
/*
 * bugcheck N: asks the driver to bug-check in way N (1..4). Hosted, the call fails with some error, and so does every
 * later one, at once; the application itself lives on and exits with 0. Embedded, the application's process ends with
 * the bug check. Whoever runs the pair checks the host's exit code and report. Never run this on a machine that you
 * need: on Windows it is a blue screen.
 */
#include "public.h"

#include "frame/app_frame.h"

int main(int argc, char **argv)
{
    unsigned int way = argc > 1 ? (unsigned int)atoi(argv[1]) : CRASH_BY_CALL;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    DWORD error = ControlError(device, IOCTL_CRASH, &way, sizeof(way), NULL, 0);

    CHECK(error != ERROR_SUCCESS);
    CHECK(ControlError(device, IOCTL_CRASH, &way, sizeof(way), NULL, 0) != ERROR_SUCCESS);
    CHECK(CreateFileA("\\\\.\\" TEST_NAME, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    printf("the request ended with error %u\n", (unsigned)error);
    return Conclude();
}
