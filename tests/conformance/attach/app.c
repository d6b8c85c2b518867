/* SPDX-License-Identifier: Apache-2.0 */
/* A system thread of the driver reads and writes this process's memory at its own addresses. */
#include "public.h"

#include "frame/app_frame.h"

static void Try(HANDLE device, unsigned char *buffer, unsigned int how)
{
    ATTACH_REQUEST request;
    unsigned int i;

    for (i = 0; i < ATTACH_BYTES; ++i) {
        buffer[i] = ATTACH_BEFORE(i);
    }
    request.Address = (ULONG_PTR)buffer;
    request.How = how;
    request.Reserved = 0;
    CHECK(Control(device, IOCTL_ATTACH, &request, sizeof(request), NULL, 0, NULL));
    for (i = 0; i < ATTACH_BYTES; ++i) {
        if (buffer[i] != ATTACH_AFTER(i, how)) {
            break;
        }
    }
    CHECK_EQUAL(i, ATTACH_BYTES);
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    unsigned char *pages = (unsigned char *)VirtualAlloc(NULL, ATTACH_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    unsigned char *heap = (unsigned char *)malloc(ATTACH_BYTES);
    ATTACH_REQUEST request;
    DWORD before = 0;
    unsigned int how;

    CHECK(pages != NULL && heap != NULL);
    for (how = ATTACH_STACK; how <= ATTACH_NESTED; ++how) {
        Try(device, pages, how);
        Try(device, heap, how);
    }
    /* What is not there raises, attached or not. */
    CHECK(VirtualProtect(pages, ATTACH_BYTES, PAGE_READONLY, &before));
    request.Address = (ULONG_PTR)pages;
    request.How = ATTACH_STACK;
    request.Reserved = 0;
    CHECK(!Control(device, IOCTL_ATTACH, &request, sizeof(request), NULL, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK(VirtualFree(pages, 0, MEM_RELEASE));
    CHECK(!Control(device, IOCTL_ATTACH, &request, sizeof(request), NULL, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    free(heap);
    return Finish(device);
}
