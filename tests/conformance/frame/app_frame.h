/* SPDX-License-Identifier: Apache-2.0 */
/*
 * app_frame.h - the part that every small test application repeats. A pair's application includes its public.h (for
 * TEST_NAME), then this; it ends main with "return Finish(device)".
 */
#ifndef CONFORMANCE_APP_FRAME_H
#define CONFORMANCE_APP_FRAME_H

#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "frame/check.h"
#include "frame/frame.h"

/* Opens the pair's device; ends the program if that fails, because nothing else can be tested then. */
static HANDLE OpenTestDevice(DWORD access, DWORD flags)
{
    HANDLE device = CreateFileA("\\\\.\\" TEST_NAME, access, 0, NULL, OPEN_EXISTING, flags, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "%s: cannot open the device, error %u\n", TEST_NAME, (unsigned)GetLastError());
        exit(1);
    }
    return device;
}

/* One synchronous control; TRUE or FALSE as DeviceIoControl, bytes returned in *returned (may be NULL). */
static BOOL Control(HANDLE device, DWORD code, void *in, DWORD inLength, void *out, DWORD outLength, DWORD *returned)
{
    DWORD bytes = 0;
    BOOL done = DeviceIoControl(device, code, in, inLength, out, outLength, &bytes, NULL);

    if (returned != NULL) {
        *returned = bytes;
    }
    return done;
}

/* The error of one control that must fail, or ERROR_SUCCESS if it did not. */
static DWORD ControlError(HANDLE device, DWORD code, void *in, DWORD inLength, void *out, DWORD outLength)
{
    DWORD bytes = 0;

    SetLastError(ERROR_SUCCESS);
    return DeviceIoControl(device, code, in, inLength, out, outLength, &bytes, NULL) ? ERROR_SUCCESS : GetLastError();
}

/* Index of the first byte in [from, to) that is not `value`, or `to`. */
static size_t FirstOther(const void *memory, size_t from, size_t to, unsigned char value)
{
    const unsigned char *bytes = (const unsigned char *)memory;

    while (from < to && bytes[from] == value) {
        ++from;
    }
    return from;
}

/* Prints the outcome and gives the exit code: the number of failures, at most 100. */
static int Conclude(void)
{
    printf("%s: %d checks, %d failed\n", TEST_NAME, (int)CheckCount, (int)CheckFailures);
    return CheckFailures > 100 ? 100 : (int)CheckFailures;
}

/* Adds what the driver's own CHECKs found, closes the device, prints the outcome and gives the exit code. */
static int Finish(HANDLE device)
{
    FRAME_RESULT result = {0, 0};
    DWORD returned = 0;

    CHECK(Control(device, IOCTL_FRAME_RESULT, NULL, 0, &result, sizeof(result), &returned));
    CHECK_EQUAL(returned, sizeof(result));
    CHECK(CloseHandle(device));
    CheckCount += (int)result.Checks;
    CheckFailures += (int)result.Failures;
    return Conclude();
}

/* Not every pair needs every helper. */
static inline void FrameUnused(void)
{
    (void)OpenTestDevice;
    (void)Control;
    (void)ControlError;
    (void)FirstOther;
    (void)Conclude;
    (void)Finish;
}

#endif
