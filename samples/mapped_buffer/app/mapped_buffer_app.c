/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapped_buffer_app.c - maps the driver's buffers and proves that everybody sees the same memory. Exit code 0: so it is.
 *
 *   mapped_buffer_app             two handles in this process; the driver; both kinds of buffer
 *   mapped_buffer_app --first     with a second instance: writes, waits for the other's answer
 *   mapped_buffer_app --second    verifies what the first wrote, answers (also accepted: --child)
 *   ... --tour [--mode NAME]      prints machine-readable TOUR lines as well
 *
 * --first and --second run at the same time, started in any order:
 *   mapped_buffer_app --first & mapped_buffer_app --second; wait
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../public.h"

#define GIVE_UP_MS 20000
#define PAGE_BYTES 4096
#define ANSWER_KEY 0x0badcafeU

static int Failures;
static BOOL Tour;
static const char *Mode = "unknown";
static const char *const KindNames[MAPPED_KINDS] = {"non-paged-pool", "contiguous"};

/* What two instances say to each other, at the start of the buffer. */
typedef struct _MEETING {
    volatile unsigned int State; /* 0, then the three below, in this order */
    volatile unsigned int Nonce;
    volatile unsigned int Answer;
} MEETING;

#define STATE_WRITTEN 1  /* by the first: the pattern is there */
#define STATE_VERIFIED 2 /* by the second: read it, and here is the answer */
#define STATE_DONE 3     /* by the first: read the answer */

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

static void TourLine(const char *mechanism, const char *kind, BOOL samePage, long long microseconds)
{
    if (Tour) {
        printf("TOUR mechanism=%s(%s) mode=%s bytes_shared=%u bytes_copied=0 reason=- same_page=%s time_us=%lld\n",
               mechanism, kind, Mode, (unsigned)MAPPED_BYTES, samePage ? "yes" : "no", microseconds);
    }
}

static HANDLE OpenDevice(void)
{
    HANDLE device = CreateFileA(MAPPED_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", MAPPED_APP_NAME, (unsigned)GetLastError());
        exit(1);
    }
    return device;
}

/* Asks for the view of this handle; NULL if that fails. */
static unsigned char *MapBuffer(HANDLE device, unsigned int kind, unsigned int *views)
{
    MAPPED_REQUEST request = {kind, 0, 0};
    MAPPED_VIEW view;
    DWORD returned = 0;

    memset(&view, 0, sizeof(view));
    if (!DeviceIoControl(device, IOCTL_MAPPED_MAP, &request, sizeof(request), &view, sizeof(view), &returned, NULL)) {
        return NULL;
    }
    if (views != NULL) {
        *views = view.Views;
    }
    return returned == sizeof(view) && view.Length == MAPPED_BYTES ? (unsigned char *)(size_t)view.Address : NULL;
}

static BOOL UnmapBuffer(HANDLE device, unsigned int kind)
{
    MAPPED_REQUEST request = {kind, 0, 0};
    DWORD returned = 0;

    return DeviceIoControl(device, IOCTL_MAPPED_UNMAP, &request, sizeof(request), NULL, 0, &returned, NULL);
}

/* Lets the driver read the word at `offset` and write `answer` behind it, at its own address. */
static unsigned int DriverExchanges(HANDLE device, unsigned int kind, unsigned int offset, unsigned int answer)
{
    MAPPED_REQUEST request = {kind, offset, answer};
    MAPPED_WORD word = {0};
    DWORD returned = 0;

    Expect(DeviceIoControl(device, IOCTL_MAPPED_EXCHANGE, &request, sizeof(request), &word, sizeof(word), &returned, NULL),
           "IOCTL_MAPPED_EXCHANGE");
    return word.Value;
}

/* How many pages of `view` have the frame numbers of the driver's own pages, as the driver counts them. */
static unsigned int SameFrames(HANDLE device, unsigned int kind, void *view, unsigned int length)
{
    MAPPED_REQUEST request = {kind, 0, 0};
    DWORD returned = 0;

    Expect(DeviceIoControl(device, IOCTL_MAPPED_COMPARE, &request, sizeof(request), view, length, &returned, NULL),
           "IOCTL_MAPPED_COMPARE");
    return returned;
}

/* -------------------------------------------------------------------------------- one process, two handles, a driver */

static void TryKind(unsigned int kind)
{
    HANDLE one = OpenDevice();
    HANDLE two = OpenDevice();
    volatile unsigned int *first;
    volatile unsigned int *second;
    unsigned char *again;
    unsigned int views = 0;
    unsigned int page;
    int failuresBefore = Failures;
    long long start = NowMicroseconds();
    long long time;

    first = (volatile unsigned int *)MapBuffer(one, kind, &views);
    time = NowMicroseconds() - start;
    if (!Expect(first != NULL, "IOCTL_MAPPED_MAP")) {
        return;
    }
    Expect(views == 1, "one view");
    second = (volatile unsigned int *)MapBuffer(two, kind, &views);
    if (!Expect(second != NULL, "IOCTL_MAPPED_MAP by the other handle")) {
        return;
    }
    Expect(views == 2, "two views");
    Expect(first != second, "each handle has an address of its own");
    again = MapBuffer(one, kind, NULL);
    Expect((volatile unsigned int *)again == first, "asking again gives the same address");

    /* On every page: we write at one address, the driver reads at its own, answers, and we read at both of ours. */
    for (page = 0; page < MAPPED_BYTES / PAGE_BYTES; ++page) {
        unsigned int offset = page * PAGE_BYTES + 8 * page;
        unsigned int nonce = 0x1000 * kind + 77 * page + 1;

        first[offset / 4] = nonce;
        Expect(second[offset / 4] == nonce, "the other view sees what was written");
        Expect(DriverExchanges(two, kind, offset, nonce ^ ANSWER_KEY) == nonce, "the driver sees what was written");
        Expect(first[offset / 4 + 1] == (nonce ^ ANSWER_KEY), "the first view sees the driver's answer");
        Expect(second[offset / 4 + 1] == (nonce ^ ANSWER_KEY), "the second view sees the driver's answer");
    }

    /* The view is ordinary memory: it can be the buffer of another request, and its frames are the driver's. */
    Expect(SameFrames(one, kind, (void *)first, MAPPED_BYTES) == MAPPED_BYTES / PAGE_BYTES, "all frames are the driver's");
    {
        unsigned char *other = (unsigned char *)VirtualAlloc(NULL, MAPPED_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

        if (Expect(other != NULL, "VirtualAlloc")) {
            Expect(SameFrames(one, kind, other, MAPPED_BYTES) == 0, "other memory has other frames");
            VirtualFree(other, 0, MEM_RELEASE);
        }
    }

    /* Unmapping one view leaves the other. */
    Expect(UnmapBuffer(one, kind), "IOCTL_MAPPED_UNMAP");
    Expect(!UnmapBuffer(one, kind), "there is nothing left to unmap");
    Expect(second[0] == 0x1000 * kind + 1, "the other view is still there");
    printf("%s: views %p and %p, %u pages: %s\n", KindNames[kind], (void *)first, (void *)second,
           MAPPED_BYTES / PAGE_BYTES, Failures == failuresBefore ? "the driver's own pages" : "NOT proven");
    TourLine("mapped-buffer", KindNames[kind], Failures == failuresBefore, time);

    /* The second view is left to CLEANUP, on purpose: that is what happens when a process dies. */
    CloseHandle(two);
    CloseHandle(one);
}

/* ------------------------------------------------------------------------------------------------- two processes */

static BOOL WaitForState(MEETING *meeting, unsigned int state)
{
    int i;

    for (i = 0; meeting->State < state; ++i) {
        if (i == GIVE_UP_MS) {
            return Expect(FALSE, "the other instance did its part");
        }
        Sleep(1);
    }
    return TRUE;
}

static unsigned char PatternByte(unsigned int nonce, unsigned int offset)
{
    return (unsigned char)(nonce + offset * 7 + offset / PAGE_BYTES);
}

static void BeFirst(void)
{
    HANDLE device = OpenDevice();
    unsigned char *bytes = MapBuffer(device, MAPPED_KIND_POOL, NULL);
    MEETING *meeting = (MEETING *)bytes;
    unsigned int nonce = GetTickCount() ^ (GetCurrentProcessId() << 8);
    unsigned int i;
    long long start;

    if (!Expect(bytes != NULL, "IOCTL_MAPPED_MAP")) {
        return;
    }
    start = NowMicroseconds();
    for (i = sizeof(MEETING); i < MAPPED_BYTES; ++i) {
        bytes[i] = PatternByte(nonce, i);
    }
    meeting->Nonce = nonce;
    InterlockedExchange((volatile LONG *)&meeting->State, STATE_WRITTEN); /* after everything else */
    if (WaitForState(meeting, STATE_VERIFIED)) {
        Expect(meeting->Answer == (nonce ^ ANSWER_KEY), "the other process answered in the same memory");
    }
    InterlockedExchange((volatile LONG *)&meeting->State, STATE_DONE);
    printf("first: process %u, view %p\n", (unsigned)GetCurrentProcessId(), (void *)bytes);
    TourLine("mapped-buffer-two-processes", KindNames[MAPPED_KIND_POOL], Failures == 0, NowMicroseconds() - start);
    /* Keep the view until the other has read the last state: the driver clears the buffer with the last view. */
    CloseHandle(device);
}

static void BeSecond(void)
{
    HANDLE device = OpenDevice();
    unsigned char *bytes = MapBuffer(device, MAPPED_KIND_POOL, NULL);
    MEETING *meeting = (MEETING *)bytes;
    unsigned int wrong = 0;
    unsigned int nonce;
    unsigned int i;

    if (!Expect(bytes != NULL, "IOCTL_MAPPED_MAP")) {
        return;
    }
    if (WaitForState(meeting, STATE_WRITTEN)) {
        nonce = meeting->Nonce;
        for (i = sizeof(MEETING); i < MAPPED_BYTES; ++i) {
            wrong += bytes[i] != PatternByte(nonce, i);
        }
        Expect(wrong == 0, "every byte is as the other process wrote it");
        meeting->Answer = nonce ^ ANSWER_KEY;
        InterlockedExchange((volatile LONG *)&meeting->State, STATE_VERIFIED);
        (void)WaitForState(meeting, STATE_DONE);
    }
    printf("second: process %u, view %p, %u of %u bytes as the first wrote them\n", (unsigned)GetCurrentProcessId(),
           (void *)bytes, (unsigned)(MAPPED_BYTES - sizeof(MEETING)) - wrong, (unsigned)(MAPPED_BYTES - sizeof(MEETING)));
    CloseHandle(device);
}

int main(int argc, char **argv)
{
    enum { ALONE, FIRST, SECOND } role = ALONE;
    unsigned int kind;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--first") == 0) {
            role = FIRST;
        } else if (strcmp(argv[i], "--second") == 0 || strcmp(argv[i], "--child") == 0) {
            role = SECOND;
        } else if (strcmp(argv[i], "--tour") == 0) {
            Tour = TRUE;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            Mode = argv[++i];
        } else {
            fprintf(stderr, "usage: mapped_buffer_app [--first | --second] [--tour] [--mode NAME]\n");
            return 2;
        }
    }
    if (role == FIRST) {
        BeFirst();
    } else if (role == SECOND) {
        BeSecond();
    } else {
        for (kind = 0; kind < MAPPED_KINDS; ++kind) {
            TryKind(kind);
        }
    }
    printf("mapped_buffer: %s\n", Failures == 0 ? "all as promised" : "something is wrong");
    return Failures == 0 ? 0 : 1;
}
