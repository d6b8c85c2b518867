/* SPDX-License-Identifier: Apache-2.0 */
/* Kernel APCs of a driver in the application's threads: while they wait in the driver, and while they run; and a user APC
   that the driver queues. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static HANDLE Device;
static HANDLE Second; /* the same device for the other thread: synchronous handles serialise */
static HANDLE Ready;
static volatile LONG Stop;

typedef struct _WAITING {
    unsigned int How;
    KAPC_SEEN Seen;
} WAITING;

static DWORD WINAPI WaitInDriver(LPVOID parameter)
{
    WAITING *waiting = (WAITING *)parameter;

    CHECK(Control(Second, IOCTL_KAPC_WAIT, &waiting->How, sizeof(waiting->How), &waiting->Seen, sizeof(waiting->Seen), NULL));
    return 0;
}

/* Until the other thread is the target. */
static void QueueWhenReady(KAPC_SEEN *seen)
{
    memset(seen, 0, sizeof(*seen));
    while (!Control(Device, IOCTL_KAPC_QUEUE, NULL, 0, seen, sizeof(*seen), NULL)) {
        CHECK_EQUAL(GetLastError(), ERROR_NOT_READY);
        Sleep(1);
    }
}

static void Waiting(unsigned int how)
{
    WAITING waiting;
    KAPC_SEEN seen;
    HANDLE thread;

    memset(&waiting, 0, sizeof(waiting));
    waiting.How = how;
    thread = CreateThread(NULL, 0, WaitInDriver, &waiting, 0, NULL);
    CHECK(thread != NULL);
    QueueWhenReady(&seen);
    CHECK_EQUAL(seen.Status, 0);
    CHECK_EQUAL(seen.Special, 1);
    CHECK_EQUAL(WaitForSingleObject(thread, 0), WAIT_TIMEOUT); /* the wait goes on */
    CHECK(Control(Device, IOCTL_KAPC_RELEASE, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(waiting.Seen.Status, 0);
    CHECK_EQUAL(waiting.Seen.Special, 1);
    CHECK_EQUAL(waiting.Seen.Normal, how == KAPC_IN_REGION ? 0 : 1);
    CHECK(CloseHandle(thread));
}

static DWORD WINAPI RunOutside(LPVOID parameter)
{
    (void)parameter;
    CHECK(Control(Second, IOCTL_KAPC_TARGET, NULL, 0, NULL, 0, NULL));
    CHECK(SetEvent(Ready));
    while (!Stop) {
        Sleep(1);
    }
    return 0;
}

static void Running(void)
{
    KAPC_SEEN seen;
    HANDLE thread;

    Ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    Stop = 0;
    thread = CreateThread(NULL, 0, RunOutside, NULL, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(Ready, PATIENCE_MS), WAIT_OBJECT_0);
    QueueWhenReady(&seen);
    CHECK_EQUAL(seen.Status, 0);
    CHECK_EQUAL(seen.Special, 1);
    InterlockedExchange(&Stop, 1);
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(Control(Device, IOCTL_KAPC_FORGET, NULL, 0, NULL, 0, NULL));
    CHECK(CloseHandle(thread));
    CHECK(CloseHandle(Ready));
}

static unsigned int UserCalls;

static void NTAPI UserRoutine(PVOID context, PVOID argument1, PVOID argument2)
{
    CHECK(context == (PVOID)&UserCalls);
    CHECK_EQUAL((unsigned long long)(ULONG_PTR)argument1, 0x1122334455667788ULL);
    CHECK_EQUAL((unsigned long long)(ULONG_PTR)argument2, 0x99aabbccddeeff00ULL);
    ++UserCalls;
}

static void UserMode(void)
{
    KAPC_USER user;

    user.Routine = (ULONG_PTR)UserRoutine;
    user.Context = (ULONG_PTR)&UserCalls;
    user.Argument1 = 0x1122334455667788ULL;
    user.Argument2 = 0x99aabbccddeeff00ULL;
    CHECK(Control(Device, IOCTL_KAPC_USER, &user, sizeof(user), NULL, 0, NULL));
    CHECK(Control(Device, IOCTL_KAPC_USER, &user, sizeof(user), NULL, 0, NULL));
    CHECK_EQUAL(UserCalls, 0); /* not before an alertable wait */
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(UserCalls, 2);
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
}

int main(void)
{
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Second = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(Control(Device, IOCTL_KAPC_SELF, NULL, 0, NULL, 0, NULL));
    Waiting(0);
    Waiting(KAPC_IN_REGION);
    Running();
    UserMode();
    CHECK(CloseHandle(Second));
    return Finish(Device);
}
