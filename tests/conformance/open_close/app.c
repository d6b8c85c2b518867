/* SPDX-License-Identifier: Apache-2.0 */
/* The life of a file object: CREATE, CLEANUP, CLOSE, once each and in this order; a failed CREATE has no others. */
#include "public.h"

#include "frame/app_frame.h"

static HANDLE Controller;

static LOG GetLog(void)
{
    LOG log;

    memset(&log, 0xee, sizeof(log));
    CHECK(Control(Controller, IOCTL_LOG, NULL, 0, &log, sizeof(log), NULL));
    return log;
}

/* The log is exactly these events (at most 30). */
static void CheckEvents(const char *expected)
{
    LOG log = GetLog();

    CHECK_EQUAL(log.Count, strlen(expected));
    if (log.Count != strlen(expected) || memcmp(log.Events, expected, strlen(expected)) != 0) {
        log.Events[LOG_ENTRIES - 1] = 0;
        CHECK(memcmp(log.Events, expected, strlen(expected)) == 0);
        fprintf(stderr, "    events are %s, not %s\n", log.Events, expected);
    }
}

static void Reset(void)
{
    CHECK(Control(Controller, IOCTL_RESET, NULL, 0, NULL, 0, NULL));
}

static unsigned int WhoAmI(HANDLE device)
{
    unsigned int number = 0;

    CHECK(Control(device, IOCTL_WHO_AM_I, NULL, 0, &number, sizeof(number), NULL));
    return number;
}

static BOOL LastNameIs(const char *expected)
{
    LOG log = GetLog();
    size_t i;

    for (i = 0; expected[i] != 0; ++i) {
        if (log.LastName[i] != (unsigned char)expected[i]) {
            return FALSE;
        }
    }
    return log.LastName[i] == 0;
}

int main(void)
{
    HANDLE one;
    HANDLE two;
    LOG log;

    Controller = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(LastNameIs(""));

    Reset();
    one = OpenTestDevice(GENERIC_READ, 0);
    CheckEvents("C");
    CHECK(CloseHandle(one));
    CheckEvents("CUX");

    /* Two opens are two file objects, with a context each; they end independently. */
    Reset();
    one = OpenTestDevice(GENERIC_READ, 0);
    two = OpenTestDevice(GENERIC_WRITE, 0);
    CHECK(one != two);
    CHECK(WhoAmI(one) != WhoAmI(two));
    CHECK(WhoAmI(one) != WhoAmI(Controller));
    CHECK(CloseHandle(one));
    CheckEvents("CCUX");
    CHECK(CloseHandle(two));
    CheckEvents("CCUXUX");
    log = GetLog();
    CHECK_EQUAL(log.Files[2], log.Files[0]);
    CHECK_EQUAL(log.Files[3], log.Files[0]);
    CHECK_EQUAL(log.Files[4], log.Files[1]);
    CHECK_EQUAL(log.Files[5], log.Files[1]);

    /* What stands behind the device's name is the driver's business. */
    Reset();
    one = CreateFileA("\\\\.\\" TEST_NAME "\\folder\\File.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(one != INVALID_HANDLE_VALUE);
    CHECK(LastNameIs("\\folder\\File.txt"));
    CHECK(CloseHandle(one));
    CheckEvents("CUX");

    /* A CREATE that the driver refuses. */
    Reset();
    SetLastError(ERROR_SUCCESS);
    one = CreateFileA("\\\\.\\" TEST_NAME "\\Refuse", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(one == INVALID_HANDLE_VALUE);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CheckEvents("F");

    /* The wide form, and a name in another case. */
    Reset();
    one = CreateFileW(L"\\\\.\\pwopenCLOSE", GENERIC_READ, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, OPEN_EXISTING,
                      FILE_ATTRIBUTE_NORMAL, NULL);
    CHECK(one != INVALID_HANDLE_VALUE);
    CHECK(CloseHandle(one));
    CheckEvents("CUX");
    return Finish(Controller);
}
