/* SPDX-License-Identifier: Apache-2.0 */
/* Starts and ends threads; asks the driver what it was told. */
#include "public.h"

#include "frame/app_frame.h"

static HANDLE Device;

static SEEN Seen(void)
{
    SEEN seen;

    memset(&seen, 0, sizeof(seen));
    CHECK(Control(Device, IOCTL_SEEN, NULL, 0, &seen, sizeof(seen), NULL));
    return seen;
}

static DWORD WINAPI Ask(LPVOID argument)
{
    *(SEEN *)argument = Seen();
    return 0;
}

int main(void)
{
    SEEN first, inside, after;
    HANDLE thread;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    first = Seen();
    CHECK_EQUAL(first.ProcessCreated, 1);
    CHECK_EQUAL(first.ProcessCreatedEx, 1);
    CHECK(first.ThreadsCreated >= 1);
    thread = CreateThread(NULL, 0, Ask, &inside, 0, NULL);
    CHECK(thread != NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, 20000), WAIT_OBJECT_0);
    CHECK(CloseHandle(thread));
    CHECK_EQUAL(inside.ThreadsCreated, first.ThreadsCreated + 1);
    CHECK_EQUAL(inside.ThreadsExited, first.ThreadsExited);
    after = Seen();
    CHECK_EQUAL(after.ThreadsCreated, inside.ThreadsCreated);
    CHECK_EQUAL(after.ThreadsExited, inside.ThreadsExited + 1);
    return Finish(Device);
}
