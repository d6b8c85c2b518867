/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture_app.c - reads samples where the driver writes them, in a mirrored ring, and shows how many. Exit code 0: every
 * sample came, in order, and runs went across the ring's end.
 *
 *   capture_app [--samples N] [--per-tick N] [--quiet] [--tour [--mode NAME]]
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <partywall/ring_application.h>

#include "../public.h"

#define GIVE_UP_MS 20000

static const pw_ring_geometry Geometry = CAPTURE_GEOMETRY;

typedef struct _PROGRESS {
    unsigned int Received;
    unsigned int Batches;
    unsigned int AcrossTheEnd; /* batches that no ring without a mirror could give */
    unsigned int Wrong;
} PROGRESS;

static long long NowMicroseconds(void)
{
    LARGE_INTEGER frequency;
    LARGE_INTEGER count;

    QueryPerformanceFrequency(&frequency);
    QueryPerformanceCounter(&count);
    return count.QuadPart / frequency.QuadPart * 1000000 + count.QuadPart % frequency.QuadPart * 1000000 / frequency.QuadPart;
}

/* The samples of one run, in place. */
static void Check(const CAPTURE_SAMPLE *samples, unsigned int count, PROGRESS *progress)
{
    unsigned int i;

    for (i = 0; i < count; ++i) {
        unsigned int number = progress->Received + i;

        if (samples[i].Number != number || samples[i].Channels[5] != (unsigned short)(number * 6)) {
            ++progress->Wrong;
        }
    }
    if (progress->Received % CAPTURE_RING_SAMPLES + count > CAPTURE_RING_SAMPLES) {
        ++progress->AcrossTheEnd;
    }
    ++progress->Batches;
    progress->Received += count;
}

static void Show(const PROGRESS *progress, unsigned int total, long long microseconds)
{
    double seconds = (double)microseconds / 1e6;
    double rate = seconds > 0 ? (double)progress->Received / seconds : 0;

    printf("%5.1f %%  %u samples, %.2f million/s, %.1f MB/s, %u runs\n", 100.0 * progress->Received / total,
           progress->Received, rate / 1e6, rate * sizeof(CAPTURE_SAMPLE) / 1e6, progress->Batches);
}

static void Receive(pw_ring_consumer *ring, HANDLE event, unsigned int total, int quiet, PROGRESS *progress)
{
    long long started = NowMicroseconds();
    unsigned int next_line = total / 10;
    const void *samples;
    uint32_t count;

    while (progress->Received < total) {
        pw_ring_status status = pw_ring_peek(ring, CAPTURE_RING_SAMPLES, &samples, &count);

        if (status == PW_RING_EMPTY) {
            status = pw_ring_wait_data(ring, event, GIVE_UP_MS);
            if (status == PW_RING_OK) {
                continue;
            }
        }
        if (status != PW_RING_OK) {
            fprintf(stderr, "FAILED: the ring says %d after %u samples\n", (int)status, progress->Received);
            return;
        }
        Check((const CAPTURE_SAMPLE *)samples, count, progress);
        pw_ring_release(ring, count);
        if (!quiet && progress->Received >= next_line) {
            Show(progress, total, NowMicroseconds() - started);
            next_line += total / 10;
        }
    }
}

int main(int argc, char **argv)
{
    CAPTURE_CONNECT connect;
    CAPTURE_VIEW view = {0, 0};
    CAPTURE_START start = {400000, 3000};
    CAPTURE_STATE state = {0, 0, 0, 0};
    PROGRESS progress = {0, 0, 0, 0};
    const char *mode = "unknown";
    pw_ring_consumer ring;
    long long started;
    DWORD returned = 0;
    HANDLE device;
    HANDLE event;
    int tour = 0;
    int quiet = 0;
    int good;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--tour") == 0) {
            tour = quiet = 1;
        } else if (strcmp(argv[i], "--quiet") == 0) {
            quiet = 1;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            mode = argv[++i];
        } else if (strcmp(argv[i], "--samples") == 0 && i + 1 < argc) {
            start.Total = (unsigned int)atoi(argv[++i]);
        } else if (strcmp(argv[i], "--per-tick") == 0 && i + 1 < argc) {
            start.PerTick = (unsigned int)atoi(argv[++i]);
        } else {
            fprintf(stderr, "usage: capture_app [--samples N] [--per-tick N] [--quiet] [--tour [--mode NAME]]\n");
            return 2;
        }
    }
    device = CreateFileA(CAPTURE_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    event = CreateEventA(NULL, FALSE, FALSE, NULL);
    if (device == INVALID_HANDLE_VALUE || event == NULL) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", CAPTURE_APP_NAME, (unsigned)GetLastError());
        return 1;
    }
    connect.Event = (unsigned long long)(ULONG_PTR)event;
    if (!DeviceIoControl(device, IOCTL_CAPTURE_CONNECT, &connect, sizeof(connect), &view, sizeof(view), &returned, NULL)) {
        fprintf(stderr, "FAILED: cannot map the ring, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    if (pw_ring_attach_consumer(&ring, (void *)(ULONG_PTR)view.Address, view.Length, &Geometry, PW_RING_MIRRORED) != PW_RING_OK) {
        fprintf(stderr, "FAILED: what the driver mapped is not its ring\n");
        return 1;
    }
    started = NowMicroseconds();
    if (!DeviceIoControl(device, IOCTL_CAPTURE_START, &start, sizeof(start), NULL, 0, &returned, NULL)) {
        fprintf(stderr, "FAILED: cannot start, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    Receive(&ring, event, start.Total, quiet, &progress);
    started = NowMicroseconds() - started;
    if (!DeviceIoControl(device, IOCTL_CAPTURE_STATE, NULL, 0, &state, sizeof(state), &returned, NULL)) {
        fprintf(stderr, "FAILED: cannot ask for the state, error %u\n", (unsigned)GetLastError());
        return 1;
    }
    Show(&progress, start.Total, started);
    printf("%u wrong, %u runs across the ring's end, %u ticks, %u of them held back, %u wakes; the driver sees our count %llu\n",
           progress.Wrong, progress.AcrossTheEnd, state.Ticks, state.Overruns, state.Wakes, state.TailSeen);
    good = progress.Received == start.Total && progress.Wrong == 0 && state.TailSeen == start.Total &&
           (progress.AcrossTheEnd != 0 || start.Total < 4 * CAPTURE_RING_SAMPLES);
    if (tour) {
        printf("TOUR mechanism=mirrored-ring mode=%s bytes_shared=%u bytes_copied=0 reason=none same_page=%s time_us=%lld\n",
               mode, progress.Received * (unsigned int)sizeof(CAPTURE_SAMPLE), good ? "yes" : "no", started);
    }
    CloseHandle(device);
    CloseHandle(event);
    return good ? 0 : 1;
}
