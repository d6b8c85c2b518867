/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The file under a view is cut off by somebody else. Windows refuses that (ERROR_USER_MAPPED_FILE) and meets such a page only
 * when a disk or a network file fails; what it does then is what is expected here: an exception, STATUS_IN_PAGE_ERROR.
 */
#include "public.h"

#include "frame/app_frame.h"

#define FILE_BYTES 65536

static DWORD ReadCode(volatile unsigned char *address)
{
    DWORD code = 0;

    __try {
        (void)*address;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    return code;
}

static DWORD ViewError(HANDLE device, DWORD code, unsigned char *address)
{
    VIEW view;

    view.Address = (unsigned long long)(size_t)address;
    return ControlError(device, code, &view, sizeof(view), NULL, 0);
}

/*
 * The same again and again, at moments that nobody chooses: another program cuts the file off and lets it grow while the driver
 * reads under __try, and in a DPC from a page that it has locked.
 */
static void Race(HANDLE device, unsigned char *bytes, const char *name)
{
    char command[512];
    char marker[80];
    unsigned int found = 0;
    int reads = 0;
    int others = 0;
    int i;

    snprintf(marker, sizeof(marker), "%s.done", name);
    snprintf(command, sizeof(command),
             "(for i in $(seq 200); do truncate -s 4096 %s; truncate -s %u %s; done; : > %s) &", name, FILE_BYTES, name, marker);
    CHECK(system(command) == 0);
    for (i = 0; i < 1000000 && GetFileAttributesA(marker) == INVALID_FILE_ATTRIBUTES; ++i) {
        unsigned char *page = bytes + 4096 * (1 + i % 15);
        DWORD error = ViewError(device, IOCTL_READ_USER, page);

        if (error == ERROR_SUCCESS || error == ERROR_SWAPERROR) {
            ++reads;
        } else {
            ++others;
        }
        error = ViewError(device, IOCTL_LOCK, page);
        if (error == ERROR_SUCCESS) {
            others += !Control(device, IOCTL_READ_LOCKED, NULL, 0, &found, sizeof(found), NULL);
            others += found != 0 && found != 0x41;
        } else {
            others += error != ERROR_SWAPERROR;
        }
    }
    CHECK(reads > 0);
    CHECK_EQUAL(others, 0);
    CHECK(DeleteFileA(marker));
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    char name[64];
    char command[128];
    unsigned char *bytes;
    unsigned int found = 1;
    HANDLE file;
    HANDLE section;
    DWORD done = 0;

    snprintf(name, sizeof(name), "pw_truncated_%u.tmp", (unsigned)GetCurrentProcessId());
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_ALWAYS, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, FILE_BYTES, NULL);
    CHECK(section != NULL);
    bytes = (unsigned char *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    CHECK(bytes != NULL);
    if (bytes == NULL) {
        return Finish(device);
    }
    memset(bytes, 0x41, FILE_BYTES);
    CHECK_EQUAL(ReadCode(bytes + 8192), 0);
    CHECK_EQUAL(ViewError(device, IOCTL_READ_USER, bytes + 8192), ERROR_SUCCESS);
    CHECK_EQUAL(ViewError(device, IOCTL_LOCK, bytes + 12288), ERROR_SUCCESS);

    snprintf(command, sizeof(command), "truncate -s 4096 %s", name);
    CHECK(system(command) == 0);

    CHECK_EQUAL(bytes[0], 0x41); /* what is left is left */
    CHECK_EQUAL(ReadCode(bytes + 8192), (DWORD)EXCEPTION_IN_PAGE_ERROR);
    CHECK_EQUAL(ViewError(device, IOCTL_READ_USER, bytes + 8192), ERROR_SWAPERROR);
    CHECK_EQUAL(ViewError(device, IOCTL_LOCK, bytes + 8192), ERROR_SWAPERROR);
    CHECK_EQUAL(ViewError(device, IOCTL_READ_USER, bytes), ERROR_SUCCESS);
    /* As a buffer of a call: an error, no more. */
    CHECK_EQUAL(ControlError(device, IOCTL_READ_USER, bytes + 8192, sizeof(VIEW), NULL, 0) != ERROR_SUCCESS, TRUE);
    /* A page that was locked cannot raise anything: it reads as zero, in a DPC. */
    CHECK(Control(device, IOCTL_READ_LOCKED, NULL, 0, &found, sizeof(found), &done));
    CHECK_EQUAL(found, 0);

    snprintf(command, sizeof(command), "truncate -s %u %s", FILE_BYTES, name);
    CHECK(system(command) == 0);
    CHECK_EQUAL(ReadCode(bytes + 8192), 0);
    CHECK_EQUAL(bytes[8192], 0);
    Race(device, bytes, name);
    CHECK(UnmapViewOfFile(bytes));
    CHECK(CloseHandle(section));
    CHECK(CloseHandle(file));
    CHECK(DeleteFileA(name));
    return Finish(device);
}
