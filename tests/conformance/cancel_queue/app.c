/* SPDX-License-Identifier: Apache-2.0 */
/* Requests that wait in a cancel-safe queue: released in order, cancelled one by one, cancelled by closing the handle. */
#include "public.h"

#include "frame/app_frame.h"

typedef struct {
    OVERLAPPED overlapped;
    unsigned int answer;
} REQUEST;

static void Start(HANDLE device, REQUEST *request)
{
    memset(request, 0, sizeof(*request));
    request->overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(request->overlapped.hEvent != NULL);
    CHECK(!DeviceIoControl(device, IOCTL_QUEUE, NULL, 0, &request->answer, sizeof(request->answer), NULL, &request->overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
}

/* The error that the request ended with, ERROR_SUCCESS for its answer. */
static DWORD End(HANDLE device, REQUEST *request)
{
    DWORD returned = 0;
    DWORD error = ERROR_SUCCESS;

    CHECK_EQUAL(WaitForSingleObject(request->overlapped.hEvent, 10000), WAIT_OBJECT_0);
    if (!GetOverlappedResult(device, &request->overlapped, &returned, FALSE)) {
        error = GetLastError();
    } else {
        CHECK_EQUAL(returned, sizeof(request->answer));
        CHECK_EQUAL(request->answer, QUEUE_ANSWER);
    }
    CloseHandle(request->overlapped.hEvent);
    return error;
}

static unsigned int Cancelled(HANDLE plain)
{
    unsigned int count = 0;

    CHECK(Control(plain, IOCTL_CANCELLED, NULL, 0, &count, sizeof(count), NULL));
    return count;
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    HANDLE plain = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    REQUEST first, second, third;

    CHECK_EQUAL(ControlError(plain, IOCTL_RELEASE, NULL, 0, NULL, 0), ERROR_FILE_NOT_FOUND);
    Start(device, &first);
    Start(device, &second);
    Start(device, &third);
    CHECK(CancelIoEx(device, &second.overlapped));
    CHECK_EQUAL(End(device, &second), ERROR_OPERATION_ABORTED);
    CHECK_EQUAL(Cancelled(plain), 1);
    CHECK(Control(plain, IOCTL_RELEASE, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(End(device, &first), ERROR_SUCCESS);
    CHECK_EQUAL(WaitForSingleObject(third.overlapped.hEvent, 0), WAIT_TIMEOUT);
    CHECK(CancelIo(device));
    CHECK_EQUAL(End(device, &third), ERROR_OPERATION_ABORTED);
    CHECK_EQUAL(Cancelled(plain), 2);

    /* CLEANUP takes what waits: the request ends although its handle is gone. */
    Start(device, &first);
    CHECK(CloseHandle(device));
    CHECK_EQUAL(WaitForSingleObject(first.overlapped.hEvent, 10000), WAIT_OBJECT_0);
    CHECK(CloseHandle(first.overlapped.hEvent));
    CHECK_EQUAL(Cancelled(plain), 3);
    CHECK_EQUAL(ControlError(plain, IOCTL_RELEASE, NULL, 0, NULL, 0), ERROR_FILE_NOT_FOUND);

    CHECK(Control(plain, IOCTL_RUN, NULL, 0, NULL, 0, NULL));
    return Finish(plain);
}
