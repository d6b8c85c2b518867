/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The concurrency value of a completion port, as CreateIoCompletionPort documents it: no thread is let go while so many
 * threads that took their last packet from the port run; a thread that waits, in the application or in a driver, does not
 * run. And packets that a driver posts.
 */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000
#define BY_APPLICATION 1
#define BY_DRIVER 2
#define BY_SLEEP 3

static HANDLE Device;
static HANDLE Port;
static HANDLE Go;            /* manual-reset */
static volatile LONG Taken;  /* packets that were taken */
static volatile LONG Phase;

static void Block(int how)
{
    unsigned long long handle = (ULONG_PTR)Go;

    switch (how) {
    case BY_APPLICATION:
        CHECK_EQUAL(WaitForSingleObject(Go, PATIENCE_MS), WAIT_OBJECT_0);
        break;
    case BY_DRIVER:
        CHECK(Control(Device, IOCTL_PORT_WAIT, &handle, sizeof(handle), NULL, 0, NULL));
        break;
    default:
        while (WaitForSingleObject(Go, 0) != WAIT_OBJECT_0) {
            Sleep(1);
        }
        break;
    }
}

static BOOL Take(ULONG_PTR expected)
{
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;

    if (!GetQueuedCompletionStatus(Port, &bytes, &key, &overlapped, PATIENCE_MS)) {
        CHECK(FALSE);
        return FALSE;
    }
    CHECK_EQUAL(key, expected);
    InterlockedIncrement(&Taken);
    return TRUE;
}

static DWORD WINAPI First(LPVOID parameter)
{
    CHECK(Take(1));
    InterlockedExchange(&Phase, 1);
    while (Phase != 2) {
        SwitchToThread(); /* it runs */
    }
    Block((int)(ULONG_PTR)parameter);
    return 0;
}

static DWORD WINAPI Second(LPVOID parameter)
{
    (void)parameter;
    CHECK(Take(2));
    CHECK(SetEvent(Go)); /* the first one has to wait for this */
    return 0;
}

static void OneAtATime(int how)
{
    HANDLE threads[2];
    int i;

    Port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    Taken = 0;
    Phase = 0;
    CHECK(ResetEvent(Go));
    threads[0] = CreateThread(NULL, 0, First, (LPVOID)(ULONG_PTR)how, 0, NULL);
    CHECK(PostQueuedCompletionStatus(Port, 0, 1, NULL));
    while (Phase != 1) {
        Sleep(1);
    }
    threads[1] = CreateThread(NULL, 0, Second, NULL, 0, NULL);
    CHECK(PostQueuedCompletionStatus(Port, 0, 2, NULL));
    for (i = 0; i < 20; ++i) {
        Sleep(1);
    }
    CHECK_EQUAL(Taken, 1); /* there is a packet and a thread, and the thread does not get it */
    InterlockedExchange(&Phase, 2);
    CHECK_EQUAL(WaitForMultipleObjects(2, threads, TRUE, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(Taken, 2);
    CHECK(CloseHandle(threads[0]));
    CHECK(CloseHandle(threads[1]));
    CHECK(CloseHandle(Port));
}

/* A thread that ends is no longer one of the port's. */
static DWORD WINAPI TakesOne(LPVOID parameter)
{
    CHECK(Take((ULONG_PTR)parameter));
    return 0;
}

static void EndedThreads(void)
{
    ULONG_PTR i;

    Port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    for (i = 1; i <= 4; ++i) {
        HANDLE thread;

        CHECK(PostQueuedCompletionStatus(Port, 0, i, NULL));
        thread = CreateThread(NULL, 0, TakesOne, (LPVOID)i, 0, NULL);
        CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
        CHECK(CloseHandle(thread));
    }
    CHECK(CloseHandle(Port));
}

static void FromTheDriver(void)
{
    PORT_POST post;
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;

    Port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    memset(&post, 0, sizeof(post));
    post.Port = (ULONG_PTR)Port;
    post.Key = 0x1122334455667788ULL;
    post.Context = 0x99aabbccddeeff00ULL;
    post.Information = 77;
    CHECK(Control(Device, IOCTL_PORT_POST, &post, sizeof(post), NULL, 0, NULL));
    CHECK(GetQueuedCompletionStatus(Port, &bytes, &key, &overlapped, 0));
    CHECK_EQUAL((unsigned long long)key, post.Key);
    CHECK_EQUAL((unsigned long long)(ULONG_PTR)overlapped, post.Context);
    CHECK_EQUAL(bytes, 77);
    post.Status = (int)0xC00000A3U; /* STATUS_DEVICE_NOT_READY */
    CHECK(Control(Device, IOCTL_PORT_POST, &post, sizeof(post), NULL, 0, NULL));
    CHECK(!GetQueuedCompletionStatus(Port, &bytes, &key, &overlapped, 0));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_READY);
    CHECK(overlapped != NULL);
    CHECK(CloseHandle(Port));
    CHECK(!Control(Device, IOCTL_PORT_POST, &post, sizeof(post), NULL, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

int main(void)
{
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Go = CreateEventA(NULL, TRUE, FALSE, NULL);
    OneAtATime(BY_APPLICATION);
    OneAtATime(BY_DRIVER);
    OneAtATime(BY_SLEEP);
    EndedThreads();
    FromTheDriver();
    return Finish(Device);
}
