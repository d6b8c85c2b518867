/* SPDX-License-Identifier: Apache-2.0 */
/* Asks the driver for the misuse whose number is the argument. Most of them end the machine. */
#include "public.h"

#include "frame/app_frame.h"

/* Stops the driver while this process still has what it left. Needs administrator's rights. */
static void StopDriver(void)
{
    SC_HANDLE manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CONNECT);
    SC_HANDLE service = OpenServiceA(manager, "misuse", SERVICE_STOP);
    SERVICE_STATUS status;

    CHECK(ControlService(service, SERVICE_CONTROL_STOP, &status));
    CHECK(CloseServiceHandle(service));
    CHECK(CloseServiceHandle(manager));
}

int main(int argc, char **argv)
{
    unsigned int way = argc > 1 ? (unsigned int)atoi(argv[1]) : MISUSE_NOTHING;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, way == MISUSE_NEVER_COMPLETE ? FILE_FLAG_OVERLAPPED : 0);
    OVERLAPPED request;

    if (way == MISUSE_NEVER_COMPLETE) {
        memset(&request, 0, sizeof(request));
        CHECK(!DeviceIoControl(device, IOCTL_MISUSE, &way, sizeof(way), NULL, 0, NULL, &request));
        CHECK_EQUAL(GetLastError(), ERROR_IO_PENDING);
        return Conclude(); /* with the request pending */
    }
    /* Hosted, the call fails with the driver host's end, or succeeds and the end comes with the driver's unload. */
    (void)Control(device, IOCTL_MISUSE, &way, sizeof(way), NULL, 0, NULL);
    (void)CloseHandle(device);
    if (way == MISUSE_LEAVE_MAPPING) {
        StopDriver();
        return Conclude();
    }
    return 0;
}
