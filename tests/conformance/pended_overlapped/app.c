/* SPDX-License-Identifier: Apache-2.0 */
/* A pended METHOD_OUT_DIRECT request, overlapped: live data before completion, then status, length and event. */
#include "public.h"

#include "frame/app_frame.h"
#include "frame/pended_app.h"

static unsigned int StaticMemory[PENDED_BYTES / 4];

static void Run(HANDLE device, void *memory, unsigned int stop)
{
    OVERLAPPED overlapped;
    DWORD returned = 0;
    BOOL done;

    memset(memory, 0, PENDED_BYTES);
    memset(&overlapped, 0, sizeof(overlapped));
    overlapped.hEvent = CreateEventA(NULL, TRUE, TRUE, NULL); /* starting a request clears it */
    CHECK(overlapped.hEvent != NULL);
    SetLastError(ERROR_SUCCESS);
    done = DeviceIoControl(device, IOCTL_PEND, NULL, 0, memory, PENDED_BYTES, NULL, &overlapped);
    CHECK(!done);
    CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, 0), WAIT_TIMEOUT);
    TalkThroughThePage((PENDED_AREA *)memory, stop);

    CHECK_EQUAL(WaitForSingleObject(overlapped.hEvent, 10000), WAIT_OBJECT_0);
    SetLastError(ERROR_SUCCESS);
    done = GetOverlappedResult(device, &overlapped, &returned, TRUE);
    if (stop == PENDED_STOP_SUCCESS) {
        CHECK(done);
        CHECK_EQUAL(returned, PENDED_BYTES);
    } else {
        CHECK(!done);
        CHECK_EQUAL(GetLastError(), ERROR_NOT_READY);
    }
    /* Direct memory: what the driver wrote is there, whatever the status. */
    CHECK_EQUAL(FirstOther(memory, sizeof(PENDED_AREA), PENDED_BYTES, PENDED_FILL), PENDED_BYTES);
    CHECK(CloseHandle(overlapped.hEvent));
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, FILE_FLAG_OVERLAPPED);
    HANDLE plain;
    void *heap = malloc(PENDED_BYTES);
    unsigned int stackMemory[PENDED_BYTES / 4];
    void *pages = VirtualAlloc(NULL, PENDED_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);

    CHECK(heap != NULL && pages != NULL);
    Run(device, heap, PENDED_STOP_SUCCESS);
    Run(device, StaticMemory, PENDED_STOP_SUCCESS);
    Run(device, stackMemory, PENDED_STOP_SUCCESS);
    Run(device, pages, PENDED_STOP_SUCCESS);
    Run(device, pages, PENDED_STOP_FAILURE);
    free(heap);
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
    CHECK(CloseHandle(device));
    plain = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    return Finish(plain);
}
