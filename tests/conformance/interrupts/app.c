/* SPDX-License-Identifier: Apache-2.0 */
/* A device that interrupts: requests that wait for it, and what must not be inside at the same time. */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000
#define THREADS 4
#define ROUNDS 500

static HANDLE Devices[THREADS];

static void WaitForInterrupts(HANDLE plain)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    OVERLAPPED overlapped;
    unsigned int last = 0;
    int i;

    for (i = 0; i < 20; ++i) {
        unsigned int number = 0;
        DWORD bytes = 0;

        memset(&overlapped, 0, sizeof(overlapped));
        overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
        CHECK(!DeviceIoControl(device, IOCTL_INTERRUPT_WAIT, NULL, 0, &number, sizeof(number), NULL, &overlapped));
        CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
        CHECK(Control(plain, IOCTL_INTERRUPT_RAISE, NULL, 0, NULL, 0, NULL));
        CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, PATIENCE_MS), WAIT_OBJECT_0);
        CHECK(GetOverlappedResult(device, &overlapped, &bytes, FALSE));
        CHECK_EQUAL(bytes, sizeof(number));
        CHECK(number > last);
        last = number;
        CHECK(CloseHandle(overlapped.hEvent));
    }
    /* The device stays silent: the request is cancelled. */
    memset(&overlapped, 0, sizeof(overlapped));
    overlapped.hEvent = CreateEventA(NULL, TRUE, FALSE, NULL);
    CHECK(!DeviceIoControl(device, IOCTL_INTERRUPT_WAIT, NULL, 0, &last, sizeof(last), NULL, &overlapped));
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK(CancelIo(device));
    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(CloseHandle(overlapped.hEvent));
    CHECK(CloseHandle(device));
}

static DWORD WINAPI Race(LPVOID parameter)
{
    unsigned int rounds = ROUNDS;

    CHECK(Control((HANDLE)parameter, IOCTL_INTERRUPT_RACE, &rounds, sizeof(rounds), NULL, 0, NULL));
    return 0;
}

static void Races(HANDLE plain)
{
    HANDLE threads[THREADS];
    INTERRUPT_COUNTS before;
    INTERRUPT_COUNTS after;
    int i;

    CHECK(Control(plain, IOCTL_INTERRUPT_COUNT, NULL, 0, &before, sizeof(before), NULL));
    for (i = 0; i < THREADS; ++i) {
        Devices[i] = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
        threads[i] = CreateThread(NULL, 0, Race, Devices[i], 0, NULL);
    }
    CHECK_EQUAL(WaitForMultipleObjects(THREADS, threads, TRUE, 6 * PATIENCE_MS), WAIT_OBJECT_0);
    for (i = 0; i < THREADS; ++i) {
        CHECK(CloseHandle(threads[i]));
        CHECK(CloseHandle(Devices[i]));
    }
    CHECK(Control(plain, IOCTL_INTERRUPT_COUNT, NULL, 0, &after, sizeof(after), NULL));
    CHECK_EQUAL(after.Counter - before.Counter, 2 * THREADS * ROUNDS);
    CHECK_EQUAL(after.Collisions, 0);
}

int main(void)
{
    HANDLE plain = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK(Control(plain, IOCTL_INTERRUPT_SELF, NULL, 0, NULL, 0, NULL));
    WaitForInterrupts(plain);
    Races(plain);
    return Finish(plain);
}
