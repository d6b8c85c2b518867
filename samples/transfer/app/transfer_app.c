/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transfer_app.c - uses the transfer driver and proves what each method does. Exit code 0: all as promised.
 *
 *   transfer_app            prints what it proves
 *   transfer_app --tour     prints one machine-readable TOUR line per mechanism as well
 *   transfer_app --tour --mode NAME    puts NAME into those lines (embedded, hosted)
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../public.h"

#define LIVE_BYTES 8192
#define GIVE_UP_MS 10000

static int Failures;
static BOOL Tour;
static const char *Mode = "unknown";

static unsigned char StaticMemory[LIVE_BYTES];

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

static void TourLine(const char *mechanism, unsigned shared, unsigned copied, const char *reason, const char *samePage,
                     long long microseconds)
{
    if (Tour) {
        printf("TOUR mechanism=%s mode=%s bytes_shared=%u bytes_copied=%u reason=%s same_page=%s time_us=%lld\n",
               mechanism, Mode, shared, copied, reason, samePage, microseconds);
    }
}

/* ------------------------------------------------------------------------------------------- METHOD_BUFFERED */

static void TryBuffered(HANDLE device)
{
    const char text[] = "llaw eht si yromem"; /* without its final zero: 18 characters */
    char answer[64];
    DWORD returned = 0;
    long long start;
    long long time;
    BOOL done;

    memset(answer, '.', sizeof(answer));
    start = NowMicroseconds();
    done = DeviceIoControl(device, IOCTL_TRANSFER_REVERSE, (void *)text, 18, answer, sizeof(answer), &returned, NULL);
    time = NowMicroseconds() - start;
    Expect(done, "IOCTL_TRANSFER_REVERSE");
    Expect(returned == 18 && memcmp(answer, "memory is the wall", 18) == 0, "the reversed text came back");
    Expect(answer[18] == '.', "nothing behind it was written");
    Expect(memcmp(text, "llaw eht si yromem", 18) == 0, "the input is as it was: the driver had a copy");

    /* Too small: a warning carries data, and DeviceIoControl returns FALSE with ERROR_MORE_DATA. */
    memset(answer, '.', sizeof(answer));
    SetLastError(0);
    done = DeviceIoControl(device, IOCTL_TRANSFER_REVERSE, (void *)text, 18, answer, 6, &returned, NULL);
    Expect(!done && GetLastError() == ERROR_MORE_DATA, "a buffer that is too small gives ERROR_MORE_DATA");
    Expect(returned == 6 && memcmp(answer, "memory.", 7) == 0, "and as many bytes as fit");

    printf("METHOD_BUFFERED: the driver worked on a copy; 18 bytes went in and 18 came back\n");
    TourLine("METHOD_BUFFERED", 0, 36, "the-method-copies", "no", time);
}

/* ------------------------------------------------------------------------------------------ METHOD_IN_DIRECT */

static void TryInDirect(HANDLE device)
{
    /* Constant memory: the driver only reads, so pages that nobody may write are fine. */
    static const char text[] = "what the driver reads here is the application's own page, not a copy of it";
    unsigned int expected = 0;
    unsigned int checksum = 0;
    DWORD returned = 0;
    size_t i;
    long long start;
    long long time;
    BOOL done;

    for (i = 0; i < sizeof(text); ++i) {
        expected = expected * 31 + (unsigned char)text[i];
    }
    start = NowMicroseconds();
    done = DeviceIoControl(device, IOCTL_TRANSFER_SEND, NULL, 0, (void *)text, sizeof(text), &returned, NULL);
    time = NowMicroseconds() - start;
    Expect(done, "IOCTL_TRANSFER_SEND");
    done = DeviceIoControl(device, IOCTL_TRANSFER_CHECKSUM, NULL, 0, &checksum, sizeof(checksum), &returned, NULL);
    Expect(done && returned == sizeof(checksum), "IOCTL_TRANSFER_CHECKSUM");
    Expect(checksum == expected, "the driver's checksum is ours");

    printf("METHOD_IN_DIRECT: the driver read %u bytes in place, from memory that cannot be written\n",
           (unsigned)sizeof(text));
    /* Reading alone cannot prove that the page is the same one: METHOD_OUT_DIRECT below does. */
    TourLine("METHOD_IN_DIRECT", (unsigned)sizeof(text), 0, "-", "not-tested", time);
}

/* ----------------------------------------------------------------------------------------- METHOD_OUT_DIRECT */

/* Waits until *word is `value`; the word is written by a DPC of the driver. FALSE: it did not happen for long. */
static BOOL WaitForWord(const volatile unsigned int *word, unsigned int value)
{
    int i;

    for (i = 0; *word != value; ++i) {
        if (i == GIVE_UP_MS) {
            return FALSE;
        }
        Sleep(1);
    }
    return TRUE;
}

static void TryLive(HANDLE device, const char *kind, void *memory)
{
    TRANSFER_LIVE *live = (TRANSFER_LIVE *)memory;
    const unsigned char *bytes = (const unsigned char *)memory + sizeof(TRANSFER_LIVE);
    const unsigned int nonces[] = {0x12345678U, 0xfeedf00dU};
    char mechanism[64];
    TRANSFER_STATE state;
    OVERLAPPED overlapped;
    DWORD returned = 0;
    unsigned int ticks;
    unsigned int i;
    int failuresBefore = Failures;
    long long start;
    long long time;
    BOOL done;

    memset(memory, 0, LIVE_BYTES);
    memset(&overlapped, 0, sizeof(overlapped));
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL); /* manual reset, as overlapped I/O wants it */
    if (!Expect(overlapped.hEvent != NULL, "CreateEvent")) {
        return;
    }
    start = NowMicroseconds();
    done = DeviceIoControl(device, IOCTL_TRANSFER_LIVE, NULL, 0, memory, LIVE_BYTES, NULL, &overlapped);
    if (!Expect(!done && GetLastError() == ERROR_IO_PENDING, "the request is pending")) {
        CloseHandle(overlapped.hEvent);
        return;
    }

    /*
     * The request is pending, nothing has been completed, so nothing can have been copied back. Yet what we write here
     * is read by the driver at its own address, and its answers appear here: the two addresses are one memory.
     */
    for (i = 0; i < 2; ++i) {
        live->Question = nonces[i];
        if (!Expect(WaitForWord(&live->Answer, nonces[i] ^ TRANSFER_ANSWER_KEY), "the driver answered in our memory")) {
            exit(1); /* it would not see our Stop either: the end of the process cancels the request */
        }
    }
    Expect(!GetOverlappedResult(device, &overlapped, &returned, FALSE) && GetLastError() == ERROR_IO_INCOMPLETE,
           "the request was pending all the while");
    time = NowMicroseconds() - start;
    ticks = live->Ticks;
    Expect(ticks >= 2, "the driver's DPC has run more than once");
    for (i = 0; i < ticks && i < LIVE_BYTES - sizeof(TRANSFER_LIVE); ++i) {
        if (bytes[i] != TRANSFER_LIVE_BYTE(i)) {
            Expect(FALSE, "each tick left its byte");
            break;
        }
    }

    /* Another request while the first is pending: what does the driver's MDL say? */
    memset(&state, 0, sizeof(state));
    {
        OVERLAPPED second;

        memset(&second, 0, sizeof(second));
        second.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        done = DeviceIoControl(device, IOCTL_TRANSFER_STATE, NULL, 0, &state, sizeof(state), NULL, &second);
        if (!done && GetLastError() == ERROR_IO_PENDING) {
            done = GetOverlappedResult(device, &second, &returned, TRUE);
        }
        Expect(done, "IOCTL_TRANSFER_STATE");
        Expect(state.UserAddress == (unsigned long long)(size_t)memory, "the MDL describes our address");
        Expect(state.ByteCount == LIVE_BYTES, "and our length");
        if (second.hEvent != NULL) CloseHandle(second.hEvent);
    }

    live->Stop = 1;
    done = GetOverlappedResult(device, &overlapped, &returned, TRUE);
    Expect(done, "the request completed");
    Expect(returned > sizeof(TRANSFER_LIVE) && returned <= LIVE_BYTES, "with the bytes that were written");
    CloseHandle(overlapped.hEvent);

    printf("METHOD_OUT_DIRECT, %s memory: application %p, driver 0x%llx, frame 0x%llx: %s\n", kind, memory,
           state.SystemAddress, state.FirstFrames[0],
           Failures == failuresBefore ? "the same page, both ways, while the request was pending" : "NOT proven");
    sprintf(mechanism, "METHOD_OUT_DIRECT(%s)", kind);
    TourLine(mechanism, LIVE_BYTES, 0, "-", Failures == failuresBefore ? "yes" : "no", time);
}

static void TryOutDirect(HANDLE device)
{
    /* alignment: TRANSFER_LIVE wants its words aligned, and an array of words is */
    unsigned int stackMemory[LIVE_BYTES / sizeof(unsigned int)];
    void *heap = malloc(LIVE_BYTES);
    void *pages = VirtualAlloc(NULL, LIVE_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    if (Expect(pages != NULL, "VirtualAlloc")) {
        TryLive(device, "VirtualAlloc", pages);
        VirtualFree(pages, 0, MEM_RELEASE);
    }
    if (Expect(heap != NULL, "malloc")) {
        TryLive(device, "malloc", heap);
        free(heap);
    }
    TryLive(device, "static", StaticMemory);
    TryLive(device, "stack", stackMemory);
}

int main(int argc, char **argv)
{
    HANDLE device;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--tour") == 0) {
            Tour = TRUE;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            Mode = argv[++i];
        } else {
            fprintf(stderr, "usage: transfer_app [--tour] [--mode NAME]\n");
            return 2;
        }
    }

    /* One handle for requests that wait for their answer... */
    device = CreateFileA(TRANSFER_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    if (device == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", TRANSFER_APP_NAME, (unsigned)GetLastError());
        return 1;
    }
    TryBuffered(device);
    TryInDirect(device);
    CloseHandle(device);

    /* ... and an overlapped one for the request that stays pending. */
    device = CreateFileA(TRANSFER_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, FILE_FLAG_OVERLAPPED,
                         NULL);
    if (!Expect(device != INVALID_HANDLE_VALUE, "opening for overlapped I/O")) {
        return 1;
    }
    TryOutDirect(device);
    CloseHandle(device);

    printf("transfer: %s\n", Failures == 0 ? "all as promised" : "something is wrong");
    return Failures == 0 ? 0 : 1;
}
