/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A user address is good in its own process's context only. The parent gives the driver an address; the child has the driver
 * use it in the child's context: an access violation, whether the parent is away or waits in a request of its own.
 */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000

static HANDLE Device;
static char Program[MAX_PATH];

static DWORD StrayError(DWORD code, volatile unsigned int *word)
{
    STRAY stray;

    stray.Address = (unsigned long long)(size_t)word;
    return ControlError(Device, code, &stray, sizeof(stray), NULL, 0);
}

static DWORD InChild(const char *what)
{
    PROCESS_INFORMATION child;
    STARTUPINFOA startup;
    char line[2 * MAX_PATH];
    DWORD code = 0;

    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    sprintf(line, "\"%s\" %s", Program, what);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
    CHECK_EQUAL(WaitForSingleObject(child.hProcess, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK(CloseHandle(child.hThread));
    CHECK(CloseHandle(child.hProcess));
    return code;
}

static DWORD WINAPI Waiter(LPVOID word)
{
    CHECK_EQUAL(StrayError(IOCTL_KEEP_AND_PEND, (volatile unsigned int *)word), ERROR_SUCCESS);
    return 0;
}

static int Child(const char *what)
{
    DWORD error;

    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    error = ControlError(Device, IOCTL_USE, NULL, 0, NULL, 0);
    while (strcmp(what, "release") == 0 && ControlError(Device, IOCTL_RELEASE, NULL, 0, NULL, 0) != ERROR_SUCCESS) {
        Sleep(1);
        error = ControlError(Device, IOCTL_USE, NULL, 0, NULL, 0);
    }
    CloseHandle(Device);
    return (int)error;
}

int main(int argc, char **argv)
{
    volatile unsigned int *word;
    HANDLE thread;

    if (argc == 2) {
        return Child(argv[1]);
    }
    CHECK(GetModuleFileNameA(NULL, Program, sizeof(Program)) != 0);
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    word = (volatile unsigned int *)VirtualAlloc(NULL, 4096, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    CHECK(word != NULL);
    CHECK_EQUAL(StrayError(IOCTL_KEEP, word), ERROR_SUCCESS);
    CHECK_EQUAL(ControlError(Device, IOCTL_USE, NULL, 0, NULL, 0), ERROR_SUCCESS);
    CHECK_EQUAL(InChild("use"), ERROR_NOACCESS);
    CHECK_EQUAL(ControlError(Device, IOCTL_USE, NULL, 0, NULL, 0), ERROR_SUCCESS);

    thread = CreateThread(NULL, 0, Waiter, (LPVOID)(size_t)word, 0, NULL);
    CHECK(thread != NULL);
    CHECK_EQUAL(InChild("release"), ERROR_NOACCESS);
    CHECK_EQUAL(WaitForSingleObject(thread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(CloseHandle(thread));
    CHECK(VirtualFree((void *)(size_t)word, 0, MEM_RELEASE));
    return Finish(Device);
}
