/* SPDX-License-Identifier: Apache-2.0 */
/* The driver makes this program's section of a file longer; views from before stay as they are, later ones show the rest. */
#include "public.h"

#include "frame/app_frame.h"

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    char folder[MAX_PATH];
    char name[MAX_PATH + 32];
    unsigned char fill[EXTEND_BEFORE];
    HANDLE file;
    HANDLE section;
    unsigned char *before;
    unsigned char *after;
    LARGE_INTEGER size;
    DWORD bytes = 0;

    CHECK(GetTempPathA(sizeof(folder), folder) != 0);
    sprintf(name, "%spwext%u.tmp", folder, (unsigned)GetCurrentProcessId());
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE | FILE_SHARE_DELETE, NULL,
                       CREATE_ALWAYS, FILE_FLAG_DELETE_ON_CLOSE, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    memset(fill, EXTEND_FIRST, sizeof(fill));
    CHECK(WriteFile(file, fill, sizeof(fill), &bytes, NULL));
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 0, EXTEND_NAME_WIN32);
    CHECK(section != NULL);
    before = (unsigned char *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, 0);
    CHECK(before != NULL);
    CHECK(MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, EXTEND_AFTER) == NULL); /* longer than the section */

    CHECK(Control(device, IOCTL_EXTEND, NULL, 0, NULL, 0, NULL));

    CHECK(GetFileSizeEx(file, &size));
    CHECK_EQUAL(size.QuadPart, EXTEND_AFTER);
    after = (unsigned char *)MapViewOfFile(section, FILE_MAP_ALL_ACCESS, 0, 0, EXTEND_AFTER);
    CHECK(after != NULL);
    if (before != NULL && after != NULL) {
        CHECK_EQUAL(after[EXTEND_AFTER - 1], EXTEND_LAST);
        CHECK_EQUAL(after[EXTEND_BEFORE - 1], EXTEND_FIRST);
        CHECK_EQUAL(after[EXTEND_BEFORE], 0);
        before[5] = 0x77; /* both views are of the same pages */
        CHECK_EQUAL(after[5], 0x77);
    }
    CHECK(UnmapViewOfFile(before));
    CHECK(UnmapViewOfFile(after));
    CHECK(CloseHandle(section));
    CHECK(CloseHandle(file));
    return Finish(device);
}
