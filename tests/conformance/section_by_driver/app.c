/* SPDX-License-Identifier: Apache-2.0 */
/* A section of the driver's: opened by name, mapped twice, in part, with less access; and what outlives what. */
#include "public.h"

#include "frame/app_frame.h"

static HANDLE Device;

/* The driver reads the word at `offset` and writes `value` behind it; gives what it read. */
static unsigned int Exchange(unsigned int offset, unsigned int value)
{
    EXCHANGE request;

    request.Offset = offset;
    request.Value = value;
    CHECK(Control(Device, IOCTL_EXCHANGE, &request, sizeof(request), &request, sizeof(request), NULL));
    return request.Value;
}

static void WrongMaps(HANDLE section, HANDLE readOnly)
{
    void *view;

    SetLastError(ERROR_SUCCESS);
    CHECK(MapViewOfFile(section, FILE_MAP_READ, 0, 4096, 4096) == NULL); /* views begin on 64 KiB */
    CHECK_EQUAL(GetLastError(), ERROR_MAPPED_ALIGNMENT);
    CHECK(MapViewOfFile(section, FILE_MAP_READ, 0, 65536, SECTION_BYTES) == NULL); /* beyond the end */
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(MapViewOfFile(readOnly, FILE_MAP_WRITE, 0, 0, 0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    view = MapViewOfFile(readOnly, FILE_MAP_READ, 0, 0, 0);
    CHECK(view != NULL);
    CHECK(UnmapViewOfFile(view));
    SetLastError(ERROR_SUCCESS);
    CHECK(!UnmapViewOfFile(view));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_ADDRESS);
}

int main(void)
{
    HANDLE section;
    HANDLE readOnly;
    volatile unsigned int *one;
    volatile unsigned int *two;
    volatile unsigned int *part;
    unsigned int i;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(OpenFileMappingA(FILE_MAP_READ, FALSE, SECTION_NAME_WIN32) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(Control(Device, IOCTL_CREATE, NULL, 0, NULL, 0, NULL));

    section = OpenFileMappingA(FILE_MAP_READ | FILE_MAP_WRITE, FALSE, SECTION_NAME_WIN32);
    readOnly = OpenFileMappingA(FILE_MAP_READ, FALSE, SECTION_NAME_WIN32);
    CHECK(section != NULL && readOnly != NULL);
    one = (volatile unsigned int *)MapViewOfFile(section, FILE_MAP_READ | FILE_MAP_WRITE, 0, 0, 0);
    two = (volatile unsigned int *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, SECTION_BYTES);
    part = (volatile unsigned int *)MapViewOfFile(section, FILE_MAP_READ, 0, 65536, 65536);
    CHECK(one != NULL && two != NULL && part != NULL);
    if (one == NULL || two == NULL || part == NULL) {
        return Finish(Device);
    }
    CHECK(one != two);
    CHECK_EQUAL((size_t)one % 65536, 0);
    CHECK_EQUAL((size_t)part % 65536, 0);
    CHECK_EQUAL(FirstOther((const void *)one, 0, SECTION_BYTES, 0), SECTION_BYTES); /* new pages are zero */

    for (i = 0; i < SECTION_BYTES; i += 4096) {
        one[i / 4] = i + 1;
        CHECK_EQUAL(two[i / 4], i + 1);
        CHECK_EQUAL(Exchange(i, i ^ 0x5a5a5a5aU), i + 1);
        CHECK_EQUAL(one[i / 4 + 1], i ^ 0x5a5a5a5aU);
        CHECK_EQUAL(two[i / 4 + 1], i ^ 0x5a5a5a5aU);
        if (i >= 65536 && i < 131072) {
            CHECK_EQUAL(part[(i - 65536) / 4], i + 1);
        }
    }
    WrongMaps(section, readOnly);

    /* The name goes with the last handle; the views stay. */
    CHECK(CloseHandle(section));
    CHECK(CloseHandle(readOnly));
    section = OpenFileMappingA(FILE_MAP_READ, FALSE, SECTION_NAME_WIN32);
    CHECK(section != NULL); /* the driver's handle keeps it */
    CHECK(CloseHandle(section));
    CHECK(Control(Device, IOCTL_CLOSE, NULL, 0, NULL, 0, NULL));
    SetLastError(ERROR_SUCCESS);
    CHECK(OpenFileMappingA(FILE_MAP_READ, FALSE, SECTION_NAME_WIN32) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    one[5] = 55;
    CHECK_EQUAL(two[5], 55);
    CHECK(UnmapViewOfFile((const void *)one));
    CHECK_EQUAL(two[5], 55);
    CHECK(UnmapViewOfFile((const void *)two));
    CHECK(UnmapViewOfFile((const void *)part));

    /* A new section of the same name is a new one: its pages are zero again. */
    CHECK(Control(Device, IOCTL_CREATE, NULL, 0, NULL, 0, NULL));
    CHECK_EQUAL(Exchange(20, 1), 0);
    CHECK(Control(Device, IOCTL_CLOSE, NULL, 0, NULL, 0, NULL));
    return Finish(Device);
}
