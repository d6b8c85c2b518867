/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An application of a standard user beside one of the host's own: standard_user PROCESS_ID. Exit code: failed checks.
 * What it may and may not is Windows' for a user who is no administrator.
 */
#define TEST_NAME "PwSecurity"
#include "frame/app_frame.h"

#include "security/public.h"

static DWORD EventError(DWORD access, const char *name)
{
    HANDLE event = OpenEventA(access, FALSE, name);

    return event == NULL ? GetLastError() : (CloseHandle(event), (DWORD)ERROR_SUCCESS);
}

int main(int argc, char **argv)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0); /* IoCreateDevice: open to everybody */
    HANDLE event;
    HANDLE section;
    SC_HANDLE manager;
    DWORD other = argc > 1 ? (DWORD)strtoul(argv[1], NULL, 10) : 0;

    /* The driver's event has the system's default list: not for standard users. */
    CHECK_EQUAL(EventError(SYNCHRONIZE, DEFAULT_EVENT_NAME), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(EventError(EVENT_MODIFY_STATE, "OwnersEvent"), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(EventError(EVENT_MODIFY_STATE, "SharedEvent"), ERROR_SUCCESS);
    CHECK_EQUAL(EventError(WRITE_DAC, "SharedEvent"), ERROR_ACCESS_DENIED);
    /* What it makes itself is its own, by name in the shared directory. */
    event = CreateEventA(NULL, TRUE, FALSE, "UsersEvent");
    CHECK(event != NULL);
    CHECK_EQUAL(EventError(EVENT_ALL_ACCESS, "UsersEvent"), ERROR_SUCCESS);
    CHECK(CloseHandle(event));
    section = OpenFileMappingA(FILE_MAP_READ, FALSE, READ_ONLY_NAME);
    CHECK(section != NULL);
    CHECK(CloseHandle(section));
    CHECK(OpenFileMappingA(FILE_MAP_WRITE, FALSE, READ_ONLY_NAME) == NULL);
    /* No driver is loaded by a standard user, and no other user's process is opened. */
    manager = OpenSCManagerA(NULL, NULL, SC_MANAGER_CREATE_SERVICE);
    CHECK(manager == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    SetLastError(ERROR_SUCCESS);
    CHECK(OpenProcess(PROCESS_VM_READ, FALSE, other) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(OpenProcess(PROCESS_VM_READ, FALSE, GetCurrentProcessId()) != NULL);
    CHECK(CloseHandle(device));
    return Conclude();
}
