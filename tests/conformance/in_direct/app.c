/* SPDX-License-Identifier: Apache-2.0 */
/* METHOD_IN_DIRECT: the second buffer is only read, so memory that cannot be written is fine. */
#include "public.h"

#include "frame/app_frame.h"

static const unsigned char ConstantMemory[5000] = {9, 8, 7, 6, 5, 4, 3, 2, 1};
static unsigned char StaticMemory[9000];

static unsigned int SumOf(const unsigned char *bytes, size_t length)
{
    unsigned int sum = 0;
    size_t i;

    for (i = 0; i < length; ++i) {
        sum = sum * 33 + bytes[i];
    }
    return sum;
}

static void Send(HANDLE device, const unsigned char *bytes, DWORD length)
{
    unsigned int sum = SumOf(bytes, length);

    CHECK(Control(device, IOCTL_SUM, &sum, sizeof(sum), (void *)bytes, length, NULL));
    CHECK_EQUAL(SumOf(bytes, length), sum);
}

static STATE GetState(HANDLE device)
{
    STATE state = {0, 0};

    CHECK(Control(device, IOCTL_STATE, NULL, 0, &state, sizeof(state), NULL));
    return state;
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    unsigned char stackMemory[777];
    unsigned char *heap = (unsigned char *)malloc(1 << 20);
    unsigned char *readOnly = (unsigned char *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READONLY);
    unsigned int zero = 0;
    STATE before;
    size_t i;

    CHECK(heap != NULL && readOnly != NULL);
    for (i = 0; i < sizeof(stackMemory); ++i) stackMemory[i] = (unsigned char)(i * 3);
    for (i = 0; i < sizeof(StaticMemory); ++i) StaticMemory[i] = (unsigned char)(i * 5);
    for (i = 0; i < (1 << 20); ++i) heap[i] = (unsigned char)(i * 7 + i / 4096);
    Send(device, stackMemory, sizeof(stackMemory));
    Send(device, stackMemory + 3, 1);
    Send(device, StaticMemory, sizeof(StaticMemory));
    Send(device, StaticMemory + 4001, 1000);
    Send(device, heap, 1 << 20);
    Send(device, heap + 13, 65536);
    Send(device, ConstantMemory, sizeof(ConstantMemory));
    Send(device, readOnly, 4096);

    CHECK(Control(device, IOCTL_SUM, &zero, sizeof(zero), NULL, 0, NULL));
    CHECK_EQUAL(GetState(device).MdlIsNull, 1);

    /* Memory that cannot even be read fails before the driver sees it. */
    before = GetState(device);
    CHECK_EQUAL(ControlError(device, IOCTL_SUM, &zero, sizeof(zero), NULL, 16), ERROR_NOACCESS);
    CHECK(VirtualFree(readOnly, 0, MEM_RELEASE));
    CHECK_EQUAL(ControlError(device, IOCTL_SUM, &zero, sizeof(zero), readOnly, 16), ERROR_NOACCESS);
    CHECK_EQUAL(GetState(device).Calls, before.Calls);
    free(heap);
    return Finish(device);
}
