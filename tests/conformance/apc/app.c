/* SPDX-License-Identifier: Apache-2.0 */
/* User APCs: QueueUserAPC, ReadFileEx, WriteFileEx, timers with a completion routine, and every alertable wait. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static unsigned int Order[64];
static unsigned int OrderCount;
static DWORD MainThread;

static void CALLBACK Note(ULONG_PTR value)
{
    CHECK_EQUAL(GetCurrentThreadId(), MainThread);
    if (OrderCount < 64) {
        Order[OrderCount++] = (unsigned int)value;
    }
}

/* A handle of the calling thread that other threads can use. */
static HANDLE OwnThread(void)
{
    HANDLE self = NULL;

    CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &self, 0, FALSE,
                          DUPLICATE_SAME_ACCESS));
    return self;
}

static void QueueNote(unsigned int value)
{
    HANDLE self = OwnThread();

    CHECK(QueueUserAPC(Note, self, value) != 0);
    CHECK(CloseHandle(self));
}

static void Waits(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE set = CreateEventA(NULL, TRUE, TRUE, NULL);
    HANDLE both[2];
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    OVERLAPPED_ENTRY entry;
    ULONG removed = 0;

    both[0] = event;
    both[1] = event;
    OrderCount = 0;
    QueueNote(1);
    QueueNote(2);
    /* Waits that are not alertable do not run them. */
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT);
    Sleep(1);
    CHECK_EQUAL(OrderCount, 0);
    /* An alertable one runs all, in order, and says so. */
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(OrderCount, 2);
    CHECK_EQUAL(Order[0], 1);
    CHECK_EQUAL(Order[1], 2);
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
    QueueNote(3);
    CHECK_EQUAL(WaitForSingleObjectEx(event, INFINITE, TRUE), WAIT_IO_COMPLETION);
    QueueNote(4);
    CHECK_EQUAL(WaitForMultipleObjectsEx(2, both, FALSE, INFINITE, TRUE), WAIT_IO_COMPLETION);
    QueueNote(5);
    CHECK(!GetQueuedCompletionStatusEx(port, &entry, 1, &removed, INFINITE, TRUE));
    CHECK_EQUAL(GetLastError(), WAIT_IO_COMPLETION);
    QueueNote(6);
    CHECK_EQUAL(SignalObjectAndWait(set, event, INFINITE, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(OrderCount, 6);
    CHECK_EQUAL(Order[5], 6);
    CHECK(CloseHandle(port));
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(set));
}

/* An APC may queue another and may wait alertably itself. */
static void CALLBACK Nested(ULONG_PTR depth)
{
    Note(depth);
    if (depth < 103) {
        HANDLE self = OwnThread();

        CHECK(QueueUserAPC(Nested, self, depth + 1) != 0);
        CHECK(CloseHandle(self));
        CHECK_EQUAL(SleepEx(0, TRUE), WAIT_IO_COMPLETION);
    }
}

static void Nesting(void)
{
    HANDLE self = OwnThread();

    OrderCount = 0;
    CHECK(QueueUserAPC(Nested, self, 100) != 0);
    CHECK(CloseHandle(self));
    CHECK_EQUAL(SleepEx(INFINITE, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(OrderCount, 4);
    CHECK_EQUAL(Order[3], 103);
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
}

/* --- another thread's APCs */

static HANDLE Ready;
static volatile LONG Ran;

static void CALLBACK CountApc(ULONG_PTR value)
{
    InterlockedExchangeAdd(&Ran, (LONG)value);
}

static DWORD WINAPI WaitsAlertably(LPVOID parameter)
{
    (void)parameter;
    CHECK(SetEvent(Ready));
    return SleepEx(PATIENCE_MS, TRUE);
}

static void OtherThread(void)
{
    HANDLE thread;
    DWORD code = 0;

    Ready = CreateEventA(NULL, FALSE, FALSE, NULL);
    thread = CreateThread(NULL, 0, WaitsAlertably, NULL, 0, NULL);
    CHECK_EQUAL(WaitForSingleObject(Ready, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(QueueUserAPC(CountApc, thread, 5) != 0);
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, WAIT_IO_COMPLETION);
    CHECK_EQUAL(Ran, 5);
    /* It has ended. */
    CHECK(QueueUserAPC(CountApc, thread, 5) == 0);
    CHECK(CloseHandle(thread));
    CHECK(CloseHandle(Ready));
}

/* --- ReadFileEx, WriteFileEx */

typedef struct _TRANSFER {
    OVERLAPPED Overlapped;
    unsigned int Calls;
    DWORD Error;
    DWORD Bytes;
    unsigned char Buffer[64];
} TRANSFER;

static void CALLBACK Ended(DWORD error, DWORD bytes, LPOVERLAPPED overlapped)
{
    TRANSFER *transfer = (TRANSFER *)overlapped;

    CHECK_EQUAL(GetCurrentThreadId(), MainThread);
    CHECK(HasOverlappedIoCompleted(overlapped));
    ++transfer->Calls;
    transfer->Error = error;
    transfer->Bytes = bytes;
}

static BOOL Read(HANDLE device, TRANSFER *transfer, DWORD how, DWORD status)
{
    memset(transfer, 0, sizeof(*transfer));
    transfer->Overlapped.Offset = how;
    transfer->Overlapped.OffsetHigh = status;
    transfer->Overlapped.hEvent = (HANDLE)transfer; /* the application's own; it is ignored */
    SetLastError(ERROR_SUCCESS);
    return ReadFileEx(device, transfer->Buffer, sizeof(transfer->Buffer), &transfer->Overlapped, Ended);
}

static void Transfers(HANDLE device)
{
    TRANSFER transfer;
    TRANSFER second;
    static const DWORD kHow[] = {APC_HOW_AT_ONCE, APC_HOW_PENDED, APC_HOW_DPC};
    unsigned int i;

    for (i = 0; i < 3; ++i) {
        CHECK(Read(device, &transfer, kHow[i], 0));
        CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
        CHECK_EQUAL(transfer.Calls, 0); /* not before an alertable wait */
        CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
        CHECK_EQUAL(transfer.Calls, 1);
        CHECK_EQUAL(transfer.Error, ERROR_SUCCESS);
        CHECK_EQUAL(transfer.Bytes, sizeof(transfer.Buffer));
        CHECK_EQUAL(FirstOther(transfer.Buffer, 0, sizeof(transfer.Buffer), APC_FILL), sizeof(transfer.Buffer));
    }
    /* An error at once is the call's; no routine runs. */
    CHECK(!Read(device, &transfer, APC_HOW_AT_ONCE, 0xC00000A3U));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_READY);
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
    CHECK_EQUAL(transfer.Calls, 0);
    /* A later one is the routine's. */
    CHECK(Read(device, &transfer, APC_HOW_DPC, 0xC00000A3U));
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(transfer.Calls, 1);
    CHECK_EQUAL(transfer.Error, ERROR_NOT_READY);
    CHECK_EQUAL(transfer.Bytes, 0);

    memset(&second, 0, sizeof(second));
    CHECK(WriteFileEx(device, second.Buffer, 10, &second.Overlapped, Ended));
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(second.Calls, 1);
    CHECK_EQUAL(second.Bytes, 10);
    /* A file with a port takes no routine. */
    {
        HANDLE other = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
        HANDLE port = CreateIoCompletionPort(other, NULL, 1, 0);

        CHECK(port != NULL);
        CHECK(!Read(other, &transfer, APC_HOW_PENDED, 0));
        CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
        CHECK(CloseHandle(other));
        CHECK(CloseHandle(port));
    }
}

static void HostFile(void)
{
    char folder[MAX_PATH];
    char name[MAX_PATH + 32];
    HANDLE file;
    TRANSFER transfer;

    CHECK(GetTempPathA(sizeof(folder), folder) != 0);
    sprintf(name, "%spwa%u.tmp", folder, (unsigned)GetCurrentProcessId());
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                       FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    memset(&transfer, 0, sizeof(transfer));
    memcpy(transfer.Buffer, "hello", 5);
    CHECK(WriteFileEx(file, transfer.Buffer, 5, &transfer.Overlapped, Ended));
    CHECK_EQUAL(transfer.Calls, 0);
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(transfer.Calls, 1);
    CHECK_EQUAL(transfer.Bytes, 5);
    memset(transfer.Buffer, 0, sizeof(transfer.Buffer));
    CHECK(ReadFileEx(file, transfer.Buffer, 5, &transfer.Overlapped, Ended));
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(transfer.Calls, 2);
    CHECK(memcmp(transfer.Buffer, "hello", 5) == 0);
    CHECK(CloseHandle(file));
}

/* --- the driver waits alertably in our thread */

static DWORD WINAPI QueueToMain(LPVOID thread)
{
    Sleep(5);
    return QueueUserAPC(Note, (HANDLE)thread, 77);
}

static unsigned int WaitStatus;
static BOOL SawResult;

/* Runs on the way back from the driver: what the call gave is there already. */
static void CALLBACK SeesResult(ULONG_PTR value)
{
    Note(value);
    SawResult = WaitStatus == 0xC0;
}

static void DriverWaits(HANDLE plain)
{
    HANDLE self = OwnThread();
    HANDLE helper;

    OrderCount = 0;
    CHECK(QueueUserAPC(SeesResult, self, 76) != 0);
    QueueNote(75);
    CHECK(Control(plain, IOCTL_APC_WAIT, NULL, 0, &WaitStatus, sizeof(WaitStatus), NULL));
    CHECK_EQUAL(WaitStatus, 0xC0 /* STATUS_USER_APC */);
    /* A wait that an APC has ended lets them all run before the call returns. */
    CHECK_EQUAL(OrderCount, 2);
    CHECK_EQUAL(Order[0], 76);
    CHECK(SawResult);
    helper = CreateThread(NULL, 0, QueueToMain, self, 0, NULL);
    CHECK(Control(plain, IOCTL_APC_WAIT, NULL, 0, &WaitStatus, sizeof(WaitStatus), NULL));
    CHECK_EQUAL(WaitStatus, 0xC0);
    CHECK_EQUAL(OrderCount, 3);
    CHECK_EQUAL(WaitForSingleObject(helper, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
    CHECK(CloseHandle(helper));
    CHECK(CloseHandle(self));
}

/* --- timers */

static unsigned int TimerCalls;
static LARGE_INTEGER TimerTime;

static void CALLBACK TimerRoutine(LPVOID argument, DWORD low, DWORD high)
{
    CHECK(argument == &TimerCalls);
    CHECK_EQUAL(GetCurrentThreadId(), MainThread);
    TimerTime.LowPart = low;
    TimerTime.HighPart = (LONG)high;
    ++TimerCalls;
}

static void Timers(void)
{
    HANDLE timer = CreateWaitableTimerA(NULL, TRUE, NULL);
    LARGE_INTEGER due;
    FILETIME now;

    due.QuadPart = -10000; /* a millisecond */
    GetSystemTimeAsFileTime(&now);
    TimerCalls = 0;
    CHECK(SetWaitableTimer(timer, &due, 0, TimerRoutine, &TimerCalls, FALSE));
    CHECK_EQUAL(WaitForSingleObject(timer, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(TimerCalls, 0);
    CHECK_EQUAL(SleepEx(PATIENCE_MS, TRUE), WAIT_IO_COMPLETION);
    CHECK_EQUAL(TimerCalls, 1);
    CHECK(TimerTime.QuadPart >= (LONGLONG)(((ULONGLONG)now.dwHighDateTime << 32) | now.dwLowDateTime));
    /* Cancelling takes a routine that has not run out of the queue. */
    CHECK(SetWaitableTimer(timer, &due, 0, TimerRoutine, &TimerCalls, FALSE));
    CHECK_EQUAL(WaitForSingleObject(timer, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(CancelWaitableTimer(timer));
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
    CHECK_EQUAL(TimerCalls, 1);
    /* Periodic. */
    CHECK(SetWaitableTimer(timer, &due, 1, TimerRoutine, &TimerCalls, FALSE));
    while (TimerCalls < 4) {
        if (SleepEx(PATIENCE_MS, TRUE) != WAIT_IO_COMPLETION) {
            CHECK(FALSE);
            break;
        }
    }
    CHECK(CancelWaitableTimer(timer));
    CHECK_EQUAL(SleepEx(0, TRUE), 0);
    CHECK(CloseHandle(timer));
}

int main(void)
{
    HANDLE plain = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);

    MainThread = GetCurrentThreadId();
    Waits();
    Nesting();
    OtherThread();
    Transfers(device);
    HostFile();
    Timers();
    DriverWaits(plain);
    CHECK(CloseHandle(device));
    return Finish(plain);
}
