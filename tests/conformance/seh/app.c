/* SPDX-License-Identifier: Apache-2.0 */
/* Every bad pointer that an application can hand to a driver becomes an exception there, and the host lives on. */
#include "public.h"

#include "frame/app_frame.h"

#define ACCESS_VIOLATION 0xc0000005U
#define MISALIGNED 0x80000002U

static HANDLE Device;

static CAUGHT Try(unsigned int operation, const void *address, unsigned int length, unsigned int alignment)
{
    TRY request;
    CAUGHT caught;

    memset(&request, 0, sizeof(request));
    memset(&caught, 0xee, sizeof(caught));
    request.Address = (unsigned long long)(size_t)address;
    request.Length = length;
    request.Alignment = alignment;
    request.Operation = operation;
    CHECK(Control(Device, IOCTL_TRY, &request, sizeof(request), &caught, sizeof(caught), NULL));
    CHECK_EQUAL(caught.Local, 2);
    CHECK_EQUAL(caught.FilterCode, caught.Code);
    return caught;
}

static unsigned int CodeOf(unsigned int operation, const void *address, unsigned int length, unsigned int alignment)
{
    return Try(operation, address, length, alignment).Code;
}

int main(void)
{
    unsigned char *memory = (unsigned char *)malloc(4096);
    unsigned char *readOnly = (unsigned char *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    unsigned char *freed = (unsigned char *)VirtualAlloc(NULL, 65536, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    const void *kernelAddress = (const void *)(size_t)0xfffff80012345678ULL;
    TRY request;
    unsigned int op;
    int i;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(memory != NULL && readOnly != NULL && freed != NULL);
    memset(memory, 0x42, 4096);
    CHECK(VirtualFree(freed, 0, MEM_RELEASE));

    /* Good memory raises nothing. */
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, memory, 4096, 1), 0);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, memory, 4096, 8), 0);
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, readOnly, 4096, 1), 0);
    CHECK_EQUAL(Try(OP_READ, memory, 1, 1).Byte, 0x42);
    CHECK_EQUAL(CodeOf(OP_WRITE, memory + 1, 1, 1), 0);
    CHECK_EQUAL(memory[1], 0x99);
    CHECK_EQUAL(Try(OP_COPY, memory, 100, 1).Byte, 0x42);

    /* Length 0 is never looked at, wherever it points. */
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, NULL, 0, 1), 0);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, kernelAddress, 0, 8), 0);

    /* Misaligned. */
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, memory + 1, 8, 4), MISALIGNED);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, memory + 4, 8, 8), MISALIGNED);
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, memory + 4, 8, 4), 0);

    /* Not the application's memory. A read probe looks at the range only, a write probe touches each page. */
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, kernelAddress, 8, 1), ACCESS_VIOLATION);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, kernelAddress, 8, 1), ACCESS_VIOLATION);
    CHECK_EQUAL(CodeOf(OP_PROBE_READ, (const void *)(size_t)0xffffffffffffff00ULL, 0x200, 1), ACCESS_VIOLATION);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, NULL, 4, 1), ACCESS_VIOLATION);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, readOnly, 4, 1), ACCESS_VIOLATION);
    CHECK_EQUAL(CodeOf(OP_PROBE_WRITE, freed, 4, 1), ACCESS_VIOLATION);
    for (op = OP_READ; op <= OP_COPY; ++op) {
        CHECK_EQUAL(CodeOf(op, NULL, 1, 1), ACCESS_VIOLATION);
        CHECK_EQUAL(CodeOf(op, (const void *)16, 1, 1), ACCESS_VIOLATION);
        CHECK_EQUAL(CodeOf(op, freed, 1, 1), ACCESS_VIOLATION);
    }
    CHECK_EQUAL(CodeOf(OP_WRITE, readOnly, 1, 1), ACCESS_VIOLATION);
    CHECK_EQUAL(readOnly[0], 0);

    /* Raised by software, with any status. */
    CHECK_EQUAL(CodeOf(OP_RAISE, NULL, 0xc000000dU, 0), 0xc000000dU);
    CHECK_EQUAL(CodeOf(OP_RAISE, NULL, 0xe0001234U, 0), 0xe0001234U);

    /* As a status, it reaches the caller as an error. */
    memset(&request, 0, sizeof(request));
    request.Operation = OP_READ;
    CHECK_EQUAL(ControlError(Device, IOCTL_TRY_STATUS, &request, sizeof(request), NULL, 0), ERROR_NOACCESS);

    CHECK(Control(Device, IOCTL_FLOW, NULL, 0, NULL, 0, NULL));
    for (i = 0; i < 200; ++i) {
        CHECK_EQUAL(CodeOf(OP_READ, freed, 1, 1), ACCESS_VIOLATION);
    }
    free(memory);
    CHECK(VirtualFree(readOnly, 0, MEM_RELEASE));
    return Finish(Device);
}
