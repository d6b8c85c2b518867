/* SPDX-License-Identifier: Apache-2.0 */
/* A pended METHOD_OUT_DIRECT request, synchronous: one thread waits in DeviceIoControl, another watches the data come. */
#include "public.h"

#include "frame/app_frame.h"
#include "frame/pended_app.h"

static HANDLE Device;
static unsigned int StaticMemory[PENDED_BYTES / 4];

typedef struct _CALL {
    void *memory;
    BOOL done;
    DWORD error;
    DWORD returned;
} CALL;

static DWORD WINAPI CallThread(LPVOID parameter)
{
    CALL *call = (CALL *)parameter;

    SetLastError(ERROR_SUCCESS);
    call->done = DeviceIoControl(Device, IOCTL_PEND, NULL, 0, call->memory, PENDED_BYTES, &call->returned, NULL);
    call->error = GetLastError();
    return 77;
}

static void Run(void *memory, unsigned int stop)
{
    CALL call;
    HANDLE thread;
    DWORD exitCode = 0;

    memset(memory, 0, PENDED_BYTES);
    memset(&call, 0, sizeof(call));
    call.memory = memory;
    thread = CreateThread(NULL, 0, CallThread, &call, 0, NULL);
    CHECK(thread != NULL);
    if (thread == NULL) {
        return;
    }
    TalkThroughThePage((PENDED_AREA *)memory, stop);
    CHECK_EQUAL(WaitForSingleObject(thread, 10000), WAIT_OBJECT_0);
    CHECK(GetExitCodeThread(thread, &exitCode));
    CHECK_EQUAL(exitCode, 77);
    CHECK(CloseHandle(thread));
    CHECK_EQUAL(call.done, stop == PENDED_STOP_SUCCESS);
    if (stop == PENDED_STOP_SUCCESS) {
        CHECK_EQUAL(call.returned, PENDED_BYTES);
    } else {
        CHECK_EQUAL(call.error, ERROR_NOT_READY);
    }
    CHECK_EQUAL(FirstOther(memory, sizeof(PENDED_AREA), PENDED_BYTES, PENDED_FILL), PENDED_BYTES);
}

int main(void)
{
    void *heap = malloc(PENDED_BYTES);
    unsigned int stackMemory[PENDED_BYTES / 4];

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(heap != NULL);
    Run(heap, PENDED_STOP_SUCCESS);
    Run(StaticMemory, PENDED_STOP_SUCCESS);
    Run(stackMemory, PENDED_STOP_SUCCESS);
    Run(heap, PENDED_STOP_FAILURE);
    free(heap);
    return Finish(Device);
}
