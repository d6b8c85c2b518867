/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The thread pool of Windows Vista: work, simple callbacks, timers, waits, I/O; own pools, callback environments, cleanup
 * groups; what a callback asks for to be done when it has returned.
 */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static volatile LONG Count;
static volatile LONG Inside;
static volatile LONG MostInside;
static HANDLE Started; /* auto-reset: set by a callback that then holds */
static HANDLE Hold;    /* manual-reset */

static void Enter(void)
{
    LONG inside = InterlockedIncrement(&Inside);
    LONG most = MostInside;

    while (inside > most) {
        LONG seen = InterlockedCompareExchange(&MostInside, inside, most);

        if (seen == most) {
            break;
        }
        most = seen;
    }
}

static void Leave(void)
{
    InterlockedDecrement(&Inside);
}

static void NTAPI OnWork(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
    CHECK(instance != NULL);
    CHECK(context == (PVOID)&Count);
    CHECK(work != NULL);
    Enter();
    SwitchToThread();
    InterlockedIncrement(&Count);
    Leave();
}

static void NTAPI OnHoldingWork(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
    (void)instance;
    (void)context;
    (void)work;
    SetEvent(Started);
    CHECK_EQUAL(WaitForSingleObject(Hold, PATIENCE_MS), WAIT_OBJECT_0);
    InterlockedIncrement(&Count);
}

static void Work(void)
{
    PTP_WORK work = CreateThreadpoolWork(OnWork, (PVOID)&Count, NULL);
    int i;

    CHECK(work != NULL);
    Count = 0;
    WaitForThreadpoolWorkCallbacks(work, FALSE); /* nothing was submitted */
    for (i = 0; i < 100; ++i) {
        SubmitThreadpoolWork(work); /* one object, many callbacks */
    }
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CHECK_EQUAL(Count, 100);
    CloseThreadpoolWork(work);
    /* Closed while callbacks are outstanding: they run nevertheless. */
    Count = 0;
    work = CreateThreadpoolWork(OnWork, (PVOID)&Count, NULL);
    for (i = 0; i < 20; ++i) {
        SubmitThreadpoolWork(work);
    }
    CloseThreadpoolWork(work);
    while (Count < 20) {
        Sleep(1);
    }
    CHECK(CreateThreadpoolWork(NULL, NULL, NULL) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* A pool of one thread: one callback at a time, and those behind it can be cancelled. */
static void OwnPool(void)
{
    PTP_POOL pool = CreateThreadpool(NULL);
    TP_CALLBACK_ENVIRON environment;
    TP_POOL_STACK_INFORMATION stack;
    PTP_WORK work;
    PTP_WORK holding;
    int i;

    CHECK(pool != NULL);
    CHECK(SetThreadpoolThreadMinimum(pool, 1));
    SetThreadpoolThreadMaximum(pool, 1);
    stack.StackReserve = 512 * 1024;
    stack.StackCommit = 64 * 1024;
    CHECK(SetThreadpoolStackInformation(pool, &stack));
    memset(&stack, 0, sizeof(stack));
    CHECK(QueryThreadpoolStackInformation(pool, &stack));
    CHECK_EQUAL(stack.StackReserve, 512 * 1024);
    CHECK_EQUAL(stack.StackCommit, 64 * 1024);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    work = CreateThreadpoolWork(OnWork, (PVOID)&Count, &environment);
    holding = CreateThreadpoolWork(OnHoldingWork, NULL, &environment);
    Count = 0;
    Inside = 0;
    MostInside = 0;
    for (i = 0; i < 50; ++i) {
        SubmitThreadpoolWork(work);
    }
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CHECK_EQUAL(Count, 50);
    CHECK_EQUAL(MostInside, 1);

    CHECK(ResetEvent(Hold));
    Count = 0;
    SubmitThreadpoolWork(holding);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    for (i = 0; i < 10; ++i) {
        SubmitThreadpoolWork(work); /* they wait for the one thread */
    }
    WaitForThreadpoolWorkCallbacks(work, TRUE);
    CHECK_EQUAL(Count, 0);
    CHECK(SetEvent(Hold));
    WaitForThreadpoolWorkCallbacks(holding, FALSE);
    CHECK_EQUAL(Count, 1);
    /* A cancelled object works on. */
    SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CHECK_EQUAL(Count, 2);
    CloseThreadpoolWork(work);
    CloseThreadpoolWork(holding);
    DestroyThreadpoolEnvironment(&environment);
    CloseThreadpool(pool);
}

/* Of what waits, high priority comes first. */
static ULONG_PTR Order[8];
static volatile LONG OrderCount;

static void NTAPI OnOrder(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    LONG index = InterlockedIncrement(&OrderCount) - 1;

    (void)instance;
    if (index < 8) {
        Order[index] = (ULONG_PTR)context;
    }
}

static void Priorities(void)
{
    PTP_POOL pool = CreateThreadpool(NULL);
    TP_CALLBACK_ENVIRON environment;
    PTP_WORK holding;
    static const TP_CALLBACK_PRIORITY kPriorities[] = {TP_CALLBACK_PRIORITY_LOW, TP_CALLBACK_PRIORITY_NORMAL,
                                                       TP_CALLBACK_PRIORITY_HIGH};
    int i;

    SetThreadpoolThreadMaximum(pool, 1);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    holding = CreateThreadpoolWork(OnHoldingWork, NULL, &environment);
    CHECK(ResetEvent(Hold));
    SubmitThreadpoolWork(holding);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    OrderCount = 0;
    for (i = 0; i < 3; ++i) {
        SetThreadpoolCallbackPriority(&environment, kPriorities[i]);
        CHECK(TrySubmitThreadpoolCallback(OnOrder, (PVOID)(ULONG_PTR)(i + 1), &environment));
    }
    CHECK(SetEvent(Hold));
    WaitForThreadpoolWorkCallbacks(holding, FALSE);
    while (OrderCount < 3) {
        Sleep(1);
    }
    CHECK_EQUAL(Order[0], 3);
    CHECK_EQUAL(Order[1], 2);
    CHECK_EQUAL(Order[2], 1);
    CloseThreadpoolWork(holding);
    CloseThreadpool(pool);
}

/* --- what is done when a callback has returned */

typedef struct _RETURNING {
    HANDLE Event;
    HANDLE Mutex;
    HANDLE Semaphore;
    CRITICAL_SECTION Section;
    BOOL MayRunLong;
} RETURNING;

static void NTAPI OnReturning(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    RETURNING *returning = (RETURNING *)context;

    EnterCriticalSection(&returning->Section);
    CHECK_EQUAL(WaitForSingleObject(returning->Mutex, PATIENCE_MS), WAIT_OBJECT_0);
    returning->MayRunLong = CallbackMayRunLong(instance);
    LeaveCriticalSectionWhenCallbackReturns(instance, &returning->Section);
    ReleaseMutexWhenCallbackReturns(instance, returning->Mutex);
    ReleaseSemaphoreWhenCallbackReturns(instance, returning->Semaphore, 3);
    SetEventWhenCallbackReturns(instance, returning->Event);
}

static void Returning(void)
{
    RETURNING returning;
    LONG previous = 0;

    memset(&returning, 0, sizeof(returning));
    returning.Event = CreateEventA(NULL, FALSE, FALSE, NULL);
    returning.Mutex = CreateMutexA(NULL, FALSE, NULL);
    returning.Semaphore = CreateSemaphoreA(NULL, 0, 100, NULL);
    InitializeCriticalSection(&returning.Section);
    CHECK(TrySubmitThreadpoolCallback(OnReturning, &returning, NULL));
    CHECK_EQUAL(WaitForSingleObject(returning.Event, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(returning.MayRunLong); /* 500 threads are allowed */
    CHECK(TryEnterCriticalSection(&returning.Section));
    LeaveCriticalSection(&returning.Section);
    CHECK_EQUAL(WaitForSingleObject(returning.Mutex, PATIENCE_MS), WAIT_OBJECT_0); /* released, not abandoned */
    CHECK(ReleaseMutex(returning.Mutex));
    CHECK(ReleaseSemaphore(returning.Semaphore, 1, &previous));
    CHECK_EQUAL(previous, 3);
    DeleteCriticalSection(&returning.Section);
    CHECK(CloseHandle(returning.Event));
    CHECK(CloseHandle(returning.Mutex));
    CHECK(CloseHandle(returning.Semaphore));
    CHECK(!TrySubmitThreadpoolCallback(NULL, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static BOOL LongWithoutThreads;

static void NTAPI OnLong(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
    (void)context;
    (void)work;
    LongWithoutThreads = CallbackMayRunLong(instance);
}

/* Whoever waits for the object's callbacks does not wait for one that has said that it is none any more. */
static void NTAPI OnDisassociated(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work)
{
    (void)context;
    (void)work;
    DisassociateCurrentThreadFromCallback(instance);
    SetEvent(Started);
    CHECK_EQUAL(WaitForSingleObject(Hold, PATIENCE_MS), WAIT_OBJECT_0);
    InterlockedIncrement(&Count);
}

static void Instances(void)
{
    PTP_POOL pool = CreateThreadpool(NULL);
    TP_CALLBACK_ENVIRON environment;
    PTP_WORK work;

    SetThreadpoolThreadMaximum(pool, 1);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    work = CreateThreadpoolWork(OnLong, NULL, &environment);
    LongWithoutThreads = TRUE;
    SubmitThreadpoolWork(work);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CHECK(!LongWithoutThreads); /* the pool's only thread runs this */
    CloseThreadpoolWork(work);
    CloseThreadpool(pool);

    work = CreateThreadpoolWork(OnDisassociated, NULL, NULL);
    CHECK(ResetEvent(Hold));
    Count = 0;
    SubmitThreadpoolWork(work);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    WaitForThreadpoolWorkCallbacks(work, FALSE);
    CHECK_EQUAL(Count, 0);
    CHECK(SetEvent(Hold));
    while (Count == 0) {
        Sleep(1);
    }
    CloseThreadpoolWork(work);
}

/* --- timers */

static void NTAPI OnTimer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer)
{
    (void)instance;
    CHECK(timer != NULL);
    CHECK(context == (PVOID)&Count);
    InterlockedIncrement(&Count);
    SetEvent(Started);
}

static FILETIME Relative(LONGLONG milliseconds)
{
    ULARGE_INTEGER time;
    FILETIME due;

    time.QuadPart = (ULONGLONG)(-milliseconds * 10000);
    due.dwLowDateTime = time.LowPart;
    due.dwHighDateTime = time.HighPart;
    return due;
}

static void Timers(void)
{
    PTP_TIMER timer = CreateThreadpoolTimer(OnTimer, (PVOID)&Count, NULL);
    FILETIME due = Relative(1);
    FILETIME now;

    CHECK(timer != NULL);
    CHECK(!IsThreadpoolTimerSet(timer));
    Count = 0;
    SetThreadpoolTimer(timer, &due, 0, 0);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    WaitForThreadpoolTimerCallbacks(timer, FALSE);
    CHECK_EQUAL(Count, 1);
    CHECK(!IsThreadpoolTimerSet(timer));
    /* At once, and an absolute time that is over. */
    due = Relative(0);
    SetThreadpoolTimer(timer, &due, 0, 0);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    GetSystemTimeAsFileTime(&now);
    CHECK(!SetThreadpoolTimerEx(timer, &now, 0, 0));
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    /* Set anew, and taken back. */
    due = Relative(3600000);
    CHECK(!SetThreadpoolTimerEx(timer, &due, 0, 0));
    CHECK(IsThreadpoolTimerSet(timer));
    CHECK(SetThreadpoolTimerEx(timer, &due, 0, 100));
    CHECK(SetThreadpoolTimerEx(timer, NULL, 0, 0));
    CHECK(!IsThreadpoolTimerSet(timer));
    CHECK(!SetThreadpoolTimerEx(timer, NULL, 0, 0));
    /* Periodic. */
    WaitForThreadpoolTimerCallbacks(timer, FALSE);
    Count = 0;
    due = Relative(1);
    SetThreadpoolTimer(timer, &due, 1, 0);
    while (Count < 5) {
        Sleep(1);
    }
    CHECK(IsThreadpoolTimerSet(timer));
    SetThreadpoolTimer(timer, NULL, 0, 0);
    WaitForThreadpoolTimerCallbacks(timer, TRUE);
    Count = 0;
    Sleep(5);
    CHECK_EQUAL(Count, 0);
    CloseThreadpoolTimer(timer);
    CHECK(ResetEvent(Started));
}

/* --- waits */

static TP_WAIT_RESULT WaitResult;

static void NTAPI OnWait(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WAIT wait, TP_WAIT_RESULT result)
{
    (void)instance;
    CHECK(wait != NULL);
    CHECK(context == (PVOID)&Count);
    WaitResult = result;
    InterlockedIncrement(&Count);
    SetEvent(Started);
}

static void Waits(void)
{
    PTP_WAIT wait = CreateThreadpoolWait(OnWait, (PVOID)&Count, NULL);
    HANDLE event = CreateEventA(NULL, FALSE, FALSE, NULL);
    FILETIME due = Relative(1);
    PTP_WAIT many[100];
    HANDLE events[100];
    int i;

    CHECK(wait != NULL);
    Count = 0;
    SetThreadpoolWait(wait, event, NULL);
    CHECK(SetEvent(event));
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitResult, WAIT_OBJECT_0);
    WaitForThreadpoolWaitCallbacks(wait, FALSE);
    /* One callback for each call. */
    CHECK(SetEvent(event));
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    SetThreadpoolWait(wait, event, &due);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitResult, WAIT_TIMEOUT);
    due = Relative(0);
    SetThreadpoolWait(wait, event, &due);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitResult, WAIT_TIMEOUT);
    /* Given up: the signal is for others. */
    CHECK(!SetThreadpoolWaitEx(wait, event, NULL, NULL));
    CHECK(SetThreadpoolWaitEx(wait, NULL, NULL, NULL));
    CHECK(!SetThreadpoolWaitEx(wait, NULL, NULL, NULL));
    CHECK(SetEvent(event));
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0);
    WaitForThreadpoolWaitCallbacks(wait, TRUE);
    CHECK_EQUAL(Count, 3);
    CloseThreadpoolWait(wait);
    /* More than one thread can wait for. */
    Count = 0;
    for (i = 0; i < 100; ++i) {
        events[i] = CreateEventA(NULL, TRUE, FALSE, NULL);
        many[i] = CreateThreadpoolWait(OnWait, (PVOID)&Count, NULL);
        SetThreadpoolWait(many[i], events[i], NULL);
    }
    for (i = 99; i >= 0; --i) {
        CHECK(SetEvent(events[i]));
    }
    while (Count < 100) {
        Sleep(1);
    }
    for (i = 0; i < 100; ++i) {
        WaitForThreadpoolWaitCallbacks(many[i], FALSE);
        CloseThreadpoolWait(many[i]);
        CHECK(CloseHandle(events[i]));
    }
    CHECK(CloseHandle(event));
    CHECK(ResetEvent(Started));
}

/* --- I/O */

static ULONG IoResult;
static ULONG_PTR IoBytes;
static PVOID IoOverlapped;

static void CALLBACK OnIo(PTP_CALLBACK_INSTANCE instance, PVOID context, PVOID overlapped, ULONG result, ULONG_PTR bytes,
                          PTP_IO io)
{
    (void)instance;
    CHECK(context == (PVOID)&Count);
    CHECK(io != NULL);
    IoResult = result;
    IoBytes = bytes;
    IoOverlapped = overlapped;
    InterlockedIncrement(&Count);
}

static void Io(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    HANDLE plain = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    PTP_IO io = CreateThreadpoolIo(device, OnIo, (PVOID)&Count, NULL);
    OVERLAPPED overlapped;
    ULONG answer = 0;

    CHECK(io != NULL);
    memset(&overlapped, 0, sizeof(overlapped));
    Count = 0;
    StartThreadpoolIo(io);
    CHECK(DeviceIoControl(device, IOCTL_POOL_NOW, NULL, 0, &answer, sizeof(answer), NULL, &overlapped));
    WaitForThreadpoolIoCallbacks(io, FALSE);
    CHECK_EQUAL(Count, 1);
    CHECK_EQUAL(IoResult, NO_ERROR);
    CHECK_EQUAL(IoBytes, sizeof(answer));
    CHECK(IoOverlapped == &overlapped);
    CHECK_EQUAL(answer, 0x600DCAFE);
    StartThreadpoolIo(io);
    CHECK(!DeviceIoControl(device, IOCTL_POOL_FAILS_LATER, NULL, 0, NULL, 0, NULL, &overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    WaitForThreadpoolIoCallbacks(io, FALSE);
    CHECK_EQUAL(Count, 2);
    CHECK_EQUAL(IoResult, ERROR_NOT_READY);
    /* What fails at once brings no callback: the start is taken back. */
    StartThreadpoolIo(io);
    CHECK(!DeviceIoControl(device, IOCTL_POOL_FAILS, NULL, 0, NULL, 0, NULL, &overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_READY);
    CancelThreadpoolIo(io);
    WaitForThreadpoolIoCallbacks(io, FALSE);
    CHECK_EQUAL(Count, 2);
    CHECK(CloseHandle(device));
    CloseThreadpoolIo(io);
    CHECK(CreateThreadpoolIo(plain, OnIo, NULL, NULL) == NULL); /* not for overlapped I/O */
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(plain));
}

/* --- cleanup groups */

static volatile LONG Cancelled;

static void NTAPI OnCancel(PVOID object, PVOID cleanup)
{
    CHECK(object == (PVOID)&Count);
    CHECK(cleanup == (PVOID)&Cancelled);
    InterlockedIncrement(&Cancelled);
}

static void NTAPI OnGroupSimple(PTP_CALLBACK_INSTANCE instance, PVOID context)
{
    (void)instance;
    CHECK(context == (PVOID)&Count);
    InterlockedIncrement(&Count);
}

static void Groups(void)
{
    PTP_POOL pool = CreateThreadpool(NULL);
    PTP_CLEANUP_GROUP group = CreateThreadpoolCleanupGroup();
    TP_CALLBACK_ENVIRON environment;
    TP_CALLBACK_ENVIRON plain;
    PTP_WORK work;
    PTP_WORK closed;
    PTP_WORK holding;
    PTP_TIMER timer;
    FILETIME due = Relative(3600000);
    int i;

    CHECK(pool != NULL && group != NULL);
    SetThreadpoolThreadMaximum(pool, 1);
    InitializeThreadpoolEnvironment(&environment);
    SetThreadpoolCallbackPool(&environment, pool);
    SetThreadpoolCallbackCleanupGroup(&environment, group, OnCancel);
    /* Members are closed with the group, after their callbacks. */
    Count = 0;
    Cancelled = 0;
    work = CreateThreadpoolWork(OnWork, (PVOID)&Count, &environment);
    closed = CreateThreadpoolWork(OnWork, (PVOID)&Count, &environment);
    timer = CreateThreadpoolTimer(OnTimer, (PVOID)&Count, &environment);
    SetThreadpoolTimer(timer, &due, 0, 0);
    for (i = 0; i < 10; ++i) {
        SubmitThreadpoolWork(work);
    }
    CHECK(TrySubmitThreadpoolCallback(OnGroupSimple, (PVOID)&Count, &environment));
    CloseThreadpoolWork(closed); /* no member any more */
    CloseThreadpoolCleanupGroupMembers(group, FALSE, NULL);
    CHECK_EQUAL(Count, 11);
    CHECK_EQUAL(Cancelled, 0);
    /* The group can be used again; cancelled this time. */
    InitializeThreadpoolEnvironment(&plain);
    SetThreadpoolCallbackPool(&plain, pool);
    holding = CreateThreadpoolWork(OnHoldingWork, NULL, &plain);
    CHECK(ResetEvent(Hold));
    SubmitThreadpoolWork(holding);
    CHECK_EQUAL(WaitForSingleObject(Started, PATIENCE_MS), WAIT_OBJECT_0);
    Count = 0;
    work = CreateThreadpoolWork(OnWork, (PVOID)&Count, &environment);
    SubmitThreadpoolWork(work);
    CHECK(TrySubmitThreadpoolCallback(OnGroupSimple, (PVOID)&Count, &environment));
    CloseThreadpoolCleanupGroupMembers(group, TRUE, (PVOID)&Cancelled);
    CHECK_EQUAL(Count, 0);
    CHECK_EQUAL(Cancelled, 2);
    CHECK(SetEvent(Hold));
    WaitForThreadpoolWorkCallbacks(holding, FALSE);
    CHECK_EQUAL(Count, 1); /* the holding one's own */
    CloseThreadpoolWork(holding);
    CloseThreadpoolCleanupGroup(group);
    CloseThreadpool(pool);
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    Started = CreateEventA(NULL, FALSE, FALSE, NULL);
    Hold = CreateEventA(NULL, TRUE, FALSE, NULL);
    Work();
    OwnPool();
    Priorities();
    Returning();
    Instances();
    Timers();
    Waits();
    Io();
    Groups();
    return Finish(device);
}
