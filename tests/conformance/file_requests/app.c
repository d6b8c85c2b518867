/* SPDX-License-Identifier: Apache-2.0 */
/* Flush, file-system controls and fast I/O from an application; the driver checks what it gets when it calls itself. */
#include "public.h"

#include "frame/app_frame.h"

static COUNTS Count(HANDLE device)
{
    COUNTS counts;

    memset(&counts, 0, sizeof(counts));
    CHECK(Control(device, IOCTL_COUNTS, NULL, 0, &counts, sizeof(counts), NULL));
    return counts;
}

static void Flush(HANDLE device)
{
    HANDLE reader = OpenTestDevice(GENERIC_READ, 0);
    HANDLE overlapped = OpenTestDevice(GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    COUNTS before = Count(device);

    CHECK(FlushFileBuffers(device));
    CHECK(FlushFileBuffers(overlapped)); /* waits, whatever the handle was opened for */
    CHECK_EQUAL(Count(device).Flushes, before.Flushes + 2);
    CHECK(!FlushFileBuffers(reader));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(Count(device).Flushes, before.Flushes + 2);
    CHECK(CloseHandle(reader));
    CHECK(CloseHandle(overlapped));
}

static void FileSystemControl(HANDLE device)
{
    char input[9] = "eight by";
    unsigned int answer = 0;
    DWORD returned = 0;

    CHECK(Control(device, FSCTL_TEST, input, sizeof(input), &answer, sizeof(answer), &returned));
    CHECK_EQUAL(returned, sizeof(answer));
    CHECK_EQUAL(answer, sizeof(input));
}

static void FastIo(HANDLE device)
{
    unsigned char input[4] = {1, 2, 3, 255};
    unsigned char output[4] = {0, 0, 0, 0};
    DWORD returned = 0;
    COUNTS before = Count(device);
    HANDLE overlapped = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    OVERLAPPED request;

    CHECK(Control(device, IOCTL_FAST, input, sizeof(input), output, sizeof(output), &returned));
    CHECK_EQUAL(returned, sizeof(input));
    CHECK(output[0] == 2 && output[1] == 3 && output[2] == 4 && output[3] == 0);
    CHECK_EQUAL(ControlError(device, IOCTL_FAST, input, sizeof(input), output, 1), ERROR_INSUFFICIENT_BUFFER);
    CHECK_EQUAL(ControlError(device, IOCTL_FAST, input, sizeof(input), (void *)16, sizeof(output)), ERROR_NOACCESS);
    CHECK(Control(device, IOCTL_SLOW, NULL, 0, NULL, 0, NULL));
    CHECK(Count(device).FastCalls > before.FastCalls + 4);
    memset(&request, 0, sizeof(request));
    request.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(DeviceIoControl(overlapped, IOCTL_SLOW, NULL, 0, NULL, 0, &returned, &request));
    CHECK_EQUAL(WaitForSingleObject(request.hEvent, 0), WAIT_OBJECT_0);
    CHECK(CloseHandle(request.hEvent));
    CHECK(CloseHandle(overlapped));
}

/* An overlapped request is offered to FastIoDeviceControl first, as every other; what it answers ends as if at once. */
static void OverlappedFastIo(HANDLE device)
{
    unsigned char input[4] = {9, 8, 7, 6};
    unsigned char output[4] = {0, 0, 0, 0};
    HANDLE overlapped = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    HANDLE port = CreateIoCompletionPort(overlapped, NULL, 5, 0);
    OVERLAPPED request;
    LPOVERLAPPED taken = NULL;
    ULONG_PTR key = 0;
    DWORD returned = 0;
    COUNTS before = Count(device);

    CHECK(port != NULL);
    memset(&request, 0, sizeof(request));
    request.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(DeviceIoControl(overlapped, IOCTL_FAST, input, sizeof(input), output, sizeof(output), &returned, &request));
    CHECK_EQUAL(returned, sizeof(input));
    CHECK(output[0] == 10 && output[3] == 7);
    CHECK_EQUAL(WaitForSingleObject(request.hEvent, 0), WAIT_OBJECT_0);
    CHECK(HasOverlappedIoCompleted(&request));
    CHECK_EQUAL(request.InternalHigh, sizeof(input));
    CHECK(GetQueuedCompletionStatus(port, &returned, &key, &taken, 0));
    CHECK(taken == &request && key == 5);
    CHECK_EQUAL(returned, sizeof(input));
    /* What fails at once tells nobody else. */
    CHECK(!DeviceIoControl(overlapped, IOCTL_FAST, input, sizeof(input), output, 1, &returned, &request));
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(!GetQueuedCompletionStatus(port, &returned, &key, &taken, 0));
    CHECK(taken == NULL);
    CHECK(Count(device).FastCalls >= before.FastCalls + 2);
    CHECK(CloseHandle(request.hEvent));
    CHECK(CloseHandle(overlapped));
    CHECK(CloseHandle(port));
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK(Control(device, IOCTL_RUN, NULL, 0, NULL, 0, NULL));
    Flush(device);
    FileSystemControl(device);
    FastIo(device);
    OverlappedFastIo(device);
    return Finish(device);
}
