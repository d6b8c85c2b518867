/* SPDX-License-Identifier: Apache-2.0 */
/* Mutexes, semaphores, waitable timers, waits for any and all, threads that are suspended and ended, handle flags. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static HANDLE Started;
static HANDLE Release;

/* --- mutexes */

static HANDLE MayEnd;

static DWORD WINAPI TakeAndEnd(LPVOID mutex)
{
    DWORD result = WaitForSingleObject((HANDLE)mutex, PATIENCE_MS);

    /* Not before the others have seen that it owns the mutex: when it ends, it does not any more. */
    CHECK_EQUAL(WaitForSingleObject(MayEnd, PATIENCE_MS), WAIT_OBJECT_0);
    return result;
}

static void Mutexes(void)
{
    HANDLE mutex = CreateMutexA(NULL, TRUE, "Local\\PwTestSyncMutex");
    HANDLE again;
    HANDLE thread;
    HANDLE pair[2];

    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    again = CreateMutexA(NULL, TRUE, "PwTestSyncMutex");
    CHECK(again != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    CHECK(OpenMutexA(SYNCHRONIZE, FALSE, "PwTestSyncOther") == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(CreateEventA(NULL, TRUE, FALSE, "PwTestSyncMutex") == NULL); /* another type of that name */
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    /* Owned once; taken again; released twice. */
    CHECK_EQUAL(WaitForSingleObject(again, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    MayEnd = CreateEventA(NULL, TRUE, FALSE, NULL);
    thread = CreateThread(NULL, 0, TakeAndEnd, mutex, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    CHECK(ReleaseMutex(again));
    CHECK(!ReleaseMutex(mutex));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_OWNER);
    CHECK(SetEvent(MayEnd));
    /* The thread ends with it: abandoned, which is said once. */
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(mutex, PATIENCE_MS), WAIT_ABANDONED);
    CHECK(ReleaseMutex(mutex));
    CHECK_EQUAL(WaitForSingleObject(mutex, 0), WAIT_OBJECT_0);
    CHECK(ReleaseMutex(mutex));
    CHECK(CloseHandle(thread));
    /* Abandoned in a wait for any: its index. */
    thread = CreateThread(NULL, 0, TakeAndEnd, mutex, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    pair[0] = CreateEventA(NULL, TRUE, FALSE, NULL);
    pair[1] = mutex;
    CHECK_EQUAL(WaitForMultipleObjects(2, pair, FALSE, PATIENCE_MS), WAIT_ABANDONED_0 + 1);
    CHECK(ReleaseMutex(mutex));
    CHECK(CloseHandle(pair[0]));
    CHECK(CloseHandle(MayEnd));
    CHECK(CloseHandle(thread));
    CHECK(CloseHandle(again));
    CHECK(CloseHandle(mutex));
}

/* --- semaphores, by name and in the driver's sight */

static void Semaphores(void)
{
    HANDLE semaphore = CreateSemaphoreA(NULL, 1, 3, "Global\\" SYNC_SEMAPHORE);
    HANDLE waitOnly = OpenSemaphoreA(SYNCHRONIZE, FALSE, SYNC_SEMAPHORE);
    LONG previous = -1;

    CHECK(semaphore != NULL && waitOnly != NULL);
    CHECK(ReleaseSemaphore(semaphore, 2, &previous));
    CHECK_EQUAL(previous, 1);
    CHECK(!ReleaseSemaphore(semaphore, 1, &previous));
    CHECK_EQUAL(GetLastError(), ERROR_TOO_MANY_POSTS);
    CHECK(!ReleaseSemaphore(semaphore, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!ReleaseSemaphore(waitOnly, 1, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(waitOnly, 0), WAIT_TIMEOUT);
    CHECK(CreateSemaphoreA(NULL, 2, 1, NULL) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(waitOnly));
    CHECK(CloseHandle(semaphore));
}

/* --- SignalObjectAndWait */

static DWORD WINAPI Echo(LPVOID parameter)
{
    HANDLE *events = (HANDLE *)parameter;

    if (WaitForSingleObject(events[0], PATIENCE_MS) != WAIT_OBJECT_0) {
        return 1;
    }
    return SetEvent(events[1]) ? 0 : 2;
}

static void SignalAndWait(void)
{
    HANDLE events[2];
    HANDLE thread;
    HANDLE semaphore = CreateSemaphoreA(NULL, 0, 1, NULL);
    HANDLE mutex = CreateMutexA(NULL, FALSE, NULL);
    DWORD code = 7;

    events[0] = CreateEventA(NULL, FALSE, FALSE, NULL);
    events[1] = CreateEventA(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, Echo, events, 0, NULL);
    CHECK_EQUAL(SignalObjectAndWait(events[0], events[1], PATIENCE_MS, FALSE), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, 0);
    CHECK_EQUAL(SignalObjectAndWait(semaphore, semaphore, 0, FALSE), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(semaphore, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(SignalObjectAndWait(mutex, events[0], 0, FALSE), WAIT_FAILED);
    CHECK_EQUAL(GetLastError(), ERROR_NOT_OWNER);
    CHECK_EQUAL(SignalObjectAndWait(thread, events[0], 0, FALSE), WAIT_FAILED);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(SignalObjectAndWait(events[0], events[1], 1, FALSE), WAIT_TIMEOUT);
    CHECK_EQUAL(WaitForSingleObject(events[0], 0), WAIT_OBJECT_0); /* it was signalled all the same */
    CHECK(CloseHandle(thread));
    CHECK(CloseHandle(semaphore));
    CHECK(CloseHandle(mutex));
    CHECK(CloseHandle(events[0]));
    CHECK(CloseHandle(events[1]));
}

/* --- waitable timers */

static void Timers(HANDLE device)
{
    HANDLE timer = CreateWaitableTimerA(NULL, FALSE, SYNC_TIMER);
    HANDLE opened = OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, SYNC_TIMER);
    HANDLE manual = CreateWaitableTimerExA(NULL, NULL, CREATE_WAITABLE_TIMER_MANUAL_RESET, TIMER_ALL_ACCESS);
    LARGE_INTEGER due;
    int i;

    CHECK(timer != NULL && opened != NULL && manual != NULL);
    CHECK(OpenWaitableTimerA(TIMER_ALL_ACCESS, FALSE, "PwTestSyncNoTimer") == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(WaitForSingleObject(timer, 0), WAIT_TIMEOUT);
    due.QuadPart = -10000;
    CHECK(SetWaitableTimer(timer, &due, 0, NULL, NULL, FALSE));
    CHECK_EQUAL(WaitForSingleObject(opened, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(timer, 0), WAIT_TIMEOUT); /* a synchronization timer, once */
    CHECK(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    CHECK_EQUAL(WaitForSingleObject(manual, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(manual, 0), WAIT_OBJECT_0);
    /* Set again: not signalled until it is due; cancelled: never. */
    due.QuadPart = -100000000LL;
    CHECK(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    CHECK_EQUAL(WaitForSingleObject(manual, 0), WAIT_TIMEOUT);
    CHECK(CancelWaitableTimer(manual));
    CHECK_EQUAL(WaitForSingleObject(manual, 0), WAIT_TIMEOUT);
    due.QuadPart = 0; /* an absolute time that has passed */
    CHECK(SetWaitableTimer(manual, &due, 0, NULL, NULL, FALSE));
    CHECK_EQUAL(WaitForSingleObject(manual, PATIENCE_MS), WAIT_OBJECT_0);
    due.QuadPart = -1;
    CHECK(SetWaitableTimer(timer, &due, 1, NULL, NULL, FALSE));
    for (i = 0; i < 3; ++i) {
        CHECK_EQUAL(WaitForSingleObject(timer, PATIENCE_MS), WAIT_OBJECT_0);
    }
    CHECK(CancelWaitableTimer(timer));
    WaitForSingleObject(timer, 0);
    CHECK(!SetWaitableTimer(timer, &due, -1, NULL, NULL, FALSE));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    /* No machine wakes for it, and the call says so. */
    CHECK(SetWaitableTimer(timer, &due, 0, NULL, NULL, TRUE));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_SUPPORTED);
    CHECK_EQUAL(WaitForSingleObject(timer, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(Control(device, IOCTL_SYNC_BY_NAME, NULL, 0, NULL, 0, NULL));
    CHECK(CloseHandle(manual));
    CHECK(CloseHandle(opened));
    CHECK(CloseHandle(timer));
}

/* --- waits for any and all of 64 */

static void ManyObjects(void)
{
    HANDLE objects[MAXIMUM_WAIT_OBJECTS + 1];
    int i;

    for (i = 0; i < MAXIMUM_WAIT_OBJECTS; ++i) {
        objects[i] = i % 2 ? CreateEventA(NULL, FALSE, FALSE, NULL) : CreateSemaphoreA(NULL, 0, 1, NULL);
    }
    objects[MAXIMUM_WAIT_OBJECTS] = objects[0];
    CHECK_EQUAL(WaitForMultipleObjects(MAXIMUM_WAIT_OBJECTS + 1, objects, FALSE, 0), WAIT_FAILED);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK_EQUAL(WaitForMultipleObjects(64, objects, FALSE, 0), WAIT_TIMEOUT);
    CHECK(SetEvent(objects[63]));
    CHECK_EQUAL(WaitForMultipleObjects(64, objects, TRUE, 0), WAIT_TIMEOUT); /* takes nothing */
    CHECK_EQUAL(WaitForMultipleObjects(64, objects, FALSE, PATIENCE_MS), WAIT_OBJECT_0 + 63);
    for (i = 0; i < 64; ++i) {
        CHECK(i % 2 ? SetEvent(objects[i]) : ReleaseSemaphore(objects[i], 1, NULL));
    }
    CHECK_EQUAL(WaitForMultipleObjects(64, objects, FALSE, 0), WAIT_OBJECT_0); /* the lowest */
    CHECK(ReleaseSemaphore(objects[0], 1, NULL));
    CHECK_EQUAL(WaitForMultipleObjects(64, objects, TRUE, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForMultipleObjects(64, objects, FALSE, 0), WAIT_TIMEOUT);
    objects[1] = objects[0];
    CHECK_EQUAL(WaitForMultipleObjects(2, objects, TRUE, 0), WAIT_FAILED); /* one object twice */
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* --- threads */

static volatile LONG Counter;

static DWORD WINAPI Count(LPVOID parameter)
{
    (void)parameter;
    InterlockedIncrement(&Counter);
    return 11;
}

static DWORD WINAPI Spin(LPVOID parameter)
{
    (void)parameter;
    CHECK(SetEvent(Started));
    while (InterlockedIncrement(&Counter) != 0) {
    }
    return 0;
}

static DWORD WINAPI Sleeper(LPVOID parameter)
{
    (void)parameter;
    CHECK(SetEvent(Started));
    return WaitForSingleObject(Release, INFINITE);
}

static void Threads(void)
{
    HANDLE thread;
    HANDLE opened;
    DWORD id = 0;
    DWORD code = 0;
    LONG before;
    int patience;

    Started = CreateEventA(NULL, FALSE, FALSE, NULL);
    Release = CreateEventA(NULL, TRUE, FALSE, NULL);
    /* Created suspended, suspended once more: resumed twice. */
    thread = CreateThread(NULL, 0, Count, NULL, CREATE_SUSPENDED, &id);
    CHECK(thread != NULL);
    CHECK_EQUAL(GetThreadId(thread), id);
    CHECK_EQUAL(SuspendThread(thread), 1);
    CHECK_EQUAL(WaitForSingleObject(thread, 20), WAIT_TIMEOUT);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, STILL_ACTIVE);
    CHECK_EQUAL(Counter, 0);
    CHECK_EQUAL(ResumeThread(thread), 2);
    CHECK_EQUAL(ResumeThread(thread), 1);
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(Counter, 1);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, 11);
    CHECK(CloseHandle(thread));
    CHECK(OpenThread(SYNCHRONIZE, FALSE, id) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    /* A running thread stands still. */
    thread = CreateThread(NULL, 0, Spin, NULL, 0, &id);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    opened = OpenThread(THREAD_SUSPEND_RESUME, FALSE, id);
    CHECK(opened != NULL);
    CHECK_EQUAL(SuspendThread(opened), 0);
    for (patience = 0; patience < PATIENCE_MS; ++patience) {
        before = InterlockedCompareExchange(&Counter, 0, 0);
        Sleep(2);
        if (InterlockedCompareExchange(&Counter, 0, 0) == before) {
            break;
        }
    }
    CHECK(patience < PATIENCE_MS);
    CHECK_EQUAL(ResumeThread(opened), 1);
    for (patience = 0; patience < PATIENCE_MS && InterlockedCompareExchange(&Counter, 0, 0) == before; ++patience) {
        Sleep(1);
    }
    CHECK(InterlockedCompareExchange(&Counter, 0, 0) != before);
    CHECK_EQUAL(ResumeThread(opened), 0);
    CHECK(!TerminateThread(opened, 5)); /* a handle that may only suspend */
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(opened));
    CHECK(TerminateThread(thread, 77));
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, 77);
    CHECK(CloseHandle(thread));
    /* One that waits in the kernel. */
    thread = CreateThread(NULL, 0, Sleeper, NULL, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(TerminateThread(thread, 78));
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, 78);
    CHECK(CloseHandle(thread));
    CHECK_EQUAL(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_NORMAL);
    CHECK(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST));
    CHECK_EQUAL(GetThreadPriority(GetCurrentThread()), THREAD_PRIORITY_HIGHEST);
    CHECK(!SetThreadPriority(GetCurrentThread(), 9));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(Started));
    CHECK(CloseHandle(Release));
}

static void HandleFlags(void)
{
    SECURITY_ATTRIBUTES inheritable;
    HANDLE event;
    DWORD flags = 7;

    inheritable.nLength = sizeof(inheritable);
    inheritable.lpSecurityDescriptor = NULL;
    inheritable.bInheritHandle = TRUE;
    event = CreateEventA(&inheritable, TRUE, FALSE, NULL);
    CHECK(GetHandleInformation(event, &flags));
    CHECK_EQUAL(flags, HANDLE_FLAG_INHERIT);
    CHECK(SetHandleInformation(event, HANDLE_FLAG_INHERIT | HANDLE_FLAG_PROTECT_FROM_CLOSE,
                               HANDLE_FLAG_PROTECT_FROM_CLOSE));
    CHECK(GetHandleInformation(event, &flags));
    CHECK_EQUAL(flags, HANDLE_FLAG_PROTECT_FROM_CLOSE);
    CHECK(!CloseHandle(event));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(SetHandleInformation(event, HANDLE_FLAG_PROTECT_FROM_CLOSE, 0));
    CHECK(CloseHandle(event));
    CHECK(!GetHandleInformation(event, &flags));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    Mutexes();
    Semaphores();
    SignalAndWait();
    Timers(device);
    ManyObjects();
    HandleFlags();
    Threads();
    return Finish(device);
}
