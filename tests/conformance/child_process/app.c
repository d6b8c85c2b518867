/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Processes that start processes: CreateProcess, inherited handles, exit codes, OpenProcess, DuplicateHandle between
 * processes, TerminateProcess, mutexes that die with their process. The program is its own child; its first argument says
 * what the child does. With "alone" it only checks that a kernel inside one process refuses.
 */
#include "public.h"

#include "frame/app_frame.h"

#define PATIENCE_MS 10000
#define MUTEX_NAME "PwTestChildMutex"

static char Program[MAX_PATH];

static BOOL Start(const char *arguments, BOOL inherit, DWORD flags, PROCESS_INFORMATION *child)
{
    char line[2 * MAX_PATH];
    STARTUPINFOA startup;

    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    sprintf(line, "\"%s\" %s", Program, arguments);
    memset(child, 0, sizeof(*child));
    return CreateProcessA(NULL, line, NULL, NULL, inherit, flags, NULL, NULL, &startup, child);
}

static DWORD End(PROCESS_INFORMATION *child)
{
    DWORD code = 0;

    CHECK_EQUAL(WaitForSingleObject(child->hProcess, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(child->hThread, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(child->hProcess, &code));
    CHECK(CloseHandle(child->hThread));
    CHECK(CloseHandle(child->hProcess));
    return code;
}

static void ExitCodes(void)
{
    PROCESS_INFORMATION child;
    DWORD code = 0;

    CHECK(Start("exit 3", FALSE, 0, &child));
    CHECK(child.dwProcessId != 0 && child.dwProcessId != GetCurrentProcessId());
    CHECK_EQUAL(GetProcessId(child.hProcess), child.dwProcessId);
    CHECK_EQUAL(GetThreadId(child.hThread), child.dwThreadId);
    CHECK_EQUAL(End(&child), 3);
    CHECK(Start("exit 70000", FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 70000);
    CHECK(Start("crash", FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 0xC0000005U);
    /* Not before it has ended. */
    CHECK(Start("wait", FALSE, 0, &child));
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQUAL(code, STILL_ACTIVE);
    CHECK(TerminateProcess(child.hProcess, 4321));
    CHECK_EQUAL(End(&child), 4321);
}

static void NotThere(void)
{
    PROCESS_INFORMATION child;
    char line[] = "no-such-program-anywhere 1 2";

    CHECK(!CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &child));
    CHECK_EQUAL(GetLastError(), ERROR_FILE_NOT_FOUND);
    CHECK(!CreateProcessA(NULL, NULL, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &child));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* The child is given handle values as text; only inheritable ones mean something to it. */
static void Inheritance(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE yes = CreateEventA(&inheritable, TRUE, FALSE, NULL);
    HANDLE no = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE later = CreateEventA(NULL, TRUE, FALSE, NULL);
    PROCESS_INFORMATION child;
    char arguments[100];

    CHECK(SetHandleInformation(later, HANDLE_FLAG_INHERIT, HANDLE_FLAG_INHERIT));
    sprintf(arguments, "set %u %u %u", (unsigned)(size_t)yes, (unsigned)(size_t)no, (unsigned)(size_t)later);
    CHECK(Start(arguments, TRUE, 0, &child));
    CHECK_EQUAL(End(&child), 5); /* bits 0 and 2: the first and the third worked */
    CHECK_EQUAL(WaitForSingleObject(yes, 0), WAIT_OBJECT_0);
    CHECK_EQUAL(WaitForSingleObject(no, 0), WAIT_TIMEOUT);
    CHECK_EQUAL(WaitForSingleObject(later, 0), WAIT_OBJECT_0);
    CHECK(ResetEvent(yes));
    CHECK(Start(arguments, FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 0);
    CHECK_EQUAL(WaitForSingleObject(yes, 0), WAIT_TIMEOUT);
    CHECK(CloseHandle(yes));
    CHECK(CloseHandle(no));
    CHECK(CloseHandle(later));
}

/* A child that is suspended has not run; the parent gives it a handle, and resumes it. */
/* Of the inheritable handles only those of a list, when there is one. */
static void HandleLists(void)
{
    SECURITY_ATTRIBUTES inheritable;
    STARTUPINFOEXA startup;
    PROCESS_INFORMATION child;
    HANDLE events[3];
    HANDLE listed[2];
    char line[2 * MAX_PATH];
    SIZE_T bytes = 0;
    int i;

    memset(&inheritable, 0, sizeof(inheritable));
    inheritable.nLength = sizeof(inheritable);
    inheritable.bInheritHandle = TRUE;
    for (i = 0; i < 3; ++i) {
        events[i] = CreateEventA(i == 2 ? NULL : &inheritable, TRUE, FALSE, NULL);
        CHECK(events[i] != NULL);
    }
    memset(&startup, 0, sizeof(startup));
    startup.StartupInfo.cb = sizeof(startup);
    CHECK(!InitializeProcThreadAttributeList(NULL, 1, 0, &bytes));
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(bytes != 0);
    startup.lpAttributeList = (LPPROC_THREAD_ATTRIBUTE_LIST)malloc(bytes);
    CHECK(InitializeProcThreadAttributeList(startup.lpAttributeList, 1, 0, &bytes));
    listed[0] = events[1];
    CHECK(!UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, listed, 3, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_BAD_LENGTH);
    CHECK(UpdateProcThreadAttribute(startup.lpAttributeList, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, listed, sizeof(HANDLE),
                                    NULL, NULL));
    sprintf(line, "\"%s\" set %u %u %u", Program, (unsigned)(size_t)events[0], (unsigned)(size_t)events[1],
            (unsigned)(size_t)events[2]);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &startup.StartupInfo,
                         &child));
    CHECK_EQUAL(End(&child), 2);
    CHECK_EQUAL(WaitForSingleObject(events[0], 0), WAIT_TIMEOUT);
    CHECK_EQUAL(WaitForSingleObject(events[1], 0), WAIT_OBJECT_0);
    /* The values are looked at when the process is created. */
    CHECK(!CreateProcessA(NULL, line, NULL, NULL, FALSE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &startup.StartupInfo,
                          &child));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    listed[0] = events[2]; /* not inheritable */
    CHECK(!CreateProcessA(NULL, line, NULL, NULL, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &startup.StartupInfo,
                          &child));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    startup.StartupInfo.cb = sizeof(startup.StartupInfo);
    CHECK(!CreateProcessA(NULL, line, NULL, NULL, TRUE, EXTENDED_STARTUPINFO_PRESENT, NULL, NULL, &startup.StartupInfo,
                          &child));
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
    DeleteProcThreadAttributeList(startup.lpAttributeList);
    free(startup.lpAttributeList);
    for (i = 0; i < 3; ++i) {
        CHECK(CloseHandle(events[i]));
    }
}

static void Duplication(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, NULL);
    HANDLE theirs = NULL;
    HANDLE opened;
    HANDLE back = NULL;
    PROCESS_INFORMATION child;
    DWORD code = 0;

    CHECK(Start("first-handle", FALSE, CREATE_SUSPENDED, &child));
    CHECK_EQUAL(WaitForSingleObject(child.hProcess, 20), WAIT_TIMEOUT);
    CHECK(DuplicateHandle(GetCurrentProcess(), event, child.hProcess, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK(theirs != NULL);
    opened = OpenProcess(PROCESS_DUP_HANDLE | PROCESS_QUERY_LIMITED_INFORMATION, FALSE, child.dwProcessId);
    CHECK(opened != NULL);
    CHECK(GetExitCodeProcess(opened, &code));
    CHECK_EQUAL(code, STILL_ACTIVE);
    CHECK_EQUAL(WaitForSingleObject(opened, 0), WAIT_FAILED); /* no SYNCHRONIZE */
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(!TerminateProcess(opened, 1));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    /* And back again, out of the other process. */
    CHECK(DuplicateHandle(opened, theirs, GetCurrentProcess(), &back, 0, FALSE, DUPLICATE_SAME_ACCESS));
    CHECK_EQUAL(ResumeThread(child.hThread), 1);
    CHECK_EQUAL(WaitForSingleObject(back, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(End(&child), (DWORD)(size_t)theirs);
    CHECK(CloseHandle(back));
    CHECK(CloseHandle(opened));
    CHECK(CloseHandle(event));
    CHECK(OpenProcess(SYNCHRONIZE, FALSE, 0x7ffffff0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

static void Abandonment(void)
{
    HANDLE mutex = CreateMutexA(NULL, FALSE, MUTEX_NAME);
    PROCESS_INFORMATION child;

    CHECK(Start("take-mutex", FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 9);
    CHECK_EQUAL(WaitForSingleObject(mutex, PATIENCE_MS), WAIT_ABANDONED);
    CHECK(ReleaseMutex(mutex));
    CHECK(Start("kill-with-mutex", FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 10);
    CHECK_EQUAL(WaitForSingleObject(mutex, PATIENCE_MS), WAIT_ABANDONED);
    CHECK(ReleaseMutex(mutex));
    CHECK(CloseHandle(mutex));
}

static void Surroundings(void)
{
    PROCESS_INFORMATION child;
    char line[2 * MAX_PATH];
    char block[] = "COLOUR=blue\0SHAPE=round\0";

    CHECK(SetEnvironmentVariableA("COLOUR", "green"));
    CHECK(Start("colour green", FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 0);
    sprintf(line, "\"%s\" colour blue", Program);
    CHECK(CreateProcessA(Program, line, NULL, NULL, FALSE, 0, block, "/tmp", NULL, &child));
    CHECK_EQUAL(End(&child), 0);
    sprintf(line, "\"%s\" words \"two words\" a\\\\\"b c\" \\\"q", Program);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, NULL, &child));
    CHECK_EQUAL(End(&child), 0);
}

/* What the driver is told of a new process: who made it, and with which words. */
static void Origin(void)
{
    PROCESS_INFORMATION child;
    char arguments[80];

    sprintf(arguments, "origin %u %u", (unsigned)GetCurrentProcessId(), (unsigned)GetCurrentThreadId());
    CHECK(Start(arguments, FALSE, 0, &child));
    CHECK_EQUAL(End(&child), 0);
}

/* The lower bits say what is wrong. */
static int CheckOrigin(char **argv)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHILD_ORIGIN origin;
    WCHAR *word;
    unsigned number = 0;
    int wrong = 0;

    memset(&origin, 0, sizeof(origin));
    if (!Control(device, IOCTL_CHILD_ORIGIN, NULL, 0, &origin, sizeof(origin), NULL)) {
        return 64;
    }
    wrong |= origin.Parent == (unsigned)atoi(argv[2]) ? 0 : 1;
    wrong |= origin.CreatorProcess == (unsigned)atoi(argv[2]) ? 0 : 2;
    wrong |= origin.CreatorThread == (unsigned)atoi(argv[3]) ? 0 : 4;
    word = wcsstr((WCHAR *)origin.CommandLine, L"origin ");
    if (word != NULL) {
        for (word += 7; *word >= L'0' && *word <= L'9'; ++word) {
            number = number * 10 + (unsigned)(*word - L'0');
        }
    }
    wrong |= number == (unsigned)atoi(argv[2]) ? 0 : 8;
    wrong |= wcsncmp((WCHAR *)origin.Image, L"\\??\\", 4) == 0 && wcslen((WCHAR *)origin.Image) > 6 ? 0 : 16;
    CloseHandle(device);
    return wrong;
}

static void ManyChildren(void)
{
    PROCESS_INFORMATION children[8];
    HANDLE handles[8];
    int i;

    for (i = 0; i < 8; ++i) {
        char arguments[20];

        sprintf(arguments, "exit %d", i + 20);
        CHECK(Start(arguments, FALSE, 0, &children[i]));
        handles[i] = children[i].hProcess;
    }
    CHECK_EQUAL(WaitForMultipleObjects(8, handles, TRUE, PATIENCE_MS), WAIT_OBJECT_0);
    for (i = 0; i < 8; ++i) {
        CHECK_EQUAL(End(&children[i]), i + 20);
    }
}

static int Child(int argc, char **argv)
{
    unsigned int who = 0;
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    int i;

    if (!Control(device, IOCTL_CHILD_WHO, NULL, 0, &who, sizeof(who), NULL) || who != GetCurrentProcessId()) {
        return 250;
    }
    CloseHandle(device);
    if (strcmp(argv[1], "origin") == 0) {
        return CheckOrigin(argv);
    }
    if (strcmp(argv[1], "exit") == 0) {
        ExitProcess((UINT)atoi(argv[2]));
    }
    if (strcmp(argv[1], "crash") == 0) {
        *(volatile int *)(size_t)8 = 1;
    }
    if (strcmp(argv[1], "wait") == 0) {
        Sleep(INFINITE);
    }
    if (strcmp(argv[1], "set") == 0) {
        int worked = 0;

        for (i = 2; i < argc; ++i) {
            if (SetEvent((HANDLE)(size_t)atoi(argv[i]))) {
                worked |= 1 << (i - 2);
            }
        }
        return worked;
    }
    if (strcmp(argv[1], "first-handle") == 0) {
        for (i = 4; i < 400; i += 4) {
            if (SetEvent((HANDLE)(size_t)i)) {
                return i;
            }
        }
        return 0;
    }
    if (strcmp(argv[1], "take-mutex") == 0 || strcmp(argv[1], "kill-with-mutex") == 0) {
        HANDLE mutex = OpenMutexA(SYNCHRONIZE, FALSE, MUTEX_NAME);

        if (WaitForSingleObject(mutex, PATIENCE_MS) != WAIT_OBJECT_0) {
            return 251;
        }
        if (argv[1][0] == 'k') {
            TerminateProcess(GetCurrentProcess(), 10);
        }
        return 9;
    }
    if (strcmp(argv[1], "colour") == 0) {
        char value[20] = "";

        GetEnvironmentVariableA("COLOUR", value, sizeof(value));
        return strcmp(value, argv[2]) == 0 ? 0 : 1;
    }
    if (strcmp(argv[1], "words") == 0) {
        return argc == 5 && strcmp(argv[2], "two words") == 0 && strcmp(argv[3], "a\\b c") == 0 &&
                       strcmp(argv[4], "\"q") == 0
                   ? 0
                   : 1;
    }
    return 252;
}

int main(int argc, char **argv)
{
    HANDLE device;

    if (argc > 1 && strcmp(argv[1], "alone") != 0) {
        return Child(argc, argv);
    }
    device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    CHECK(GetModuleFileNameA(NULL, Program, sizeof(Program)) != 0);
    if (argc > 1) {
        PROCESS_INFORMATION child;

        CHECK(!Start("exit 0", FALSE, 0, &child));
        CHECK_EQUAL(GetLastError(), ERROR_NOT_SUPPORTED);
        return Finish(device);
    }
    NotThere();
    ExitCodes();
    Inheritance();
    HandleLists();
    Duplication();
    Abandonment();
    Surroundings();
    Origin();
    ManyChildren();
    return Finish(device);
}
