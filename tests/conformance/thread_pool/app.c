/* SPDX-License-Identifier: Apache-2.0 */
/* The thread pool of the old interface: work items, timer queues, registered waits, callbacks bound to a file. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static volatile LONG Count;
static HANDLE Reached; /* set when Count reaches Goal */
static LONG Goal;
static volatile LONG TimedOut;
static HANDLE Hold;

static void Expect(LONG goal)
{
    Goal = goal;
    Count = 0;
    TimedOut = 0;
    CHECK(ResetEvent(Reached));
}

static void Tick(void)
{
    if (InterlockedIncrement(&Count) == Goal) {
        SetEvent(Reached);
    }
}

static DWORD WINAPI Work(LPVOID context)
{
    CHECK(context == (LPVOID)&Count);
    Tick();
    return 0;
}

static VOID CALLBACK Callback(PVOID context, BOOLEAN timedOut)
{
    CHECK(context == (PVOID)&Count);
    if (timedOut) {
        InterlockedIncrement(&TimedOut);
    }
    Tick();
}

static VOID CALLBACK HoldingCallback(PVOID context, BOOLEAN timedOut)
{
    Callback(context, timedOut);
    WaitForSingleObject(Hold, PATIENCE_MS);
}

static void WorkItems(void)
{
    int i;

    Expect(20);
    for (i = 0; i < 20; ++i) {
        CHECK(QueueUserWorkItem(Work, (PVOID)&Count, WT_EXECUTEDEFAULT));
    }
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
}

static void TimerQueues(void)
{
    HANDLE queue = CreateTimerQueue();
    HANDLE timer = NULL;
    HANDLE second = NULL;

    CHECK(queue != NULL);
    Expect(1);
    CHECK(CreateTimerQueueTimer(&timer, queue, Callback, (PVOID)&Count, 1, 0, WT_EXECUTEDEFAULT));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(TimedOut, 1); /* always TRUE for timers */
    CHECK(DeleteTimerQueueTimer(queue, timer, INVALID_HANDLE_VALUE));
    Expect(3);
    CHECK(CreateTimerQueueTimer(&timer, NULL, Callback, (PVOID)&Count, 1, 1, WT_EXECUTEINTIMERTHREAD));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE));
    CHECK(!DeleteTimerQueueTimer(NULL, timer, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    /* A callback that runs: the deletion says so, or waits for it. */
    Expect(1);
    CHECK(CreateTimerQueueTimer(&timer, queue, HoldingCallback, (PVOID)&Count, 0, 0, WT_EXECUTEDEFAULT));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(!DeleteTimerQueueTimer(queue, timer, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(SetEvent(Hold));
    /* Far away, then changed. */
    Expect(1);
    CHECK(CreateTimerQueueTimer(&second, queue, Callback, (PVOID)&Count, 1000000, 0, WT_EXECUTEDEFAULT));
    CHECK(ChangeTimerQueueTimer(queue, second, 1, 0));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
    CHECK(!DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(ResetEvent(Hold));
}

static void RegisteredWaits(void)
{
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    HANDLE done = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE wait = NULL;

    Expect(1);
    CHECK(RegisterWaitForSingleObject(&wait, event, Callback, (PVOID)&Count, INFINITE, WT_EXECUTEDEFAULT));
    CHECK(SetEvent(event));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(TimedOut, 0);
    Expect(1);
    CHECK(SetEvent(event)); /* again and again, until it is unregistered */
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CHECK(!UnregisterWait(wait));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(SetEvent(event));
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0); /* nobody takes it any more */
    /* A time-out, once. */
    Expect(1);
    CHECK(RegisterWaitForSingleObject(&wait, event, Callback, (PVOID)&Count, 1, WT_EXECUTEONLYONCE));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(TimedOut, 1);
    CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
    CHECK_EQUAL(Count, 1);
    /* Unregistered while its callback runs: the event tells of its end. */
    Expect(1);
    CHECK(RegisterWaitForSingleObject(&wait, event, HoldingCallback, (PVOID)&Count, INFINITE, WT_EXECUTEONLYONCE));
    CHECK(SetEvent(event));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    SetLastError(ERROR_SUCCESS);
    CHECK(!UnregisterWaitEx(wait, done));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK_EQUAL(WaitForSingleObject(done, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(Hold));
    CHECK_EQUAL(WaitForSingleObject(done, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(!RegisterWaitForSingleObject(&wait, (HANDLE)0x7ff0, Callback, NULL, INFINITE, WT_EXECUTEDEFAULT));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CloseHandle(done));
    CHECK(CloseHandle(event));
}

static OVERLAPPED Bound;

static VOID CALLBACK Ended(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
    CHECK_EQUAL(error, ERROR_SUCCESS);
    CHECK_EQUAL(bytes, 0);
    CHECK(overlapped == &Bound);
    Tick();
}

static void BoundCallback(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    DWORD bytes = 0;

    Expect(1);
    CHECK(BindIoCompletionCallback(device, Ended, 0));
    CHECK(DeviceIoControl(device, CTL_CODE(0x8338, 0x800, METHOD_BUFFERED, FILE_ANY_ACCESS), NULL, 0, NULL, 0, &bytes,
                          &Bound));
    CHECK_EQUAL(WaitForSingleObject(Reached, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(CloseHandle(device));
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    Reached = CreateEventA(NULL, TRUE, FALSE, NULL);
    Hold = CreateEventA(NULL, TRUE, FALSE, NULL);
    WorkItems();
    TimerQueues();
    RegisteredWaits();
    BoundCallback();
    return Finish(device);
}
