/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Sections and other processes: a view that somebody else maps, sections that come by inheritance and by DuplicateHandle,
 * sections that grow. The program is its own child; "alone" leaves out what needs one.
 */
#include "public.h"

#include "frame/app_frame.h"

#ifdef __MINGW32__ /* its headers lack these */
#define MapViewOfFile2(section, process, offset, base, size, type, protection) \
    MapViewOfFile(section, FILE_MAP_WRITE, 0, offset, size)
#define UnmapViewOfFile2(process, base, flags) UnmapViewOfFile(base)
#define RaisesAccessViolation(address) ((void)(address), 1)
#else
static int RaisesAccessViolation(volatile unsigned int *address)
{
    __try {
        (void)*address;
    } __except (GetExceptionCode() == EXCEPTION_ACCESS_VIOLATION ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH) {
        return 1;
    }
    return 0;
}
#endif

#define PATIENCE_MS 10000
#define FIRST_WORD 0x11223344u

/* What parent and child tell each other, in the section's first page. */
typedef struct _TALK {
    volatile unsigned long long Base; /* of the view that the parent had mapped into the child; 0: no more */
    volatile unsigned long long Section; /* value of a handle that the parent duplicated into the child */
    volatile unsigned int Answer;
    volatile unsigned int Fault;
} TALK;

static HANDLE Device;
static char Program[MAX_PATH];

static HANDLE NewSection(BOOL inheritable)
{
    SECURITY_ATTRIBUTES attributes = {sizeof(attributes), NULL, inheritable};
    HANDLE section = CreateFileMappingA(INVALID_HANDLE_VALUE, &attributes, PAGE_READWRITE, 0, SECTION_BYTES, NULL);

    CHECK(section != NULL);
    return section;
}

static DWORD ViewError(DWORD code, HANDLE section, HANDLE process, unsigned long long *base)
{
    VIEW_ELSEWHERE view;
    DWORD error;

    view.Section = (unsigned long long)(size_t)section;
    view.Process = (unsigned long long)(size_t)process;
    view.Base = *base;
    error = ControlError(Device, code, &view, sizeof(view), &view, sizeof(view));
    *base = view.Base;
    return error;
}

static void CheckState(unsigned long long base, DWORD state)
{
    MEMORY_BASIC_INFORMATION region;

    CHECK_EQUAL(VirtualQuery((void *)(size_t)base, &region, sizeof(region)), sizeof(region));
    CHECK_EQUAL(region.State, state);
    if (state == MEM_COMMIT) {
        CHECK_EQUAL(region.Type, MEM_MAPPED);
        CHECK_EQUAL(region.RegionSize, VIEW_BYTES);
        CHECK_EQUAL(region.AllocationProtect, PAGE_READWRITE);
    }
}

/* By a handle of the process itself, and by a thread of the System process. */
static void OwnProcess(void)
{
    HANDLE section = NewSection(FALSE);
    HANDLE self = OpenProcess(PROCESS_VM_OPERATION, FALSE, GetCurrentProcessId());
    HANDLE weak = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());
    volatile unsigned int *mine;
    unsigned long long one = 0;
    unsigned long long two = 0;

    CHECK(self != NULL && weak != NULL);
    mine = (volatile unsigned int *)MapViewOfFile(section, FILE_MAP_WRITE, 0, VIEW_OFFSET, VIEW_BYTES);
    CHECK(mine != NULL);
    if (mine == NULL) {
        return;
    }
    mine[0] = FIRST_WORD;
    CHECK_EQUAL(ViewError(IOCTL_MAP_ELSEWHERE, section, self, &one), ERROR_SUCCESS);
    CHECK_EQUAL(ViewError(IOCTL_MAP_FROM_SYSTEM, section, NULL, &two), ERROR_SUCCESS);
    CHECK(one != 0 && two != 0 && one != two && one != (unsigned long long)(size_t)mine);
    CheckState(one, MEM_COMMIT);
    CheckState(two, MEM_COMMIT);
    CHECK_EQUAL(*(volatile unsigned int *)(size_t)one, FIRST_WORD + 1);
    *(volatile unsigned int *)(size_t)two = 5;
    CHECK_EQUAL(mine[0], 5);

    CHECK_EQUAL(ViewError(IOCTL_MAP_ELSEWHERE, section, weak, &one), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(ViewError(IOCTL_UNMAP_ELSEWHERE, NULL, weak, &one), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(ViewError(IOCTL_MAP_ELSEWHERE, section, section, &one), ERROR_INVALID_HANDLE);
    CHECK_EQUAL(ViewError(IOCTL_UNMAP_ELSEWHERE, NULL, self, &one), ERROR_SUCCESS);
    CHECK_EQUAL(ViewError(IOCTL_UNMAP_ELSEWHERE, NULL, self, &one), ERROR_INVALID_ADDRESS); /* STATUS_NOT_MAPPED_VIEW */
    CHECK_EQUAL(ViewError(IOCTL_UNMAP_FROM_SYSTEM, NULL, NULL, &two), ERROR_SUCCESS);
    CheckState(one, MEM_FREE);
    CheckState(two, MEM_FREE);
    CHECK(RaisesAccessViolation((volatile unsigned int *)(size_t)two));
    CHECK_EQUAL(mine[0], 5);
    CHECK(UnmapViewOfFile((void *)(size_t)mine));
    CHECK(CloseHandle(self));
    CHECK(CloseHandle(weak));
    CHECK(CloseHandle(section));
}

/* ZwExtendSection: a file's section grows with its file; one of the page file does not. */
static void Extending(void)
{
    char name[64];
    HANDLE file;
    HANDLE section;
    EXTEND extend = {0, 0, 0, 0};
    unsigned char *view;

    snprintf(name, sizeof(name), "pw_section_extend_%u.tmp", (unsigned)GetCurrentProcessId());
    file = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, FILE_SHARE_READ | FILE_SHARE_WRITE, NULL, CREATE_ALWAYS,
                       FILE_ATTRIBUTE_NORMAL, NULL);
    CHECK(file != INVALID_HANDLE_VALUE);
    section = CreateFileMappingA(file, NULL, PAGE_READWRITE, 0, 5000, NULL);
    CHECK(section != NULL);
    extend.Section = (unsigned long long)(size_t)section;
    extend.Size = 70000;
    extend.Value = 0x5a;
    CHECK_EQUAL(ControlError(Device, IOCTL_EXTEND, &extend, sizeof(extend), &extend, sizeof(extend)), ERROR_SUCCESS);
    CHECK_EQUAL(extend.Size, 70000);
    CHECK_EQUAL(GetFileSize(file, NULL), 70000);
    view = (unsigned char *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 70000);
    CHECK(view != NULL);
    if (view != NULL) {
        CHECK_EQUAL(view[69999], 0x5a);
        CHECK_EQUAL(view[0], 0);
        CHECK(UnmapViewOfFile(view));
    }
    /* A section never gets shorter: a smaller size changes nothing, and the larger one is told. */
    extend.Size = 6000;
    CHECK_EQUAL(ControlError(Device, IOCTL_EXTEND, &extend, sizeof(extend), &extend, sizeof(extend)), ERROR_SUCCESS);
    CHECK_EQUAL(extend.Size, 70000);
    CHECK(CloseHandle(section));
    CHECK(CloseHandle(file));
    CHECK(DeleteFileA(name));

    section = NewSection(FALSE);
    extend.Section = (unsigned long long)(size_t)section;
    extend.Size = 2 * SECTION_BYTES;
    CHECK(ControlError(Device, IOCTL_EXTEND, &extend, sizeof(extend), &extend, sizeof(extend)) != ERROR_SUCCESS);
    CHECK(CloseHandle(section));
}

/* The child: maps what it inherited, and looks at what its parent had mapped into it. */
static int Child(char **argv)
{
    HANDLE section = (HANDLE)(size_t)strtoul(argv[2], NULL, 10);
    HANDLE question = (HANDLE)(size_t)strtoul(argv[3], NULL, 10);
    HANDLE answer = (HANDLE)(size_t)strtoul(argv[4], NULL, 10);
    TALK *talk = (TALK *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    volatile unsigned int *given;
    unsigned long long base;

    if (talk == NULL) {
        return 101;
    }
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    talk->Answer = GetCurrentProcessId();
    SetEvent(answer);
    for (;;) {
        if (WaitForSingleObject(question, PATIENCE_MS) != WAIT_OBJECT_0) {
            return 102;
        }
        base = talk->Base;
        if (base == 0) {
            break;
        }
        given = (volatile unsigned int *)(size_t)base;
        talk->Fault = (unsigned int)RaisesAccessViolation(given);
        if (!talk->Fault) {
            talk->Answer = *given;
            *given = talk->Answer + 1;
        }
        if (talk->Section != 0) {
            HANDLE duplicate = (HANDLE)(size_t)talk->Section;

            /* It was given to read, not to write. */
            if (MapViewOfFile(duplicate, FILE_MAP_WRITE, 0, 0, 0) != NULL || GetLastError() != ERROR_ACCESS_DENIED) {
                return 103;
            }
            given = (volatile unsigned int *)MapViewOfFile(duplicate, FILE_MAP_READ, 0, VIEW_OFFSET, 0);
            if (given == NULL) {
                return 104;
            }
            talk->Answer = *given;
            if (!UnmapViewOfFile((void *)(size_t)given) || !CloseHandle(duplicate)) {
                return 105;
            }
        }
        SetEvent(answer);
    }
    CloseHandle(Device);
    return 42;
}

static void Ask(TALK *talk, unsigned long long base, HANDLE question, HANDLE answer)
{
    talk->Base = base;
    CHECK(SetEvent(question));
    CHECK_EQUAL(WaitForSingleObject(answer, PATIENCE_MS), WAIT_OBJECT_0);
}

static void OtherProcess(void)
{
    SECURITY_ATTRIBUTES inheritable = {sizeof(inheritable), NULL, TRUE};
    HANDLE section = NewSection(TRUE);
    HANDLE question = CreateEventA(&inheritable, FALSE, FALSE, NULL);
    HANDLE answer = CreateEventA(&inheritable, FALSE, FALSE, NULL);
    TALK *talk = (TALK *)MapViewOfFile(section, FILE_MAP_WRITE, 0, 0, 0);
    volatile unsigned int *word = (volatile unsigned int *)(void *)((char *)talk + VIEW_OFFSET);
    PROCESS_INFORMATION child;
    STARTUPINFOA startup;
    char line[2 * MAX_PATH];
    unsigned long long base = 0;
    HANDLE second;
    HANDLE theirs = NULL;
    volatile unsigned int *other;
    DWORD code = 0;

    CHECK(talk != NULL && question != NULL && answer != NULL);
    memset(&startup, 0, sizeof(startup));
    startup.cb = sizeof(startup);
    sprintf(line, "\"%s\" child %u %u %u", Program, (unsigned)(size_t)section, (unsigned)(size_t)question,
            (unsigned)(size_t)answer);
    CHECK(CreateProcessA(NULL, line, NULL, NULL, TRUE, 0, NULL, NULL, &startup, &child));
    CHECK_EQUAL(WaitForSingleObject(answer, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK_EQUAL(talk->Answer, child.dwProcessId); /* the inherited section is the same memory */

    /* A driver maps it into the child, on the parent's behalf. */
    *word = FIRST_WORD;
    CHECK_EQUAL(ViewError(IOCTL_MAP_ELSEWHERE, section, child.hProcess, &base), ERROR_SUCCESS);
    Ask(talk, base, question, answer);
    CHECK_EQUAL(talk->Fault, 0);
    CHECK_EQUAL(talk->Answer, FIRST_WORD);
    CHECK_EQUAL(*word, FIRST_WORD + 1);
    CHECK_EQUAL(ViewError(IOCTL_UNMAP_ELSEWHERE, NULL, GetCurrentProcess(), &base), ERROR_INVALID_ADDRESS); /* not here */
    CHECK_EQUAL(ViewError(IOCTL_UNMAP_ELSEWHERE, NULL, child.hProcess, &base), ERROR_SUCCESS);
    Ask(talk, base, question, answer);
    CHECK_EQUAL(talk->Fault, 1);
    CHECK_EQUAL(*word, FIRST_WORD + 1);

    /* The parent does it itself. */
    other = (volatile unsigned int *)MapViewOfFile2(section, child.hProcess, VIEW_OFFSET, NULL, VIEW_BYTES, 0, PAGE_READWRITE);
    CHECK(other != NULL);
    Ask(talk, (unsigned long long)(size_t)other, question, answer);
    CHECK_EQUAL(talk->Fault, 0);
    CHECK_EQUAL(*word, FIRST_WORD + 2);
    CHECK(UnmapViewOfFile2(child.hProcess, (void *)(size_t)other, 0));
    Ask(talk, (unsigned long long)(size_t)other, question, answer);
    CHECK_EQUAL(talk->Fault, 1);

    /* Another section, which the child has only by a duplicated handle, with fewer rights. */
    second = NewSection(FALSE);
    other = (volatile unsigned int *)MapViewOfFile(second, FILE_MAP_WRITE, 0, VIEW_OFFSET, 0);
    CHECK(other != NULL);
    *other = 0x600d;
    CHECK(DuplicateHandle(GetCurrentProcess(), second, child.hProcess, &theirs, FILE_MAP_READ, FALSE, 0));
    CHECK(UnmapViewOfFile((void *)(size_t)other));
    CHECK(CloseHandle(second)); /* the child's handle keeps it */
    talk->Section = (unsigned long long)(size_t)theirs;
    Ask(talk, (unsigned long long)(size_t)other, question, answer);
    CHECK_EQUAL(talk->Answer, 0x600d);
    talk->Section = 0;

    /* A process that is gone has no addresses. */
    talk->Base = 0;
    CHECK(SetEvent(question));
    CHECK_EQUAL(WaitForSingleObject(child.hProcess, PATIENCE_MS), WAIT_OBJECT_0);
    CHECK(GetExitCodeProcess(child.hProcess, &code));
    CHECK_EQUAL(code, 42);
    CHECK_EQUAL(ViewError(IOCTL_MAP_ELSEWHERE, section, child.hProcess, &base), ERROR_ACCESS_DENIED); /* terminating */
    CHECK(CloseHandle(child.hThread));
    CHECK(CloseHandle(child.hProcess));
    CHECK(UnmapViewOfFile(talk));
    CHECK(CloseHandle(question));
    CHECK(CloseHandle(answer));
    CHECK(CloseHandle(section));
}

int main(int argc, char **argv)
{
    if (argc == 5) {
        return Child(argv);
    }
    Device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);
    OwnProcess();
    Extending();
    if (argc == 1) {
        CHECK(GetModuleFileNameA(NULL, Program, sizeof(Program)) != 0);
        OtherProcess();
    }
    return Finish(Device);
}
