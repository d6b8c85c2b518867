/* SPDX-License-Identifier: Apache-2.0 */
/* I/O completion ports: what is queued and what is not, order, threads, run-down, cancellation, many requests in flight. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000
#define KEY 0x1234567887654321ULL

typedef struct _CALL {
    OVERLAPPED Overlapped;
    PORT_REQUEST Request;
    unsigned int Answer;
    volatile LONG Completions;
} CALL;

static HANDLE Device; /* overlapped, with a port */
static HANDLE Plain;  /* synchronous */

static BOOL Start(HANDLE device, CALL *call, unsigned int how, unsigned int status, unsigned int value, HANDLE event)
{
    memset(call, 0, sizeof(*call));
    call->Overlapped.hEvent = event;
    call->Request.How = how;
    call->Request.Status = (int)status;
    call->Request.Value = value;
    SetLastError(ERROR_SUCCESS);
    return DeviceIoControl(device, IOCTL_PORT, &call->Request, sizeof(call->Request), &call->Answer,
                           sizeof(call->Answer), NULL, &call->Overlapped);
}

/* One packet must be there; gives its OVERLAPPED. */
static CALL *Take(HANDLE port, BOOL expected, DWORD error, DWORD expectedBytes)
{
    DWORD bytes = 77;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;
    BOOL done;

    SetLastError(ERROR_SUCCESS);
    done = GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, PATIENCE_MS);
    CHECK_EQUAL(done, expected);
    if (!expected) {
        CHECK_EQUAL(GetLastError(), error);
    }
    CHECK(overlapped != NULL);
    CHECK_EQUAL(key, KEY);
    CHECK_EQUAL(bytes, expectedBytes);
    return (CALL *)overlapped;
}

static void CheckEmpty(HANDLE port)
{
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = (LPOVERLAPPED)&bytes;

    SetLastError(ERROR_SUCCESS);
    CHECK(!GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    CHECK_EQUAL(GetLastError(), WAIT_TIMEOUT);
    CHECK(overlapped == NULL);
}

static void Arguments(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE other = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 1);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;

    CHECK(port != NULL && other != NULL && event != NULL);
    CheckEmpty(port);
    CHECK(CreateIoCompletionPort(INVALID_HANDLE_VALUE, port, 0, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    /* A file that is not for overlapped I/O has no port. */
    CHECK(CreateIoCompletionPort(Plain, port, KEY, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    /* An event is no port, and no file. */
    CHECK(CreateIoCompletionPort(device, event, KEY, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(CreateIoCompletionPort(event, port, KEY, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    CHECK(!GetQueuedCompletionStatus(event, &bytes, &key, &overlapped, 0));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    /* A file has one port in its life. */
    CHECK(CreateIoCompletionPort(device, port, KEY, 0) == port);
    CHECK(CreateIoCompletionPort(device, port, KEY, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CreateIoCompletionPort(device, other, KEY, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(!SetFileCompletionNotificationModes(device, 0x80));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    CHECK(CloseHandle(device));
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(other));
    CHECK(CloseHandle(port));
}

static void Posted(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    OVERLAPPED_ENTRY entries[8];
    ULONG removed = 0;
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;
    unsigned int i;

    /* Any three values come back as they were, first in, first out. */
    for (i = 1; i <= 6; ++i) {
        CHECK(PostQueuedCompletionStatus(port, i * 100, KEY + i, (LPOVERLAPPED)(ULONG_PTR)(i * 8)));
    }
    CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    CHECK_EQUAL(bytes, 100);
    CHECK_EQUAL(key, KEY + 1);
    CHECK_EQUAL((ULONG_PTR)overlapped, 8);
    CHECK(GetQueuedCompletionStatusEx(port, entries, 3, &removed, 0, FALSE));
    CHECK_EQUAL(removed, 3);
    CHECK_EQUAL(entries[0].lpCompletionKey, KEY + 2);
    CHECK_EQUAL(entries[2].dwNumberOfBytesTransferred, 400);
    CHECK_EQUAL((ULONG_PTR)entries[2].lpOverlapped, 32);
    CHECK(GetQueuedCompletionStatusEx(port, entries, 8, &removed, 0, FALSE));
    CHECK_EQUAL(removed, 2);
    SetLastError(ERROR_SUCCESS);
    CHECK(!GetQueuedCompletionStatusEx(port, entries, 8, &removed, 0, FALSE));
    CHECK_EQUAL(GetLastError(), WAIT_TIMEOUT);
    CHECK_EQUAL(removed, 0);
    CHECK(!GetQueuedCompletionStatusEx(port, entries, 0, &removed, 0, FALSE));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    /* A packet without an OVERLAPPED is a packet. */
    CHECK(PostQueuedCompletionStatus(port, 0, 0, NULL));
    CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, 0));
    CHECK(overlapped == NULL);
    CHECK(CloseHandle(port));
}

static void Completions(HANDLE port)
{
    CALL call;
    HANDLE event = CreateEventA(NULL, TRUE, TRUE, NULL);

    /* Success at once: TRUE, and still a packet. */
    CHECK(Start(Device, &call, PORT_AT_ONCE, 0, 11, NULL));
    CHECK(HasOverlappedIoCompleted(&call.Overlapped));
    CHECK_EQUAL(call.Answer, 11);
    CHECK(Take(port, TRUE, 0, 4) == &call);
    CheckEmpty(port);
    /* An error at once: no packet, no event, no status block. */
    CHECK(SetEvent(event));
    CHECK(!Start(Device, &call, PORT_AT_ONCE, 0xC0000010U /* INVALID_DEVICE_REQUEST */, 1, event));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_FUNCTION);
    CheckEmpty(port);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_TIMEOUT); /* cleared at the start, not set */
    /* A warning at once: FALSE, data, packet. */
    CHECK(!Start(Device, &call, PORT_AT_ONCE, 0x80000005U /* BUFFER_OVERFLOW */, 12, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_MORE_DATA);
    CHECK_EQUAL(call.Answer, 12);
    CHECK(Take(port, FALSE, ERROR_MORE_DATA, 4) == &call);
    /* Pended, and completed before the call returned: pending all the same. */
    CHECK(!Start(Device, &call, PORT_PENDED, 0, 13, event));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(Take(port, TRUE, 0, 4) == &call);
    CHECK_EQUAL(call.Answer, 13);
    CHECK_EQUAL(WaitForSingleObject(event, 0), WAIT_OBJECT_0); /* event and port */
    /* Pended, then an error: a packet that says so. */
    CHECK(!Start(Device, &call, PORT_FROM_DPC, 0xC00000A3U /* DEVICE_NOT_READY */, 14, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(Take(port, FALSE, ERROR_NOT_READY, 0) == &call);
    CHECK(!Start(Device, &call, PORT_FROM_DPC, 0, 15, NULL));
    CHECK(Take(port, TRUE, 0, 4) == &call);
    CHECK_EQUAL(call.Answer, 15);
    /* The event handle's low bit keeps the packet back. */
    CHECK(!Start(Device, &call, PORT_PENDED, 0, 16, (HANDLE)((ULONG_PTR)event | 1)));
    CHECK_EQUAL(WaitForSingleObject(event, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(call.Answer, 16);
    CheckEmpty(port);
    /* A call without OVERLAPPED waits and leaves no packet. */
    {
        PORT_REQUEST request = {PORT_FROM_DPC, 0, 17};
        unsigned int answer = 0;
        DWORD bytes = 0;

        CHECK(DeviceIoControl(Device, IOCTL_PORT, &request, sizeof(request), &answer, sizeof(answer), &bytes, NULL));
        CHECK_EQUAL(answer, 17);
        CheckEmpty(port);
    }
    CHECK(CloseHandle(event));
}

static void Modes(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    CALL call;
    DWORD bytes = 0;
    PORT_REQUEST request = {PORT_FROM_DPC, 0, 5};
    unsigned int answer = 0;

    CHECK(CreateIoCompletionPort(device, port, KEY, 0) == port);
    CHECK(SetFileCompletionNotificationModes(device, FILE_SKIP_COMPLETION_PORT_ON_SUCCESS));
    CHECK(Start(device, &call, PORT_AT_ONCE, 0, 1, NULL));
    CheckEmpty(port);
    CHECK(GetOverlappedResult(device, &call.Overlapped, &bytes, FALSE));
    CHECK_EQUAL(bytes, 4);
    /* What did not succeed at once comes as before. */
    CHECK(!Start(device, &call, PORT_AT_ONCE, 0x80000005U, 2, NULL));
    CHECK(Take(port, FALSE, ERROR_MORE_DATA, 4) == &call);
    CHECK(!Start(device, &call, PORT_PENDED, 0, 3, NULL));
    CHECK(Take(port, TRUE, 0, 4) == &call);
    /* Modes are only added. */
    CHECK(SetFileCompletionNotificationModes(device, FILE_SKIP_SET_EVENT_ON_HANDLE));
    CHECK(Start(device, &call, PORT_AT_ONCE, 0, 4, NULL));
    CheckEmpty(port);
    CHECK_EQUAL(WaitForSingleObject(device, 0), WAIT_TIMEOUT);
    /* "... and the function that is called is not a synchronous function." */
    CHECK(DeviceIoControl(device, IOCTL_PORT, &request, sizeof(request), &answer, sizeof(answer), &bytes, NULL));
    CHECK_EQUAL(answer, 5);
    CHECK(CloseHandle(device));
    CHECK(CloseHandle(port));
}

/* --- threads on one port */

static DWORD WINAPI WaitForPacket(LPVOID port)
{
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED overlapped = NULL;

    if (GetQueuedCompletionStatus((HANDLE)port, &bytes, &key, &overlapped, INFINITE)) {
        return (DWORD)key;
    }
    return overlapped == NULL ? GetLastError() + 1000000 : 0;
}

static void RunDown(void)
{
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    HANDLE threads[3];
    DWORD codes[3];
    unsigned int i;
    unsigned int withPacket = 0;
    CALL call;

    CHECK(CreateIoCompletionPort(device, port, 7, 0) == port);
    for (i = 0; i < 3; ++i) {
        threads[i] = CreateThread(NULL, 0, WaitForPacket, port, 0, NULL);
        CHECK(threads[i] != NULL);
    }
    CHECK(PostQueuedCompletionStatus(port, 0, 42, NULL));
    CHECK(WaitForMultipleObjects(3, threads, FALSE, PATIENCE_MS) <= WAIT_OBJECT_0 + 2);
    /* The last handle goes: who waits is told. The file's association is no handle. */
    CHECK(CloseHandle(port));
    CHECK_EQUAL(WaitForMultipleObjects(3, threads, TRUE, PATIENCE_MS), WAIT_OBJECT_0);
    for (i = 0; i < 3; ++i) {
        CHECK(GetExitCodeThread(threads[i], &codes[i]));
        if (codes[i] == 42) {
            ++withPacket;
        } else {
            /* A thread that came after the close finds no handle. */
            CHECK(codes[i] == ERROR_ABANDONED_WAIT_0 + 1000000 || codes[i] == ERROR_INVALID_HANDLE + 1000000);
        }
        CHECK(CloseHandle(threads[i]));
    }
    CHECK_EQUAL(withPacket, 1);
    /* Requests of the file end as ever; their packets go nowhere. */
    CHECK(!Start(device, &call, PORT_PENDED, 0, 9, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK_EQUAL(call.Answer, 9);
    CHECK(CloseHandle(device));
}

/* --- many requests in flight, cancelled and released by others at once: each completes exactly once */

#define IN_FLIGHT 64
#define ROUNDS 40
static CALL Calls[IN_FLIGHT];
static HANDLE StormPort;
static HANDLE StormDevice;
static volatile LONG StormEnds;

static DWORD WINAPI Releaser(LPVOID parameter)
{
    (void)parameter;
    while (InterlockedCompareExchange(&StormEnds, 0, 0) == 0) {
        if (!Control(Plain, IOCTL_PORT_RELEASE, NULL, 0, NULL, 0, NULL)) {
            SwitchToThread();
        }
    }
    return 0;
}

static DWORD WINAPI Canceller(LPVOID parameter)
{
    unsigned int seed = 12345;

    (void)parameter;
    while (InterlockedCompareExchange(&StormEnds, 0, 0) == 0) {
        seed = seed * 1103515245U + 12345U;
        CancelIoEx(StormDevice, &Calls[(seed >> 16) % IN_FLIGHT].Overlapped);
    }
    return 0;
}

static void Storm(void)
{
    HANDLE threads[2];
    unsigned int round;
    unsigned int i;
    unsigned int cancelled = 0;

    StormPort = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    StormDevice = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    CHECK(CreateIoCompletionPort(StormDevice, StormPort, KEY, 0) == StormPort);
    threads[0] = CreateThread(NULL, 0, Releaser, NULL, 0, NULL);
    threads[1] = CreateThread(NULL, 0, Canceller, NULL, 0, NULL);
    for (round = 0; round < ROUNDS; ++round) {
        unsigned int completed = 0;

        for (i = 0; i < IN_FLIGHT; ++i) {
            CHECK(!Start(StormDevice, &Calls[i], PORT_LATER, 0, round * 1000 + i, NULL));
            CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
        }
        while (completed < IN_FLIGHT) {
            OVERLAPPED_ENTRY entries[16];
            ULONG removed = 0;

            if (!GetQueuedCompletionStatusEx(StormPort, entries, 16, &removed, PATIENCE_MS, FALSE)) {
                CHECK(FALSE);
                break;
            }
            for (i = 0; i < removed; ++i) {
                CALL *call = (CALL *)entries[i].lpOverlapped;
                DWORD bytes = 0;

                CHECK(call >= Calls && call < Calls + IN_FLIGHT);
                CHECK_EQUAL(InterlockedIncrement(&call->Completions), 1);
                if (GetOverlappedResult(StormDevice, &call->Overlapped, &bytes, FALSE)) {
                    CHECK_EQUAL(bytes, 4);
                    CHECK_EQUAL(call->Answer, round * 1000 + (unsigned int)(call - Calls));
                } else {
                    CHECK_EQUAL(GetLastError(), ERROR_OPERATION_ABORTED);
                    ++cancelled;
                }
            }
            completed += removed;
        }
        CheckEmpty(StormPort);
    }
    InterlockedExchange(&StormEnds, 1);
    CHECK_EQUAL(WaitForMultipleObjects(2, threads, TRUE, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(CloseHandle(threads[0]));
    CHECK(CloseHandle(threads[1]));
    printf("%u of %u requests were cancelled\n", cancelled, ROUNDS * IN_FLIGHT);
    CHECK(CloseHandle(StormDevice));
    CHECK(CloseHandle(StormPort));
}

static void Cancelling(HANDLE port)
{
    CALL calls[3];
    DWORD bytes = 0;
    unsigned int i;

    for (i = 0; i < 3; ++i) {
        CHECK(!Start(Device, &calls[i], PORT_LATER, 0, i, NULL));
        CHECK(!HasOverlappedIoCompleted(&calls[i].Overlapped));
        CHECK(!GetOverlappedResult(Device, &calls[i].Overlapped, &bytes, FALSE));
        CHECK_EQUAL(GetLastError(), ERROR_IO_INCOMPLETE);
    }
    CHECK(CancelIoEx(Device, &calls[1].Overlapped));
    CHECK(Take(port, FALSE, ERROR_OPERATION_ABORTED, 0) == &calls[1]);
    CHECK(!CancelIoEx(Device, &calls[1].Overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_FOUND);
    CHECK(CancelIo(Device));
    CHECK(Take(port, FALSE, ERROR_OPERATION_ABORTED, 0) != NULL);
    CHECK(Take(port, FALSE, ERROR_OPERATION_ABORTED, 0) != NULL);
    CheckEmpty(port);
    CHECK(CancelIo(Device)); /* nothing to cancel is a success */
    CHECK(!CancelIoEx(Device, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_FOUND);
}

/* CancelSynchronousIo: another thread's call comes back. */
static DWORD WINAPI BlockingCall(LPVOID parameter)
{
    PORT_REQUEST request = {PORT_LATER, 0, 1};
    unsigned int answer = 0;
    DWORD bytes = 0;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    BOOL done;
    DWORD error;

    (void)parameter;
    SetLastError(ERROR_SUCCESS);
    done = DeviceIoControl(device, IOCTL_PORT, &request, sizeof(request), &answer, sizeof(answer), &bytes, NULL);
    error = GetLastError();
    CloseHandle(device);
    return done ? 0 : error;
}

static void CancelSynchronous(void)
{
    HANDLE thread = CreateThread(NULL, 0, BlockingCall, NULL, 0, NULL);
    DWORD code = 0;
    unsigned int waiting = 0;
    int patience = PATIENCE_MS;

    while (waiting == 0 && patience-- > 0) {
        CHECK(Control(Plain, IOCTL_PORT_WAITING, NULL, 0, &waiting, sizeof(waiting), NULL));
        if (waiting == 0) {
            Sleep(1);
        }
    }
    CHECK_EQUAL(waiting, 1);
    CHECK(CancelSynchronousIo(thread));
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &code));
    CHECK_EQUAL(code, ERROR_OPERATION_ABORTED);
    CHECK(!CancelSynchronousIo(thread));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_FOUND);
    CHECK(CloseHandle(thread));
}

/* A file of the machine completes at once, with the same rules. */
static void HostFile(void)
{
    char folder[MAX_PATH];
    char name[MAX_PATH + 32];
    HANDLE port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE file;
    OVERLAPPED overlapped;
    DWORD bytes = 0;
    ULONG_PTR key = 0;
    LPOVERLAPPED taken = NULL;

    CHECK(GetTempPathA(sizeof(folder), folder) != 0);
    sprintf(name, "%spwp%u.tmp", folder, (unsigned)GetCurrentProcessId());
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_ALWAYS,
                       FILE_FLAG_OVERLAPPED | FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    CHECK(CreateIoCompletionPort(file, port, KEY, 0) == port);
    memset(&overlapped, 0, sizeof(overlapped));
    overlapped.hEvent = event;
    if (!WriteFile(file, "hello", 5, NULL, &overlapped)) {
        CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING); /* both are right: ask the OVERLAPPED */
    }
    CHECK(GetOverlappedResult(file, &overlapped, &bytes, TRUE));
    CHECK_EQUAL(bytes, 5);
    CHECK_EQUAL(WaitForSingleObject(event, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &taken, PATIENCE_MS));
    CHECK_EQUAL(bytes, 5);
    CHECK_EQUAL(key, KEY);
    CHECK(taken == &overlapped);
    CHECK(CloseHandle(file));
    CHECK(CloseHandle(event));
    CHECK(CloseHandle(port));
}

int main(void)
{
    HANDLE port;

    Plain = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    Arguments();
    Posted();
    /* Port and association in one call. */
    port = CreateIoCompletionPort(Device, NULL, KEY, 0);
    CHECK(port != NULL);
    Completions(port);
    Cancelling(port);
    Modes();
    RunDown();
    CancelSynchronous();
    Storm();
    HostFile();
    CHECK(CloseHandle(Device));
    CHECK(CloseHandle(port));
    return Finish(Plain);
}
