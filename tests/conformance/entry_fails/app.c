/* SPDX-License-Identifier: Apache-2.0 */
/* entry_fails PATH: starting a driver whose DriverEntry fails gives its status as an error, each time anew. */
#include "public.h"

#include "frame/app_frame.h"
#include <winsvc.h>

#include "frame/service.h"

int main(int argc, char **argv)
{
    SC_HANDLE manager;
    SC_HANDLE service;
    SERVICE_STATUS status;
    int i;

    TakeDriverPath(argc, argv);
    manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    CHECK(manager != NULL);
    service = CreateServiceA(manager, TEST_NAME, TEST_NAME, SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
                             SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, DriverPath, NULL, NULL, NULL, NULL, NULL);
    CHECK(service != NULL);
    for (i = 0; i < 2; ++i) {
        SetLastError(ERROR_SUCCESS);
        CHECK(!StartServiceA(service, 0, NULL));
        CHECK_EQUAL(GetLastError(), ERROR_NO_SYSTEM_RESOURCES); /* STATUS_INSUFFICIENT_RESOURCES */
        memset(&status, 0, sizeof(status));
        CHECK(QueryServiceStatus(service, &status));
        CHECK_EQUAL(status.dwCurrentState, SERVICE_STOPPED);
    }
    CHECK(CreateFileA("\\\\.\\" TEST_NAME, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) == INVALID_HANDLE_VALUE);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(DeleteService(service));
    CHECK(CloseServiceHandle(service));
    CHECK(CloseServiceHandle(manager));
    return Conclude();
}
