/* SPDX-License-Identifier: Apache-2.0 */
/* service PATH: installs, starts, stops and deletes a driver with the service-control calls, with all common errors. */
#include "public.h"

#include "frame/app_frame.h"
#include <winsvc.h>

#include "frame/service.h"

static SC_HANDLE Manager;

static SC_HANDLE Create(const char *path)
{
    return CreateServiceA(Manager, TEST_NAME, "A conformance test", SERVICE_ALL_ACCESS, SERVICE_KERNEL_DRIVER,
                          SERVICE_DEMAND_START, SERVICE_ERROR_NORMAL, path, NULL, NULL, NULL, NULL, NULL);
}

static DWORD StateOf(SC_HANDLE service)
{
    SERVICE_STATUS status;

    memset(&status, 0, sizeof(status));
    CHECK(QueryServiceStatus(service, &status));
    CHECK_EQUAL(status.dwServiceType, SERVICE_KERNEL_DRIVER);
    return status.dwCurrentState;
}

static HANDLE Open(void)
{
    return CreateFileA("\\\\.\\" TEST_NAME, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
}

static void CheckDeviceWorks(void)
{
    HANDLE device = Open();
    char path[260];
    DWORD returned = 0;

    CHECK(device != INVALID_HANDLE_VALUE);
    if (device == INVALID_HANDLE_VALUE) {
        return;
    }
    memset(path, 0, sizeof(path));
    CHECK(Control(device, IOCTL_REGISTRY_PATH, NULL, 0, path, sizeof(path) - 1, &returned));
    /* ...\Services\PwService, in whatever case the registry has it */
    CHECK(returned > strlen(TEST_NAME));
    CHECK(_stricmp(path + returned - strlen(TEST_NAME), TEST_NAME) == 0);
    CHECK(CloseHandle(device));
}

int main(int argc, char **argv)
{
    SC_HANDLE service;
    SC_HANDLE again;
    SERVICE_STATUS status;
    int round;

    TakeDriverPath(argc, argv);
    Manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_ALL_ACCESS);
    CHECK(Manager != NULL);
    SetLastError(ERROR_SUCCESS);
    CHECK(OpenServiceA(Manager, TEST_NAME, SERVICE_ALL_ACCESS) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_DOES_NOT_EXIST);

    service = Create(DriverPath);
    CHECK(service != NULL);
    SetLastError(ERROR_SUCCESS);
    CHECK(Create(DriverPath) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_EXISTS);
    again = OpenServiceA(Manager, TEST_NAME, SERVICE_ALL_ACCESS);
    CHECK(again != NULL);
    CHECK_EQUAL(StateOf(service), SERVICE_STOPPED);
    CHECK(Open() == INVALID_HANDLE_VALUE);
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!ControlService(service, SERVICE_CONTROL_STOP, &status));
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_NOT_ACTIVE);

    /* Twice, because what was unloaded must be loadable again. */
    for (round = 0; round < 2; ++round) {
        CHECK(StartServiceA(service, 0, NULL));
        CHECK_EQUAL(StateOf(again), SERVICE_RUNNING);
        SetLastError(ERROR_SUCCESS);
        CHECK(!StartServiceA(again, 0, NULL));
        CHECK_EQUAL(GetLastError(), ERROR_SERVICE_ALREADY_RUNNING);
        CheckDeviceWorks();
        CHECK(ControlService(service, SERVICE_CONTROL_STOP, &status));
        CHECK_EQUAL(StateOf(service), SERVICE_STOPPED);
        CHECK(Open() == INVALID_HANDLE_VALUE);
        CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    }

    /* A deleted service goes with its last handle. */
    CHECK(DeleteService(service));
    SetLastError(ERROR_SUCCESS);
    CHECK(!DeleteService(again));
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_MARKED_FOR_DELETE);
    CHECK(CloseServiceHandle(again));
    SetLastError(ERROR_SUCCESS);
    CHECK(Create(DriverPath) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_MARKED_FOR_DELETE);
    SetLastError(ERROR_SUCCESS);
    CHECK(!StartServiceA(service, 0, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_MARKED_FOR_DELETE);
    CHECK(CloseServiceHandle(service));
    CHECK(OpenServiceA(Manager, TEST_NAME, SERVICE_ALL_ACCESS) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_SERVICE_DOES_NOT_EXIST);

    /* A file that is not there is found out at the start. */
    service = Create("Z:\\no\\such\\driver.sys");
    CHECK(service != NULL);
    SetLastError(ERROR_SUCCESS);
    CHECK(!StartServiceA(service, 0, NULL));
    CHECK(GetLastError() == ERROR_FILE_NOT_FOUND || GetLastError() == ERROR_PATH_NOT_FOUND);
    CHECK(DeleteService(service));
    CHECK(CloseServiceHandle(service));
    CHECK(CloseServiceHandle(Manager));
    return Conclude();
}
