/* SPDX-License-Identifier: Apache-2.0 */
/* Two handles of one file object: CLEANUP comes with the last of them; a duplicate can have less access. */
#include "public.h"

#include "frame/app_frame.h"

static COUNTS Get(HANDLE device)
{
    COUNTS counts = {0, 0, 0};

    CHECK(Control(device, IOCTL_COUNTS, NULL, 0, &counts, sizeof(counts), NULL));
    return counts;
}

int main(void)
{
    HANDLE controller = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    HANDLE one = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    HANDLE two = NULL;
    COUNTS before = Get(controller);
    COUNTS after;

    CHECK(DuplicateHandle(GetCurrentProcess(), one, GetCurrentProcess(), &two, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(two != NULL && two != one);
    CHECK(CloseHandle(one));
    after = Get(two);
    CHECK_EQUAL(after.Creates, before.Creates);
    CHECK_EQUAL(after.Cleanups, before.Cleanups);
    CHECK(CloseHandle(two));
    after = Get(controller);
    CHECK_EQUAL(after.Cleanups, before.Cleanups + 1);
    CHECK_EQUAL(after.Closes, before.Closes + 1);
    SetLastError(ERROR_SUCCESS);
    CHECK(!DuplicateHandle(GetCurrentProcess(), two, GetCurrentProcess(), &one, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_HANDLE);
    return Finish(controller);
}
