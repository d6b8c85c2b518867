/* SPDX-License-Identifier: Apache-2.0 */
/* A section of the application's: created, filled, given to the driver by name, read back. */
#include "public.h"

#include "frame/app_frame.h"

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    HANDLE section;
    HANDLE again;
    unsigned char *one;
    unsigned char *two;
    unsigned int wrong = 0;
    unsigned int i;

    CHECK_EQUAL(ControlError(device, IOCTL_COMPLEMENT, NULL, 0, NULL, 0), ERROR_FILE_NOT_FOUND);
    SetLastError(ERROR_SUCCESS);
    CHECK(CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 0, NULL) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);

    SetLastError(ERROR_SUCCESS);
    section = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, SECTION_BYTES, SECTION_NAME_WIN32);
    CHECK(section != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SUCCESS);
    again = CreateFileMappingA(INVALID_HANDLE_VALUE, NULL, PAGE_READWRITE, 0, 4096, SECTION_NAME_WIN32);
    CHECK(again != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);

    one = (unsigned char *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    two = (unsigned char *)MapViewOfFile(again, FILE_MAP_ALL_ACCESS, 0, 0, SECTION_BYTES); /* the first one's size */
    CHECK(one != NULL && two != NULL && one != two);
    if (one == NULL || two == NULL) {
        return Finish(device);
    }
    for (i = 0; i < SECTION_BYTES; ++i) {
        one[i] = PATTERN(i);
    }
    CHECK(memcmp(one, two, SECTION_BYTES) == 0);
    CHECK(Control(device, IOCTL_COMPLEMENT, NULL, 0, NULL, 0, NULL));
    for (i = 0; i < SECTION_BYTES; ++i) {
        wrong += two[i] != (unsigned char)~PATTERN(i);
    }
    CHECK_EQUAL(wrong, 0);
    CHECK(memcmp(one, two, SECTION_BYTES) == 0);

    /* The pattern is gone: the driver sees that. */
    CHECK_EQUAL(ControlError(device, IOCTL_COMPLEMENT, NULL, 0, NULL, 0), ERROR_GEN_FAILURE);
    CHECK(UnmapViewOfFile(two));
    CHECK(CloseHandle(again));
    CHECK(Control(device, IOCTL_OPEN_ONLY, NULL, 0, NULL, 0, NULL));
    CHECK(CloseHandle(section));
    CHECK_EQUAL(ControlError(device, IOCTL_OPEN_ONLY, NULL, 0, NULL, 0), ERROR_FILE_NOT_FOUND);
    CHECK_EQUAL(one[1], (unsigned char)~PATTERN(1));
    CHECK(UnmapViewOfFile(one));
    return Finish(device);
}
