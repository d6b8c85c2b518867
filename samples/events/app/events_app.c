/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events_app.c - events between the driver and this application, both ways. Exit code 0: all as promised.
 *
 *   events_app [--rounds N] [--tour] [--mode NAME]
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../public.h"

#define GIVE_UP_MS 10000

static int Failures;
static BOOL Tour;
static const char *Mode = "unknown";

static BOOL Expect(BOOL condition, const char *what)
{
    if (!condition) {
        ++Failures;
        fprintf(stderr, "FAILED: %s (last error %u)\n", what, (unsigned)GetLastError());
    }
    return condition;
}

static long long NowMicroseconds(void)
{
    LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart / frequency.QuadPart * 1000000 + count.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}

static void TourLine(const char *mechanism, long long microseconds)
{
    if (Tour) {
        printf("TOUR mechanism=%s mode=%s bytes_shared=0 bytes_copied=0 reason=- same_page=no time_us=%lld\n", mechanism,
               Mode, microseconds);
    }
}

static BOOL Control(HANDLE device, DWORD code, void *in, DWORD length)
{
    DWORD returned = 0;

    return DeviceIoControl(device, code, in, length, NULL, 0, &returned, NULL);
}

/* The driver's event, by name: we wait, the driver decides. */
static void TryNamed(HANDLE device)
{
    HANDLE event = OpenEventA(SYNCHRONIZE, FALSE, EVENTS_NAMED_APP);
    EVENTS_NAMED named;
    long long start;

    if (!Expect(event != NULL, "OpenEvent")) {
        return;
    }
    Expect(WaitForSingleObject(event, 0) == WAIT_TIMEOUT, "it is not set yet");
    SetLastError(ERROR_SUCCESS);
    Expect(!SetEvent(event) && GetLastError() == ERROR_ACCESS_DENIED, "a handle for waiting cannot set");
    named.Set = 1;
    start = NowMicroseconds();
    Expect(Control(device, IOCTL_EVENTS_NAMED, &named, sizeof(named)), "IOCTL_EVENTS_NAMED");
    Expect(WaitForSingleObject(event, GIVE_UP_MS) == WAIT_OBJECT_0, "the driver set it");
    TourLine("event-by-name", NowMicroseconds() - start);
    Expect(WaitForSingleObject(event, 0) == WAIT_OBJECT_0, "a notification event stays set");
    named.Set = 0;
    Expect(Control(device, IOCTL_EVENTS_NAMED, &named, sizeof(named)), "IOCTL_EVENTS_NAMED");
    Expect(WaitForSingleObject(event, 0) == WAIT_TIMEOUT, "and cleared it");
    CloseHandle(event);
    printf("by name: the driver's event, waited for here\n");
}

/* Our events, by handle: ping from here, pong from a thread of the driver. */
static void TryHandles(HANDLE device, unsigned int rounds)
{
    EVENTS_GIVE give;
    EVENTS_PLAY play;
    HANDLE ping = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE pong = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE waitOnly = NULL;
    long long start;
    unsigned int i;

    give.Ping = (unsigned long long)(ULONG_PTR)ping;
    give.Pong = 0x7ffc;
    SetLastError(ERROR_SUCCESS);
    Expect(!Control(device, IOCTL_EVENTS_GIVE, &give, sizeof(give)) && GetLastError() == ERROR_INVALID_HANDLE,
           "a number that is no handle is refused");
    DuplicateHandle(GetCurrentProcess(), pong, GetCurrentProcess(), &waitOnly, SYNCHRONIZE, FALSE, 0);
    give.Pong = (unsigned long long)(ULONG_PTR)waitOnly;
    SetLastError(ERROR_SUCCESS);
    Expect(!Control(device, IOCTL_EVENTS_GIVE, &give, sizeof(give)) && GetLastError() == ERROR_ACCESS_DENIED,
           "the driver checks our access, not its own");
    give.Pong = (unsigned long long)(ULONG_PTR)pong;
    Expect(Control(device, IOCTL_EVENTS_GIVE, &give, sizeof(give)), "IOCTL_EVENTS_GIVE");
    play.Rounds = rounds;
    Expect(Control(device, IOCTL_EVENTS_PLAY, &play, sizeof(play)), "IOCTL_EVENTS_PLAY");
    start = NowMicroseconds();
    for (i = 0; i < rounds; ++i) {
        /* Set the one and wait for the other in one call. */
        if (!Expect(SignalObjectAndWait(ping, pong, GIVE_UP_MS, FALSE) == WAIT_OBJECT_0, "an answer")) {
            break;
        }
    }
    if (rounds != 0) {
        TourLine("event-ping-pong", (NowMicroseconds() - start) / rounds);
    }
    CloseHandle(waitOnly);
    CloseHandle(ping);
    CloseHandle(pong);
    printf("by handle: %u rounds with a thread of the driver\n", i);
}

int main(int argc, char **argv)
{
    HANDLE device;
    unsigned int rounds = 1000;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--tour") == 0) {
            Tour = TRUE;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            Mode = argv[++i];
        } else if (strcmp(argv[i], "--rounds") == 0 && i + 1 < argc) {
            rounds = (unsigned int)atoi(argv[++i]);
        } else {
            fprintf(stderr, "usage: events_app [--rounds N] [--tour] [--mode NAME]\n");
            return 2;
        }
    }
    device = CreateFileA(EVENTS_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (device == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", EVENTS_APP_NAME, (unsigned)GetLastError());
        return 1;
    }
    TryNamed(device);
    TryHandles(device, rounds);
    CloseHandle(device);
    printf("events: %s\n", Failures == 0 ? "all as promised" : "something is wrong");
    return Failures == 0 ? 0 : 1;
}
