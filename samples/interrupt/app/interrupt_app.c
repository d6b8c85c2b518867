/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interrupt_app.c - receives what a device reports by interrupts, from a ring in the driver's memory. Sleeps when there is
 * nothing, and is woken only then. Exit code 0: every event came once, in order.
 *
 *   interrupt_app [--tour [--mode NAME]]
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <string.h>

#include <partywall/ring_application.h>

#include "../public.h"

#define EVENTS 200
#define GIVE_UP_MS 20000

static const pw_ring_geometry Geometry = INTERRUPT_GEOMETRY;

static long long NowMicroseconds(void)
{
    LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart / frequency.QuadPart * 1000000 + count.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}

/* Takes events until there have been EVENTS. Returns how many were right. */
static unsigned int Receive(pw_ring_consumer *ring, HANDLE event)
{
    unsigned int expected = 0;

    while (expected < EVENTS) {
        const pw_ring_status status = pw_ring_wait_data(ring, event, GIVE_UP_MS);
        const void *elements;
        uint32_t count;
        uint32_t i;

        if (status != PW_RING_OK) {
            fprintf(stderr, "FAILED: the ring says %d after %u events\n", (int)status, expected);
            break;
        }
        while (pw_ring_peek(ring, EVENTS, &elements, &count) == PW_RING_OK) {
            for (i = 0; i < count; ++i) {
                INTERRUPT_EVENT seen = ((const INTERRUPT_EVENT *)elements)[i];

                if (seen.Sequence != expected || seen.Value != expected * 2654435761u) {
                    fprintf(stderr, "FAILED: event %u has number %u, value %u\n", expected, seen.Sequence, seen.Value);
                    return expected;
                }
                ++expected;
            }
            pw_ring_release(ring, count);
        }
    }
    return expected;
}

int main(int argc, char **argv)
{
    INTERRUPT_CONNECT connect;
    INTERRUPT_VIEW view = {0, 0};
    INTERRUPT_START start = {EVENTS};
    INTERRUPT_STATE state = {0, 0, 0, 0, 0};
    const char *mode = "unknown";
    pw_ring_consumer ring;
    unsigned int received;
    long long started;
    DWORD returned = 0;
    HANDLE device;
    HANDLE event;
    int tour = 0;
    int good;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--tour") == 0) {
            tour = 1;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            mode = argv[++i];
        } else {
            fprintf(stderr, "usage: interrupt_app [--tour] [--mode NAME]\n");
            return 2;
        }
    }
    device = CreateFileA(INTERRUPT_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (device == INVALID_HANDLE_VALUE || event == NULL) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", INTERRUPT_APP_NAME, (unsigned)GetLastError());
        return 1;
    }
    connect.Event = (unsigned long long)(ULONG_PTR)event;
    if (!DeviceIoControl(device, IOCTL_INTERRUPT_CONNECT, &connect, sizeof(connect), &view, sizeof(view), &returned, NULL)) {
        fprintf(stderr, "FAILED: cannot map the ring, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    /* The driver made it, and knows what it must be; so do we. */
    if (pw_ring_attach_consumer(&ring, (void *)(ULONG_PTR)view.Address, view.Length, &Geometry, 0) != PW_RING_OK) {
        fprintf(stderr, "FAILED: what the driver mapped is not its ring\n");
        return 1;
    }
    started = NowMicroseconds();
    if (!DeviceIoControl(device, IOCTL_INTERRUPT_START, &start, sizeof(start), NULL, 0, &returned, NULL)) {
        fprintf(stderr, "FAILED: cannot start the device, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    received = Receive(&ring, event);
    started = NowMicroseconds() - started;
    if (!DeviceIoControl(device, IOCTL_INTERRUPT_STATE, NULL, 0, &state, sizeof(state), &returned, NULL)) {
        fprintf(stderr, "FAILED: cannot ask for the state, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    /* The driver reads our count where we wrote it: it is the same page. */
    good = received == EVENTS && state.TailSeen == received && state.Dropped == 0;
    printf("%u events by %u interrupts, %u DPCs, %u wakes, %u dropped; the driver sees our count %llu\n", received,
           state.Interrupts, state.Dpcs, state.Wakes, state.Dropped, state.TailSeen);
    if (tour) {
        printf("TOUR mechanism=interrupt-to-ring mode=%s bytes_shared=%u bytes_copied=0 reason=none same_page=%s time_us=%lld\n",
               mode, received * (unsigned int)sizeof(INTERRUPT_EVENT), state.TailSeen == received ? "yes" : "no", started);
    }
    CloseHandle(device);
    CloseHandle(event);
    return good ? 0 : 1;
}
