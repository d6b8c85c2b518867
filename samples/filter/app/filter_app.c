/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter_app.c - talks to the store and finds the filter's marks on what comes back. Exit code 0: all is as it should be.
 *
 *   filter_app                 reads, writes, overlapped reads, controls
 *   ... --tour [--mode NAME]   prints machine-readable TOUR lines as well
 */
#include <windows.h>
#include <winioctl.h>

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../public.h"

#define READ_BYTES 8192
#define OVERLAPPED_READS 16

static int Failures;
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

static unsigned char PatternAt(DWORD offset)
{
    return (unsigned char)(offset * 7 + offset / 256);
}

/* What the store holds at `offset`, as the filter shows it. */
static BOOL IsFiltered(const unsigned char *bytes, DWORD offset, DWORD length)
{
    DWORD i;

    for (i = 0; i < length; ++i) {
        if (bytes[i] != (unsigned char)(PatternAt(offset + i) ^ FILTER_KEY)) {
            return FALSE;
        }
    }
    return TRUE;
}

static HANDLE OpenStore(DWORD flags)
{
    return CreateFileA("\\\\.\\PwStore", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, flags, NULL);
}

/* One transfer at an offset, waited for. */
static BOOL TransferAt(HANDLE store, BOOL write, DWORD offset, void *bytes, DWORD length, DWORD *done)
{
    OVERLAPPED request;
    BOOL started;

    memset(&request, 0, sizeof(request));
    request.Offset = offset;
    request.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    *done = 0;
    started = write ? WriteFile(store, bytes, length, NULL, &request) : ReadFile(store, bytes, length, NULL, &request);
    if (started || GetLastError() == ERROR_IO_PENDING) {
        started = GetOverlappedResult(store, &request, done, TRUE);
    }
    CloseHandle(request.hEvent);
    return started;
}

static void Fill(HANDLE store)
{
    unsigned char *bytes = (unsigned char *)malloc(STORE_BYTES);
    DWORD i, done = 0;

    if (!Expect(bytes != NULL, "memory")) {
        return;
    }
    for (i = 0; i < STORE_BYTES; ++i) {
        bytes[i] = PatternAt(i);
    }
    Expect(TransferAt(store, TRUE, 0, bytes, STORE_BYTES, &done) && done == STORE_BYTES, "the whole store is written");
    Expect(!TransferAt(store, TRUE, STORE_BYTES - 4, bytes, 8, &done) && GetLastError() == ERROR_ACCESS_DENIED,
           "the filter refuses a write beyond the end");
    free(bytes);
}

static BOOL ReadMany(HANDLE store)
{
    static unsigned char bytes[OVERLAPPED_READS][READ_BYTES];
    OVERLAPPED requests[OVERLAPPED_READS];
    BOOL good = TRUE;
    DWORD i, done;

    for (i = 0; i < OVERLAPPED_READS; ++i) {
        memset(&requests[i], 0, sizeof(requests[i]));
        requests[i].Offset = i * 1000;
        requests[i].hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        if (!ReadFile(store, bytes[i], READ_BYTES, NULL, &requests[i]) && GetLastError() != ERROR_IO_PENDING) {
            good = FALSE;
        }
    }
    for (i = 0; i < OVERLAPPED_READS; ++i) {
        good = GetOverlappedResult(store, &requests[i], &done, TRUE) && done == READ_BYTES && IsFiltered(bytes[i], i * 1000, READ_BYTES) &&
               good;
        CloseHandle(requests[i].hEvent);
    }
    return Expect(good, "overlapped reads come back through the filter's completion routine");
}

static void Questions(HANDLE store, DWORD reads)
{
    FILTER_STATISTICS statistics;
    STORE_CHECKSUM checksum;
    DWORD returned = 0, i, sum = 0;

    for (i = 0; i < STORE_BYTES; ++i) {
        sum += PatternAt(i);
    }
    Expect(DeviceIoControl(store, IOCTL_FILTER_STATISTICS, NULL, 0, &statistics, sizeof(statistics), &returned, NULL) &&
               returned == sizeof(statistics),
           "the filter answers");
    Expect(statistics.Reads == reads && statistics.ReadsAtDpc == reads, "every read was changed, at DISPATCH_LEVEL");
    Expect(statistics.Writes == 1 && statistics.WritesRefused == 1, "the filter counts writes");
    Expect(DeviceIoControl(store, IOCTL_STORE_CHECKSUM, NULL, 0, &checksum, sizeof(checksum), &returned, NULL) &&
               checksum.Sum == sum && checksum.ChangedReads == reads,
           "store and filter answer one request together");
    Expect(!DeviceIoControl(store, CTL_CODE(0x8350, 0x8ff, METHOD_BUFFERED, FILE_ANY_ACCESS), NULL, 0, NULL, 0, &returned, NULL) &&
               GetLastError() == ERROR_INVALID_FUNCTION,
           "what the filter does not know the store refuses");
}

int main(int argc, char **argv)
{
    static unsigned char bytes[READ_BYTES];
    BOOL tour = FALSE, shared;
    HANDLE overlapped, plain;
    DWORD done = 0;
    long long start, end;
    int i;

    for (i = 1; i < argc; ++i) {
        if (strcmp(argv[i], "--tour") == 0) {
            tour = TRUE;
        } else if (strcmp(argv[i], "--mode") == 0 && i + 1 < argc) {
            Mode = argv[++i];
        }
    }
    overlapped = OpenStore(FILE_FLAG_OVERLAPPED);
    plain = OpenStore(0);
    if (overlapped == INVALID_HANDLE_VALUE || plain == INVALID_HANDLE_VALUE) {
        fprintf(stderr, "cannot open the store, error %u: are both drivers loaded?\n", (unsigned)GetLastError());
        return 1;
    }
    Fill(overlapped);
    start = NowMicroseconds();
    shared = TransferAt(overlapped, FALSE, 4096, bytes, READ_BYTES, &done) && done == READ_BYTES && IsFiltered(bytes, 4096, READ_BYTES);
    end = NowMicroseconds();
    Expect(shared, "a read comes back changed");
    ReadMany(overlapped);
    Questions(plain, 1 + OVERLAPPED_READS);
    CloseHandle(plain);
    CloseHandle(overlapped);
    if (tour) {
        printf("TOUR mechanism=filtered-read mode=%s bytes_shared=%d bytes_copied=0 reason=none same_page=%s time_us=%lld\n", Mode,
               READ_BYTES, shared ? "yes" : "no", end - start);
    }
    printf("filter: %s\n", Failures == 0 ? "all is as it should be" : "FAILED");
    return Failures == 0 ? 0 : 1;
}
