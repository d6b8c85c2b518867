/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what, from the application's side: descriptors of its own objects and of the driver's. */
#include "public.h"

#include "frame/app_frame.h"

#include <aclapi.h>
#include <sddl.h>

static HANDLE EventWith(const char *sddl, const char *name)
{
    SECURITY_ATTRIBUTES attributes = {sizeof(attributes), NULL, FALSE};
    HANDLE event;

    CHECK(ConvertStringSecurityDescriptorToSecurityDescriptorA(sddl, SDDL_REVISION_1, &attributes.lpSecurityDescriptor, NULL));
    event = CreateEventA(&attributes, TRUE, FALSE, name);
    LocalFree(attributes.lpSecurityDescriptor);
    return event;
}

static DWORD OpenError(DWORD access, const char *name)
{
    HANDLE event = OpenEventA(access, FALSE, name);

    if (event == NULL) {
        return GetLastError();
    }
    CloseHandle(event);
    return ERROR_SUCCESS;
}

/* Lists are enforced when an object is opened by name, and when "create" finds it. */
static void Names(void)
{
    HANDLE event = EventWith("D:P(A;;0x100001;;;WD)", "PwSecurityWaitOnly"); /* SYNCHRONIZE, query */
    HANDLE second;

    CHECK(event != NULL);
    CHECK(SetEvent(event)); /* the creator's handle does everything */
    CHECK_EQUAL(OpenError(SYNCHRONIZE, "PwSecurityWaitOnly"), ERROR_SUCCESS);
    CHECK_EQUAL(OpenError(EVENT_MODIFY_STATE, "PwSecurityWaitOnly"), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(OpenError(EVENT_ALL_ACCESS, "PwSecurityWaitOnly"), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(OpenError(READ_CONTROL | WRITE_DAC, "PwSecurityWaitOnly"), ERROR_SUCCESS); /* the owner's */
    SetLastError(ERROR_SUCCESS);
    CHECK(CreateEventA(NULL, TRUE, FALSE, "PwSecurityWaitOnly") == NULL); /* asks for EVENT_ALL_ACCESS */
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    second = CreateEventExA(NULL, "PwSecurityWaitOnly", 0, SYNCHRONIZE);
    CHECK(second != NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ALREADY_EXISTS);
    SetLastError(ERROR_SUCCESS);
    CHECK(!SetEvent(second));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(second));
    second = OpenEventA(MAXIMUM_ALLOWED, FALSE, "PwSecurityWaitOnly");
    CHECK(second != NULL);
    CHECK_EQUAL(WaitForSingleObject(second, 0), WAIT_OBJECT_0);
    CHECK(!SetEvent(second));
    CHECK(CloseHandle(second));
    CHECK(CloseHandle(event));

    event = EventWith("D:", "PwSecurityNobody");
    CHECK_EQUAL(OpenError(SYNCHRONIZE, "PwSecurityNobody"), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(event));
    event = EventWith("D:NO_ACCESS_CONTROL", "PwSecurityEverybody");
    CHECK_EQUAL(OpenError(EVENT_ALL_ACCESS, "PwSecurityEverybody"), ERROR_SUCCESS);
    CHECK(CloseHandle(event));
    event = EventWith("D:(D;;0x2;;;WD)(A;;0x1f0003;;;WD)", "PwSecurityDenied");
    CHECK_EQUAL(OpenError(EVENT_MODIFY_STATE, "PwSecurityDenied"), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(OpenError(SYNCHRONIZE, "PwSecurityDenied"), ERROR_SUCCESS);
    CHECK(CloseHandle(event));
}

/* DuplicateHandle never gives what the list does not. */
static void Duplicates(void)
{
    HANDLE event = EventWith("D:P(A;;0x100000;;;WD)", "PwSecurityDuplicate");
    HANDLE narrow = NULL;
    HANDLE wide = NULL;

    CHECK(DuplicateHandle(GetCurrentProcess(), event, GetCurrentProcess(), &narrow, SYNCHRONIZE, FALSE, 0));
    SetLastError(ERROR_SUCCESS);
    CHECK(!DuplicateHandle(GetCurrentProcess(), narrow, GetCurrentProcess(), &wide, EVENT_ALL_ACCESS, FALSE, 0));
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    CHECK(CloseHandle(narrow));
    CHECK(CloseHandle(event));
}

/* A descriptor built by hand, set, read back; then it decides. */
static void Changes(void)
{
    HANDLE event = CreateEventA(NULL, TRUE, FALSE, "PwSecurityChanged");
    SECURITY_DESCRIPTOR descriptor;
    BYTE room[256];
    PACL acl = (PACL)room;
    BYTE sidRoom[SECURITY_MAX_SID_SIZE];
    PSID everyone = sidRoom;
    DWORD size = sizeof(sidRoom);
    PSECURITY_DESCRIPTOR read = NULL;
    PACL dacl = NULL;
    PSID owner = NULL;
    ACCESS_ALLOWED_ACE *ace = NULL;
    EXPLICIT_ACCESS_A entry;
    PACL merged = NULL;
    char *text = NULL;

    CHECK_EQUAL(OpenError(EVENT_ALL_ACCESS, "PwSecurityChanged"), ERROR_SUCCESS); /* the default: its creator's */
    CHECK(CreateWellKnownSid(WinWorldSid, NULL, everyone, &size));
    CHECK(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION));
    CHECK(InitializeAcl(acl, sizeof(room), ACL_REVISION));
    CHECK(AddAccessDeniedAce(acl, ACL_REVISION, EVENT_MODIFY_STATE, everyone));
    CHECK(AddAccessAllowedAce(acl, ACL_REVISION, GENERIC_ALL, everyone));
    CHECK(SetSecurityDescriptorDacl(&descriptor, TRUE, acl, FALSE));
    CHECK(IsValidSecurityDescriptor(&descriptor));
    CHECK(SetKernelObjectSecurity(event, DACL_SECURITY_INFORMATION, &descriptor));
    CHECK_EQUAL(OpenError(EVENT_MODIFY_STATE, "PwSecurityChanged"), ERROR_ACCESS_DENIED);
    CHECK_EQUAL(OpenError(SYNCHRONIZE, "PwSecurityChanged"), ERROR_SUCCESS);

    CHECK_EQUAL(GetSecurityInfo(event, SE_KERNEL_OBJECT, OWNER_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION, &owner, NULL,
                                &dacl, NULL, &read),
                ERROR_SUCCESS);
    CHECK(read != NULL && owner != NULL && IsValidSid(owner) && dacl != NULL && dacl->AceCount == 2);
    CHECK(GetAce(dacl, 1, (void **)&ace));
    CHECK_EQUAL(ace->Mask, EVENT_ALL_ACCESS); /* generic rights became the event's own */
    CHECK(EqualSid(&ace->SidStart, everyone));
    CHECK(ConvertSecurityDescriptorToStringSecurityDescriptorA(read, SDDL_REVISION_1, DACL_SECURITY_INFORMATION, &text, NULL));
    CHECK(text != NULL && strcmp(text, "D:(D;;DC;;;WD)(A;;0x1f0003;;;WD)") == 0);
    LocalFree(text);

    memset(&entry, 0, sizeof(entry));
    entry.grfAccessPermissions = SYNCHRONIZE;
    entry.grfAccessMode = SET_ACCESS;
    BuildTrusteeWithSidA(&entry.Trustee, everyone);
    CHECK_EQUAL(SetEntriesInAclA(1, &entry, dacl, &merged), ERROR_SUCCESS);
    CHECK(merged != NULL && merged->AceCount == 1);
    CHECK_EQUAL(SetSecurityInfo(event, SE_KERNEL_OBJECT, DACL_SECURITY_INFORMATION, NULL, NULL, merged, NULL), ERROR_SUCCESS);
    CHECK_EQUAL(OpenError(EVENT_QUERY_STATE, "PwSecurityChanged"), ERROR_ACCESS_DENIED);
    LocalFree(merged);
    LocalFree(read);
    CHECK(CloseHandle(event));
}

static void Tokens(void)
{
    HANDLE token = NULL;
    BYTE room[2048];
    DWORD needed = 0;
    TOKEN_USER *user = (TOKEN_USER *)room;
    TOKEN_PRIVILEGES privileges;
    char *text = NULL;
    PSID sid = NULL;
    BOOL member = FALSE;
    HANDLE process;

    CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY | TOKEN_ADJUST_PRIVILEGES, &token));
    SetLastError(ERROR_SUCCESS);
    CHECK(!GetTokenInformation(token, TokenUser, NULL, 0, &needed));
    CHECK_EQUAL(GetLastError(), ERROR_INSUFFICIENT_BUFFER);
    CHECK(GetTokenInformation(token, TokenUser, room, sizeof(room), &needed));
    CHECK(IsValidSid(user->User.Sid));
    CHECK(ConvertSidToStringSidA(user->User.Sid, &text));
    CHECK(text != NULL && ConvertStringSidToSidA(text, &sid) && EqualSid(sid, user->User.Sid));
    LocalFree(text);
    LocalFree(sid);
    CHECK(ConvertStringSidToSidA("WD", &sid));
    CHECK(CheckTokenMembership(NULL, sid, &member) && member);
    LocalFree(sid);
    CHECK(GetTokenInformation(token, TokenGroups, room, sizeof(room), &needed));
    CHECK(((TOKEN_GROUPS *)room)->GroupCount != 0);

    privileges.PrivilegeCount = 1;
    privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
    CHECK(LookupPrivilegeValueA(NULL, "SeCreateTokenPrivilege", &privileges.Privileges[0].Luid));
    CHECK(AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL));
    CHECK_EQUAL(GetLastError(), ERROR_NOT_ALL_ASSIGNED); /* nobody holds that one */
    CHECK(CloseHandle(token));

    process = OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, GetCurrentProcessId());
    CHECK(process != NULL);
    CHECK(CloseHandle(process));
    SetLastError(ERROR_SUCCESS);
    CHECK(OpenProcess(PROCESS_QUERY_INFORMATION, FALSE, 0x7ffffff0) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_INVALID_PARAMETER);
}

/* What the driver made: a section to read, a device for nobody. */
static void DriversObjects(HANDLE device)
{
    HANDLE section;
    HANDLE file;
    volatile DWORD *view;
    DWORD old = 0;
    DWORD value = 0x1234;

    SetLastError(ERROR_SUCCESS);
    CHECK(OpenFileMappingA(FILE_MAP_WRITE, FALSE, "Global\\" READ_ONLY_NAME) == NULL);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    section = OpenFileMappingA(FILE_MAP_READ, FALSE, "Global\\" READ_ONLY_NAME);
    CHECK(section != NULL);
    view = (volatile DWORD *)MapViewOfFile(section, FILE_MAP_READ, 0, 0, 0);
    CHECK(view != NULL);
    if (view == NULL) {
        return;
    }
    CHECK(Control(device, IOCTL_WRITE, &value, sizeof(value), NULL, 0, NULL));
    CHECK_EQUAL(view[0], 0x1234);
    CHECK(!VirtualProtect((void *)view, 4096, PAGE_READWRITE, &old)); /* no more than the view was mapped with */
    value = 0x4321;
    CHECK(Control(device, IOCTL_WRITE, &value, sizeof(value), NULL, 0, NULL)); /* the driver goes on writing */
    CHECK_EQUAL(view[0], 0x4321);
    CHECK(UnmapViewOfFile((void *)view));
    CHECK(CloseHandle(section));

    SetLastError(ERROR_SUCCESS);
    file = CreateFileA("\\\\.\\" KERNEL_ONLY_NAME, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file == INVALID_HANDLE_VALUE);
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
    file = CreateFileA("\\\\.\\" KERNEL_ONLY_NAME "\\behind", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
    CHECK(file == INVALID_HANDLE_VALUE); /* FILE_DEVICE_SECURE_OPEN */
    CHECK_EQUAL(GetLastError(), ERROR_ACCESS_DENIED);
}

int main(void)
{
    HANDLE device = OpenTestDevice(GENERIC_READ | GENERIC_WRITE, 0);

    CHECK(Control(device, IOCTL_ROUTINES, NULL, 0, NULL, 0, NULL));
    Names();
    Duplicates();
    Changes();
    Tokens();
    DriversObjects(device);
    return Finish(device);
}
