/* SPDX-License-Identifier: Apache-2.0 */
/* Every method with every kind of buffer: heap, statics, stack, VirtualAlloc, views, read-only and bad memory, any size. */
#include "public.h"

#include <time.h>

#include "frame/app_frame.h"

#define KIND_BYTES (1u << 20)
#define GIGABYTE (1u << 30)

static HANDLE Device;
static unsigned char StaticBytes[KIND_BYTES];

typedef struct _KIND {
    const char *Name;
    unsigned char *Bytes;
    DWORD Length;
} KIND;

/* One kind at one length, at a start that is not aligned: all methods, in and out apart and the same. */
static void Methods(const KIND *kind, DWORD length)
{
    static const DWORD kCodes[] = {IOCTL_TURN_BUFFERED, IOCTL_TURN_OUT_DIRECT, IOCTL_TURN_NEITHER};
    unsigned char *out = kind->Bytes + (kind->Length - length) / 2;
    unsigned char *in = (unsigned char *)malloc(length + 1);
    unsigned int sum = 0;
    DWORD returned;
    DWORD i;
    int c;

    CHECK(in != NULL);
    if (in == NULL) {
        return;
    }
    for (i = 0; i < length; ++i) {
        in[i] = (unsigned char)(i * 7 + length);
        sum += in[i];
    }
    for (c = 0; c < 3; ++c) {
        size_t wrong = 0;

        memset(out, 0x11, length);
        CHECK(Control(Device, kCodes[c], in, length, out, length, &returned));
        CHECK_EQUAL(returned, length);
        for (i = 0; i < length; ++i) {
            wrong += out[i] != (unsigned char)~in[i];
        }
        /* The same buffer twice: it turns back. */
        CHECK(Control(Device, kCodes[c], out, length, out, length, &returned));
        for (i = 0; i < length; ++i) {
            wrong += out[i] != in[i];
        }
        CHECK_EQUAL(wrong, 0);
        if (wrong != 0) {
            fprintf(stderr, "%s, %u bytes, code %#x\n", kind->Name, (unsigned)length, (unsigned)kCodes[c]);
        }
    }
    CHECK(Control(Device, IOCTL_SUM_IN_DIRECT, &sum, sizeof(sum), out, length, NULL));
    free(in);
}

static void Kinds(void)
{
    static const DWORD kLengths[] = {0, 1, 31, 4095, 4096, 4097, 65536 + 3, KIND_BYTES};
    unsigned char stackBytes[20000];
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, KIND_BYTES, NULL);
    KIND kinds[7];
    size_t k;
    size_t i;

    memset(kinds, 0, sizeof(kinds));
    kinds[0].Name = "heap";
    kinds[0].Bytes = (unsigned char *)malloc(KIND_BYTES);
    kinds[1].Name = "statics";
    kinds[1].Bytes = StaticBytes;
    kinds[2].Name = "VirtualAlloc";
    kinds[2].Bytes = (unsigned char *)VirtualAlloc(NULL, KIND_BYTES, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    kinds[3].Name = "HeapAlloc";
    kinds[3].Bytes = (unsigned char *)HeapAlloc(GetProcessHeap(), 0, KIND_BYTES);
    kinds[4].Name = "view";
    kinds[4].Bytes = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    kinds[5].Name = "copy-on-write view";
    kinds[5].Bytes = (unsigned char *)MapViewOfFile(section, FILE_MAP_COPY, 0, 0, 0);
    for (k = 0; k < 6; ++k) {
        kinds[k].Length = KIND_BYTES;
    }
    kinds[6].Name = "stack";
    kinds[6].Bytes = stackBytes;
    kinds[6].Length = sizeof(stackBytes);
    for (k = 0; k < sizeof(kinds) / sizeof(kinds[0]); ++k) {
        CHECK(kinds[k].Bytes != NULL);
        for (i = 0; kinds[k].Bytes != NULL && i < sizeof(kLengths) / sizeof(kLengths[0]); ++i) {
            if (kLengths[i] <= kinds[k].Length && k != 5) {
                Methods(&kinds[k], kLengths[i]);
            }
        }
    }
    /* Pages of a copy-on-write view that are the process's own: buffered and direct requests reach them. */
    if (kinds[5].Bytes != NULL) {
        unsigned int sum = 3 * 4096;

        memset(kinds[5].Bytes, 3, 4096);
        CHECK(Control(Device, IOCTL_SUM_IN_DIRECT, &sum, sizeof(sum), kinds[5].Bytes, 4096, NULL));
        CHECK(Control(Device, IOCTL_TURN_OUT_DIRECT, kinds[5].Bytes, 4096, kinds[5].Bytes, 4096, NULL));
        CHECK_EQUAL(kinds[5].Bytes[4095], (unsigned char)~3);
        CHECK(UnmapViewOfFile(kinds[5].Bytes));
    }
    CHECK(UnmapViewOfFile(kinds[4].Bytes));
    CHECK(CloseHandle(section));
    free(kinds[0].Bytes);
    CHECK(VirtualFree(kinds[2].Bytes, 0, MEM_RELEASE));
    CHECK(HeapFree(GetProcessHeap(), 0, kinds[3].Bytes));
}

/* All methods refuse `out`; those that only read it take it if it can be read. */
static void BadOutput(void *out, DWORD length, int readable)
{
    unsigned char in[64];
    unsigned int sum = 0;
    DWORD i;

    memset(in, 0, sizeof(in));
    CHECK_EQUAL(ControlError(Device, IOCTL_TURN_BUFFERED, in, sizeof(in), out, length), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(Device, IOCTL_TURN_OUT_DIRECT, in, sizeof(in), out, length), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(Device, IOCTL_TURN_NEITHER, in, sizeof(in), out, length), ERROR_NOACCESS);
    for (i = 0; readable && i < length; ++i) {
        sum += ((unsigned char *)out)[i];
    }
    CHECK_EQUAL(ControlError(Device, IOCTL_SUM_IN_DIRECT, &sum, sizeof(sum), out, length),
                readable ? ERROR_SUCCESS : ERROR_NOACCESS);
    /* As input, too. */
    if (!readable) {
        CHECK_EQUAL(ControlError(Device, IOCTL_TURN_BUFFERED, out, length, in, sizeof(in)), ERROR_NOACCESS);
        CHECK_EQUAL(ControlError(Device, IOCTL_TURN_OUT_DIRECT, out, length, in, sizeof(in)), ERROR_NOACCESS);
        if (length <= sizeof(in)) { /* the driver reads no more than it can write */
            CHECK_EQUAL(ControlError(Device, IOCTL_TURN_NEITHER, out, length, in, sizeof(in)), ERROR_NOACCESS);
        }
    }
}

static void BadMemory(void)
{
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 65536, NULL);
    unsigned char *view = (unsigned char *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    unsigned char *area = (unsigned char *)VirtualAlloc(NULL, 4 * 4096, MEM_RESERVE, PAGE_READWRITE);
    DWORD old = 0;

    CHECK(view != NULL && area != NULL);
    if (view == NULL || area == NULL) {
        return;
    }
    BadOutput(view, 100, 1);
    CHECK(UnmapViewOfFile(view));
    BadOutput(view, 100, 0); /* unmapped */
    CHECK(CloseHandle(section));
    CHECK(VirtualAlloc(area, 2 * 4096, MEM_COMMIT, PAGE_READWRITE) == area);
    BadOutput(area + 4096, 4097, 0);     /* a byte beyond what is committed */
    BadOutput(area + 2 * 4096, 10, 0);   /* reserved */
    BadOutput(area, 5 * 4096, 0);        /* beyond the region */
    CHECK(VirtualProtect(area, 4096, PAGE_READONLY, &old));
    BadOutput(area, 4096, 1);
    BadOutput(area + 4000, 97, 1);
    {
        unsigned char in[97];

        memset(in, 0, sizeof(in));
        BadOutput(area + 4095, 2, 1); /* begins on the read-only page, ends on the other */
        CHECK(Control(Device, IOCTL_TURN_OUT_DIRECT, in, sizeof(in), area + 4096, 97, NULL));
    }
    CHECK(VirtualProtect(area, 4096, PAGE_NOACCESS, &old));
    BadOutput(area, 1, 0);
    BadOutput(area + 4000, 200, 0);
    CHECK(VirtualFree(area, 0, MEM_RELEASE));
    BadOutput(area, 1, 0); /* freed */
    BadOutput((void *)(size_t)0x10, 8, 0);
    BadOutput((void *)(size_t)0x7ffffff0000, 8, 0);
    BadOutput((void *)~(size_t)15, 16, 0);
    BadOutput((void *)~(size_t)15, 4096, 0); /* wraps */
    BadOutput((void *)(size_t)0xffff800000000000ull, 64, 0);
}

static void Large(void)
{
    unsigned char *area = (unsigned char *)VirtualAlloc(NULL, GIGABYTE, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    DWORD offset;
    DWORD returned;

    CHECK(area != NULL);
    if (area == NULL) {
        return;
    }
    CHECK(Control(Device, IOCTL_MARK_OUT_DIRECT, NULL, 0, area, GIGABYTE, &returned));
    CHECK_EQUAL(returned, GIGABYTE);
    for (offset = 0; offset < GIGABYTE; offset += STEP) {
        CHECK_EQUAL(*(unsigned int *)(area + offset), offset);
        *(unsigned int *)(area + offset) = 1;
    }
    CHECK_EQUAL(area[GIGABYTE - 1], 0xee);
    CHECK(Control(Device, IOCTL_MARK_NEITHER, NULL, 0, area, GIGABYTE - 1, NULL));
    CHECK_EQUAL(*(unsigned int *)(area + STEP), STEP);
    CHECK_EQUAL(area[GIGABYTE - 2], 0xee);
    CHECK(VirtualFree(area, 0, MEM_RELEASE));
}

static struct {
    EVENTS Events;
    unsigned char *Area;
    int Protect;
} Meanwhile;

static DWORD WINAPI TakeAway(void *context)
{
    DWORD old = 0;

    (void)context;
    WaitForSingleObject((HANDLE)(size_t)Meanwhile.Events.Ready, INFINITE);
    if (Meanwhile.Protect) {
        VirtualProtect(Meanwhile.Area, 4 * 4096, PAGE_NOACCESS, &old);
    } else {
        VirtualFree(Meanwhile.Area, 0, MEM_RELEASE);
    }
    SetEvent((HANDLE)(size_t)Meanwhile.Events.Go);
    return 0;
}

/* The buffer goes while the driver works on it: an exception for raw addresses; a locked buffer stays good for the driver. */
static void GoneMeanwhile(DWORD code, int protect)
{
    const DWORD wanted = code == IOCTL_SLOW_NEITHER ? ERROR_NOACCESS : ERROR_SUCCESS;
    HANDLE thread;

    Meanwhile.Area = (unsigned char *)VirtualAlloc(NULL, 4 * 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    Meanwhile.Protect = protect;
    memset(Meanwhile.Area, 1, 4 * 4096);
    thread = CreateThread(NULL, 0, TakeAway, NULL, 0, NULL);
    CHECK(thread != NULL);
    CHECK_EQUAL(ControlError(Device, code, &Meanwhile.Events, sizeof(Meanwhile.Events), Meanwhile.Area, 4 * 4096), wanted);
    CHECK_EQUAL(WaitForSingleObject(thread, INFINITE), WAIT_OBJECT_0);
    CloseHandle(thread);
    if (protect) {
        DWORD old = 0;

        CHECK(VirtualProtect(Meanwhile.Area, 4 * 4096, PAGE_READWRITE, &old));
        CHECK_EQUAL(Meanwhile.Area[0], code == IOCTL_SLOW_NEITHER ? 1 : 0x77);
        CHECK(VirtualFree(Meanwhile.Area, 0, MEM_RELEASE));
    }
}

static void Raw(void)
{
    HANDLE raw = CreateFileA("\\\\.\\" RAW_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
    unsigned char *bytes = (unsigned char *)malloc(70000);
    DWORD done = 0;

    CHECK(raw != INVALID_HANDLE_VALUE && bytes != NULL);
    CHECK(ReadFile(raw, bytes, 70000, &done, NULL));
    CHECK_EQUAL(done, 70000);
    CHECK_EQUAL(FirstOther(bytes, 0, 70000, 0x5a), 70000);
    memset(bytes, 0xa5, 70000);
    CHECK(WriteFile(raw, bytes, 70000, &done, NULL));
    CHECK_EQUAL(done, 70000);
    CHECK(ReadFile(raw, bytes, 0, &done, NULL));
    CHECK_EQUAL(done, 0);
    SetLastError(0);
    CHECK(!ReadFile(raw, (void *)(size_t)0x10, 8, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    CHECK(!WriteFile(raw, (void *)(size_t)0x10, 8, &done, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOACCESS);
    free(bytes);
    CHECK(CloseHandle(raw));
}

int main(void)
{
    int protect;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    Kinds();
    BadMemory();
    Large();
    Meanwhile.Events.Ready = (unsigned long long)(size_t)CreateEventA(NULL, FALSE, FALSE, NULL);
    Meanwhile.Events.Go = (unsigned long long)(size_t)CreateEventA(NULL, FALSE, FALSE, NULL);
    for (protect = 0; protect < 2; ++protect) {
        GoneMeanwhile(IOCTL_SLOW_NEITHER, protect);
        GoneMeanwhile(IOCTL_SLOW_OUT_DIRECT, protect);
    }
    Raw();
    return Finish(Device);
}
