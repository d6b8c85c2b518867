/* SPDX-License-Identifier: Apache-2.0 */
/*
 * section_app.c - shares a section with the driver, in both directions, and proves that it is one memory. Exit code 0: it is.
 *
 *   section_app                   the driver's section, ours, and ours at raised IRQL
 *   section_app --first           with a second instance: fills the driver's section, waits for the other's answer
 *   section_app --second          verifies what the first wrote, answers
 *   ... --tour [--mode NAME]      prints machine-readable TOUR lines as well
 *
 * --first and --second run at the same time, started in any order.
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

/* What two instances say to each other, at the start of the driver's section. */
typedef struct _MEETING {
    volatile unsigned int State;
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

static void TourLine(const char *mechanism, BOOL samePage, long long microseconds)
{
    if (Tour) {
        printf("TOUR mechanism=%s mode=%s bytes_shared=%u bytes_copied=0 reason=- same_page=%s time_us=%lld\n", mechanism, Mode,
               (unsigned)SECTION_BYTES, samePage ? "yes" : "no", microseconds);
    }
}

static HANDLE OpenDevice(void)
{
    HANDLE device = CreateFileA(SECTION_APP_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);

    if (device == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open %s, error %u: is the driver loaded?\n", SECTION_APP_NAME, (unsigned)GetLastError());
        exit(1);
    }
    return device;
}

/* Lets the driver read the word at `offset` and write `answer` behind it; gives what it read. */
static unsigned int DriverExchanges(HANDLE device, DWORD code, unsigned int offset, unsigned int answer)
{
    SECTION_EXCHANGE exchange;
    DWORD returned = 0;

    exchange.Offset = offset;
    exchange.Answer = answer;
    Expect(DeviceIoControl(device, code, &exchange, sizeof(exchange), &exchange, sizeof(exchange), &returned, NULL) &&
               returned == sizeof(exchange),
           "the driver's exchange");
    return exchange.Answer;
}

/* On every page: we write at one address, the driver reads at its own and answers, we read at both of ours. */
static void TrySection(HANDLE device, HANDLE section, DWORD code, const char *mechanism)
{
    int failuresBefore = Failures;
    long long start = NowMicroseconds();
    volatile unsigned int *first = (volatile unsigned int *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    volatile unsigned int *second = (volatile unsigned int *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, SECTION_BYTES);
    long long time = NowMicroseconds() - start;
    unsigned int page;

    if (Expect(first != NULL && second != NULL, "MapViewOfFile")) {
        Expect(first != second, "each map call gives another address");
        for (page = 0; page < SECTION_BYTES / PAGE_BYTES; ++page) {
            unsigned int offset = page * PAGE_BYTES + 8 * page;
            unsigned int nonce = code + 77 * page;

            first[offset / 4] = nonce;
            Expect(second[offset / 4] == nonce, "the other view sees what was written");
            Expect(DriverExchanges(device, code, offset, nonce ^ ANSWER_KEY) == nonce, "the driver sees what was written");
            Expect(first[offset / 4 + 1] == (nonce ^ ANSWER_KEY), "the first view sees the driver's answer");
            Expect(second[offset / 4 + 1] == (nonce ^ ANSWER_KEY), "the second view sees the driver's answer");
        }
        printf("%s: views %p and %p, %u pages: %s\n", mechanism, (void *)first, (void *)second, SECTION_BYTES / PAGE_BYTES,
               Failures == failuresBefore ? "one memory" : "NOT proven");
        TourLine(mechanism, Failures == failuresBefore, time);
    }
    if (first != NULL) {
        UnmapViewOfFile((const void *)first);
    }
    if (second != NULL) {
        UnmapViewOfFile((const void *)second);
    }
}

static HANDLE OpenDriversSection(HANDLE device)
{
    DWORD returned = 0;

    Expect(DeviceIoControl(device, IOCTL_SECTION_CREATE, NULL, 0, NULL, 0, &returned, NULL), "IOCTL_SECTION_CREATE");
    return OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, SECTION_DRIVERS_NAME);
}

static void BeAlone(void)
{
    HANDLE device = OpenDevice();
    HANDLE section = OpenDriversSection(device);

    if (Expect(section != NULL, "OpenFileMapping of the driver's section")) {
        TrySection(device, section, IOCTL_SECTION_OWN, "section-by-driver");
        CloseHandle(section);
    }
    SetLastError(ERROR_SUCCESS);
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SECTION_BYTES, SECTION_APPS_NAME);
    /* Another instance may have made it: then the driver's answers would land in its views, too. */
    if (Expect(section != NULL && GetLastError() != ERROR_ALREADY_EXISTS, "CreateFileMapping of a section of our own")) {
        TrySection(device, section, IOCTL_SECTION_APPS, "section-by-application");
        TrySection(device, section, IOCTL_SECTION_APPS_DPC, "section-at-raised-irql");
    }
    if (section != NULL) {
        CloseHandle(section);
    }
    CloseHandle(device);
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

static void FirstMeets(unsigned char *bytes)
{
    MEETING *meeting = (MEETING *)bytes;
    unsigned int nonce = GetTickCount() ^ (GetCurrentProcessId() << 8);
    long long start = NowMicroseconds();
    unsigned int i;

    for (i = sizeof(MEETING); i < SECTION_BYTES; ++i) {
        bytes[i] = PatternByte(nonce, i);
    }
    meeting->Nonce = nonce;
    InterlockedExchange((volatile LONG *)&meeting->State, STATE_WRITTEN); /* after everything else */
    if (WaitForState(meeting, STATE_VERIFIED)) {
        Expect(meeting->Answer == (nonce ^ ANSWER_KEY), "the other process answered in the same memory");
    }
    InterlockedExchange((volatile LONG *)&meeting->State, STATE_DONE);
    printf("first: process %u, view %p\n", (unsigned)GetCurrentProcessId(), (void *)bytes);
    TourLine("section-two-processes", Failures == 0, NowMicroseconds() - start);
}

static void SecondMeets(unsigned char *bytes)
{
    MEETING *meeting = (MEETING *)bytes;
    unsigned int wrong = 0;
    unsigned int nonce;
    unsigned int i;

    if (WaitForState(meeting, STATE_WRITTEN)) {
        nonce = meeting->Nonce;
        for (i = sizeof(MEETING); i < SECTION_BYTES; ++i) {
            wrong += bytes[i] != PatternByte(nonce, i);
        }
        Expect(wrong == 0, "every byte is as the other process wrote it");
        meeting->Answer = nonce ^ ANSWER_KEY;
        InterlockedExchange((volatile LONG *)&meeting->State, STATE_VERIFIED);
        (void)WaitForState(meeting, STATE_DONE);
        InterlockedExchange((volatile LONG *)&meeting->State, 0); /* for the next two */
    }
    printf("second: process %u, view %p, %u bytes differ\n", (unsigned)GetCurrentProcessId(), (void *)bytes, wrong);
}

static void Meet(BOOL first)
{
    HANDLE device = OpenDevice();
    HANDLE section = OpenDriversSection(device);
    unsigned char *bytes = NULL;

    if (Expect(section != NULL, "OpenFileMapping of the driver's section")) {
        bytes = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
        CloseHandle(section); /* the view is enough */
    }
    if (Expect(bytes != NULL, "MapViewOfFile")) {
        if (first) {
            FirstMeets(bytes);
        } else {
            SecondMeets(bytes);
        }
        UnmapViewOfFile(bytes);
    }
    CloseHandle(device);
}

int main(int argc, char **argv)
{
    enum { ALONE, FIRST, SECOND } role = ALONE;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--first") == 0) {
            role = FIRST;
        } else if (strcmp(argv[i], "--second") == 0) {
            role = SECOND;
        } else if (strcmp(argv[i], "--tour") == 0) {
            Tour = TRUE;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            Mode = argv[++i];
        } else {
            fprintf(stderr, "usage: section_app [--first | --second] [--tour] [--mode NAME]\n");
            return 2;
        }
    }
    if (role == ALONE) {
        BeAlone();
    } else {
        Meet(role == FIRST);
    }
    printf("section: %s\n", Failures == 0 ? "all as promised" : "something is wrong");
    return Failures == 0 ? 0 : 1;
}
