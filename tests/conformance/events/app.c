/* SPDX-License-Identifier: Apache-2.0 */
/* Events both ways: the driver's by name, the application's by handle. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static HANDLE Device;

static void Named(void)
{
    HANDLE event;
    HANDLE waitOnly;
    unsigned int set = 7;

    CHECK(OpenEventA(SYNCHRONIZE, FALSE, EVENT_NAME_WIN32) == NULL);
    CHECK(Control(Device, IOCTL_NAMED_CREATE, NULL, 0, NULL, 0, NULL));
    event = OpenEventA(SYNCHRONIZE | EVENT_MODIFY_STATE, FALSE, EVENT_NAME_WIN32);
    waitOnly = OpenEventA(SYNCHRONIZE, FALSE, EVENT_NAME_WIN32);
    CHECK(event != NULL && waitOnly != NULL);

    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    CHECK(Control(Device, IOCTL_NAMED_SET, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(WaitForSingleObject(event, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_OBJECT_0); /* a notification event stays */
    CHECK(Control(Device, IOCTL_NAMED_CLEAR, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_TIMEOUT);

    CHECK(SetEvent(event));
    CHECK(Control(Device, IOCTL_NAMED_TEST, NULL, 0, &set, sizeof(set), NULL));
    CHECK_EQUAL(set, 1);
    CHECK(ResetEvent(event));
    CHECK(Control(Device, IOCTL_NAMED_TEST, NULL, 0, &set, sizeof(set), NULL));
    CHECK_EQUAL(set, 0);

    /* A handle that may only wait cannot set. */
    SetLastError(ERROR_SUCCESS);
    CHECK(!SetEvent(waitOnly));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);

    CHECK(Control(Device, IOCTL_NAMED_CLOSE, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_TIMEOUT); /* the object lives by our handles */
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(waitOnly));
    CHECK(OpenEventA(SYNCHRONIZE, FALSE, EVENT_NAME_WIN32) == NULL);
}

static BOOL Give(DWORD code, HANDLE event)
{
    unsigned long long number = (unsigned long long)(size_t)event;

    return Control(Device, code, &number, sizeof(number), NULL, 0, NULL);
}

static DWORD WINAPI SetSoon(LPVOID parameter)
{
    Sleep(5);
    CHECK(SetEvent((HANDLE)parameter));
    return 0;
}

static void ByHandle(void)
{
    HANDLE automatic = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE manual = CreateEventW(NULL, TRUE, FALSE, NULL);
    HANDLE both[2];
    HANDLE thread;

    CHECK(automatic != NULL && manual != NULL);
    CHECK_EQUAL(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);
    CHECK(Give(IOCTL_HANDLE_SET, automatic));
    CHECK_EQUAL(WaitForSingleObject(automatic, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);

    /* From a DPC, while we wait. */
    CHECK(Give(IOCTL_HANDLE_SET_LATER, automatic));
    CHECK_EQUAL(WaitForSingleObject(automatic, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);

    both[0] = manual;
    both[1] = automatic;
    CHECK_EQUAL(WaitForMultipleObjects(2, both, FALSE, 0), WAIT_TIMEOUT);
    CHECK(Give(IOCTL_HANDLE_SET_LATER, automatic));
    CHECK_EQUAL(WaitForMultipleObjects(2, both, FALSE, PATIENCE_MS), WAIT_OBJECT_0 + 1);
    CHECK(Give(IOCTL_HANDLE_SET, manual));
    CHECK_EQUAL(WaitForMultipleObjects(2, both, FALSE, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForMultipleObjects(2, both, TRUE, 0), WAIT_TIMEOUT);
    CHECK(Give(IOCTL_HANDLE_SET_LATER, automatic));
    CHECK_EQUAL(WaitForMultipleObjects(2, both, TRUE, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(automatic, 0), WAIT_TIMEOUT);

    /* The driver waits for us. */
    CHECK(SetEvent(automatic));
    CHECK(Give(IOCTL_HANDLE_WAIT, automatic));
    thread = CreateThread(NULL, 0, SetSoon, automatic, 0, NULL);
    CHECK(thread != NULL);
    CHECK(Give(IOCTL_HANDLE_WAIT, automatic));
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(CloseHandle(thread));

    /* Not an event; not a handle. */
    SetLastError(ERROR_SUCCESS);
    CHECK(!Give(IOCTL_HANDLE_SET, Device));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!Give(IOCTL_HANDLE_SET, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(manual));
    CHECK(CloseHandle(automatic));
    CHECK(!Give(IOCTL_HANDLE_SET, automatic));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

int main(void)
{
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Named();
    ByHandle();
    return Finish(Device);
}
