/* SPDX-License-Identifier: Apache-2.0 */
/*
 * inverted_call_app.c - is told by the driver, through requests that it keeps with it and a completion port. Exit code 0:
 * every event came, exactly once.
 *
 *   inverted_call_app [--events N] [--in-flight N] [--tour] [--mode NAME]
 *   inverted_call_app --hold [--in-flight N]    leaves requests with the driver for a second, then takes them back
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../public.h"

#define GIVE_UP_MS 30000
#define MOST_IN_FLIGHT 64
#define MOST_EVENTS 1000000

/* One request: the OVERLAPPED names it, so what belongs to it stands behind. */
typedef struct _CALL {
    OVERLAPPED Overlapped;
    INVERTED_EVENT Event;
} CALL;

static CALL Calls[MOST_IN_FLIGHT];
static unsigned char Seen[MOST_EVENTS + 1];
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

/* Hands a request to the driver. With a port, the answer comes there whether the request was pended or not. */
static BOOL Submit(HANDLE device, CALL *call)
{
    memset(&call->Overlapped, 0, sizeof(call->Overlapped));
    if (DeviceIoControl(device, IOCTL_INVERTED_WAIT, NULL, 0, &call->Event, sizeof(call->Event), NULL,
                        &call->Overlapped)) {
        return TRUE;
    }
    return GetLastError() == ERROR_IO_PENDING;
}

/* What is still with the driver is taken back: each comes as cancelled. */
static void TakeBack(HANDLE device, HANDLE port, unsigned int inFlight)
{
    DWORD returned = 0;
    unsigned int ended = 0;

    Expect(CancelIoEx(device, NULL), "CancelIoEx");
    while (ended < inFlight) {
        ULONG_PTR key = 0;
        LPOVERLAPPED overlapped = NULL;

        if (GetQueuedCompletionStatus(port, &returned, &key, &overlapped, GIVE_UP_MS)) {
            Expect(FALSE, "there is nothing left to tell");
        } else if (!Expect(overlapped != NULL && GetLastError() == ERROR_OPERATION_ABORTED, "a cancelled request")) {
            break;
        }
        ++ended;
    }
}

/* Many clients of one driver, each with its own requests: they do not see each other. */
static void Hold(HANDLE device, unsigned int inFlight)
{
    HANDLE port = CreateIoCompletionPort(device, NULL, 1, 0);
    DWORD returned = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;
    unsigned int i;

    if (!Expect(port != NULL, "CreateIoCompletionPort")) {
        return;
    }
    for (i = 0; i < inFlight; ++i) {
        Expect(Submit(device, &Calls[i]), "IOCTL_INVERTED_WAIT");
    }
    SetLastError(ERROR_SUCCESS);
    Expect(!GetQueuedCompletionStatus(port, &returned, &key, &overlapped, 1000) && overlapped == NULL &&
               GetLastError() == WAIT_TIMEOUT,
           "nothing happens");
    TakeBack(device, port, inFlight);
    CloseHandle(port);
    printf("%u requests were held and taken back\n", inFlight);
}

static void Run(HANDLE device, unsigned int events, unsigned int inFlight)
{
    HANDLE port = CreateIoCompletionPort(device, NULL, 1, 0);
    INVERTED_START start;
    INVERTED_STATE state;
    DWORD returned = 0;
    unsigned int i;
    unsigned int seen = 0;
    unsigned int twice = 0;
    long long begin;
    long long time;

    if (!Expect(port != NULL, "CreateIoCompletionPort")) {
        return;
    }
    for (i = 0; i < inFlight; ++i) {
        Expect(Submit(device, &Calls[i]), "IOCTL_INVERTED_WAIT");
    }
    start.Events = events;
    start.Burst = inFlight;
    begin = NowMicroseconds();
    {
        /* The device is open for overlapped I/O: this call, too, is overlapped, and the low bit keeps it from the port. */
        OVERLAPPED overlapped;

        memset(&overlapped, 0, sizeof(overlapped));
        overlapped.hEvent = (HANDLE)((ULONG_PTR)CreateEventA(NULL, TRUE, FALSE, NULL) | 1);
        if (!DeviceIoControl(device, IOCTL_INVERTED_START, &start, sizeof(start), NULL, 0, NULL, &overlapped)) {
            Expect(GetLastError() == ERROR_IO_PENDING, "IOCTL_INVERTED_START");
        }
        Expect(GetOverlappedResult(device, &overlapped, &returned, TRUE), "IOCTL_INVERTED_START, its end");
        CloseHandle((HANDLE)((ULONG_PTR)overlapped.hEvent & ~(ULONG_PTR)1));
    }
    while (seen < events) {
        OVERLAPPED_ENTRY entries[16];
        ULONG count = 0;

        if (!GetQueuedCompletionStatusEx(port, entries, 16, &count, GIVE_UP_MS, FALSE)) {
            Expect(FALSE, "an event came in time");
            break;
        }
        for (i = 0; i < count; ++i) {
            CALL *call = CONTAINING_RECORD(entries[i].lpOverlapped, CALL, Overlapped);
            DWORD bytes = 0;

            if (!Expect(GetOverlappedResult(device, &call->Overlapped, &bytes, FALSE) && bytes == sizeof(call->Event),
                        "the request ended well")) {
                return;
            }
            if (!Expect(call->Event.Number >= 1 && call->Event.Number <= events, "the number is one of ours")) {
                return;
            }
            /* The driver numbers as it completes; several may be on their way at once and overtake each other. */
            twice += Seen[call->Event.Number];
            Seen[call->Event.Number] = 1;
            ++seen;
            /* Back to the driver at once, for the next event. */
            Expect(Submit(device, call), "IOCTL_INVERTED_WAIT");
        }
    }
    time = NowMicroseconds() - begin;
    for (i = 1; i <= events; ++i) {
        if (!Expect(Seen[i] == 1, "no event was lost")) {
            break;
        }
    }
    Expect(twice == 0, "no event came twice");

    TakeBack(device, port, inFlight);
    CloseHandle(port);

    /* Another handle, opened for calls that wait. */
    device = CreateFileA(INVERTED_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    memset(&state, 0, sizeof(state));
    Expect(DeviceIoControl(device, IOCTL_INVERTED_STATE, NULL, 0, &state, sizeof(state), &returned, NULL), "IOCTL_INVERTED_STATE");
    Expect(state.Waiting == 0 && state.Told == events, "the driver says the same");
    CloseHandle(device);
    printf("%u events with %u requests in flight: each came once; at %u ticks no request was there; %lld ms\n", events,
           inFlight, state.Missed, time / 1000);
    if (Tour) {
        printf("TOUR mechanism=inverted-call mode=%s bytes_shared=0 bytes_copied=%u reason=the-method-copies same_page=no "
               "time_us=%lld\n",
               Mode, (unsigned)sizeof(INVERTED_EVENT), events == 0 ? 0 : time / events);
    }
}

int main(int argc, char **argv)
{
    HANDLE device;
    unsigned int events = 2000;
    unsigned int inFlight = 16;
    BOOL hold = FALSE;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--tour") == 0) {
            Tour = TRUE;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            Mode = argv[++i];
        } else if (strcmp(argv[i], "--hold") == 0) {
            hold = TRUE;
        } else if (strcmp(argv[i], "--events") == 0 && i + 1 < argc) {
            events = (unsigned int)atoi(argv[++i]);
        } else if (strcmp(argv[i], "--in-flight") == 0 && i + 1 < argc) {
            inFlight = (unsigned int)atoi(argv[++i]);
        } else {
            fprintf(stderr, "usage: inverted_call_app [--events N | --hold] [--in-flight N] [--tour] [--mode NAME]\n");
            return 2;
        }
    }
    if (events == 0 || events > MOST_EVENTS || inFlight == 0 || inFlight > MOST_IN_FLIGHT) {
        fprintf(stderr, "1 to %d events, 1 to %d requests in flight\n", MOST_EVENTS, MOST_IN_FLIGHT);
        return 2;
    }
    device = CreateFileA(INVERTED_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED,
                         NULL);
    if (device == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", INVERTED_APP_NAME, (unsigned)GetLastError());
        return 1;
    }
    if (hold) {
        Hold(device, inFlight);
    } else {
        Run(device, events, inFlight);
    }
    CloseHandle(device);
    printf("inverted_call: %s\n", Failures == 0 ? "all as promised" : "something is wrong");
    return Failures == 0 ? 0 : 1;
}
