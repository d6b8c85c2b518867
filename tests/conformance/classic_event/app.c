/* SPDX-License-Identifier: Apache-2.0 */
/*++

Module: app.c

Abstract:

    Asks the driver for notifications in both ways and waits for them; then leaves some pending, for CLEANUP to end.
    The driver must be loaded. Exit code 0: all notifications came.

Environment:

    User mode Win32 console application.

--*/

#include <windows.h>
#include <winioctl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "public.h"

#define DELAY_MS(ms)    (-(LONGLONG)(ms) * 10000)
#define PATIENCE_MS     10000
#define MANY            8

static int Failures;

#define REQUIRE(_x_) \
    if (!(_x_)) { printf("%s:%d: %s, last error %u\n", __FILE__, __LINE__, #_x_, (unsigned)GetLastError()); Failures++; }

static DWORD WINAPI
IrpBased(
    LPVOID Parameter
    )
/*++

    One thread for each request: synchronous, so DeviceIoControl returns when the driver completes it.

--*/
{
    HANDLE hDevice = (HANDLE)Parameter;
    REGISTER_EVENT registerEvent;
    DWORD bytesReturned = 0;

    memset(&registerEvent, 0, sizeof(registerEvent));
    registerEvent.Type = IRP_BASED;
    registerEvent.DueTime.QuadPart = DELAY_MS(20);

    return DeviceIoControl(hDevice, IOCTL_REGISTER_EVENT, &registerEvent, sizeof(registerEvent), NULL, 0,
                           &bytesReturned, NULL) ? 1 : 2;
}

int __cdecl
main(
    int argc,
    char *argv[]
    )
{
    HANDLE hDevice, hOverlapped, hSecond;
    HANDLE events[MANY];
    HANDLE threads[2];
    OVERLAPPED overlapped[MANY];
    REGISTER_EVENT registerEvent;
    DWORD bytesReturned, exitCode;
    int i;

    UNREFERENCED_PARAMETER(argc);
    UNREFERENCED_PARAMETER(argv);

    hDevice = CreateFile("\\\\.\\PwClassicEvent", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                         FILE_ATTRIBUTE_NORMAL, NULL);
    if (hDevice == INVALID_HANDLE_VALUE) {
        printf("CreateFile failed, error %u: is the driver loaded?\n", (unsigned)GetLastError());
        exit(1);
    }

    printf("event-based notification\n");
    memset(&registerEvent, 0, sizeof(registerEvent));
    registerEvent.Type = EVENT_BASED;
    for (i = 0; i < MANY; i++) {
        events[i] = CreateEvent(NULL, FALSE, FALSE, NULL);
        REQUIRE(events[i] != NULL);
        registerEvent.hEvent = events[i];
        registerEvent.DueTime.QuadPart = DELAY_MS(5 * (MANY - i));
        REQUIRE(DeviceIoControl(hDevice, IOCTL_REGISTER_EVENT, &registerEvent, sizeof(registerEvent), NULL, 0,
                                &bytesReturned, NULL));
    }
    REQUIRE(WaitForMultipleObjects(MANY, events, TRUE, PATIENCE_MS) == WAIT_OBJECT_0);
    for (i = 0; i < MANY; i++) {
        REQUIRE(WaitForSingleObject(events[i], 0) == WAIT_TIMEOUT);
    }

    printf("IRP-based notification, a handle and a thread each\n");
    hSecond = CreateFile("\\\\.\\PwClassicEvent", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                         FILE_ATTRIBUTE_NORMAL, NULL);
    REQUIRE(hSecond != INVALID_HANDLE_VALUE);
    threads[0] = CreateThread(NULL, 0, IrpBased, hDevice, 0, NULL);
    threads[1] = CreateThread(NULL, 0, IrpBased, hSecond, 0, NULL);
    REQUIRE(WaitForMultipleObjects(2, threads, TRUE, PATIENCE_MS) == WAIT_OBJECT_0);
    for (i = 0; i < 2; i++) {
        exitCode = 0;
        REQUIRE(GetExitCodeThread(threads[i], &exitCode) && exitCode == 1);
        CloseHandle(threads[i]);
    }
    CloseHandle(hSecond);

    printf("IRP-based notification, overlapped\n");
    hOverlapped = CreateFile("\\\\.\\PwClassicEvent", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING,
                             FILE_ATTRIBUTE_NORMAL | FILE_FLAG_OVERLAPPED, NULL);
    REQUIRE(hOverlapped != INVALID_HANDLE_VALUE);
    memset(&registerEvent, 0, sizeof(registerEvent));
    registerEvent.Type = IRP_BASED;
    registerEvent.DueTime.QuadPart = DELAY_MS(10);
    for (i = 0; i < MANY; i++) {
        memset(&overlapped[i], 0, sizeof(overlapped[i]));
        overlapped[i].hEvent = events[i];
        REQUIRE(!DeviceIoControl(hOverlapped, IOCTL_REGISTER_EVENT, &registerEvent, sizeof(registerEvent), NULL, 0,
                                 NULL, &overlapped[i]) && GetLastError() == ERROR_IO_PENDING);
    }
    REQUIRE(WaitForMultipleObjects(MANY, events, TRUE, PATIENCE_MS) == WAIT_OBJECT_0);

    printf("a request that is still pending when its handle goes\n");
    registerEvent.DueTime.QuadPart = DELAY_MS(3600 * 1000);
    memset(&overlapped[0], 0, sizeof(overlapped[0]));
    overlapped[0].hEvent = events[0];
    REQUIRE(!DeviceIoControl(hOverlapped, IOCTL_REGISTER_EVENT, &registerEvent, sizeof(registerEvent), NULL, 0, NULL,
                             &overlapped[0]) && GetLastError() == ERROR_IO_PENDING);
    REQUIRE(CloseHandle(hOverlapped));
    REQUIRE(WaitForSingleObject(events[0], PATIENCE_MS) == WAIT_OBJECT_0);
    REQUIRE((DWORD)overlapped[0].Internal == 0xC0000120); // STATUS_CANCELLED

    registerEvent.Type = EVENT_BASED;
    registerEvent.hEvent = hDevice; // not an event
    REQUIRE(!DeviceIoControl(hDevice, IOCTL_REGISTER_EVENT, &registerEvent, sizeof(registerEvent), NULL, 0,
                             &bytesReturned, NULL) && GetLastError() == ERROR_INVALID_HANDLE);

    // An event that will not come: left to CLEANUP.
    registerEvent.hEvent = events[1];
    REQUIRE(DeviceIoControl(hDevice, IOCTL_REGISTER_EVENT, &registerEvent, sizeof(registerEvent), NULL, 0,
                            &bytesReturned, NULL));
    for (i = 0; i < MANY; i++) {
        CloseHandle(events[i]);
    }
    CloseHandle(hDevice);
    printf("%d failed\n", Failures);
    return Failures;
}
