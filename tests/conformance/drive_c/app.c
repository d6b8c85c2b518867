/* SPDX-License-Identifier: Apache-2.0 */
/* Reads what the driver wrote on drive C:, where letter case does not count, and deletes it. */
#include "public.h"

#include "frame/app_frame.h"

int main(void)
{
    char text[sizeof(LOG_LINE) * 3];
    DWORD bytes = 0;
    HANDLE file;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK(Control(device, IOCTL_LOG, NULL, 0, NULL, 0, NULL));
    file = CreateFileA(LOG_WIN32, GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    if (file != INVALID_HANDLE_VALUE) {
        memset(text, 0, sizeof(text));
        CHECK(ReadFile(file, text, sizeof(text) - 1, &bytes, NULL));
        CHECK_EQUAL(strcmp(text, LOG_LINE LOG_LINE), 0);
        CHECK(CloseHandle(file));
    }
    CHECK(GetFileAttributesA("C:\\Windows") != INVALID_FILE_ATTRIBUTES);
    CHECK(DeleteFileA(LOG_WIN32));
    CHECK(!DeleteFileA(LOG_WIN32));
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    return Finish(device);
}
