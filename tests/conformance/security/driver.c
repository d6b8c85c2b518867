/* SPDX-License-Identifier: Apache-2.0 */
/* Who may do what, from the driver's side: objects with descriptors, access checks, tokens. */
#include <ntifs.h>
#include <wdmsec.h>

#include "public.h"

#include "frame/driver_frame.h"

static HANDLE Section;
static HANDLE Event;
static PVOID View;

/* A descriptor with one entry: everybody gets `Access`. */
typedef struct _ONE_ENTRY {
    SECURITY_DESCRIPTOR Descriptor;
    union {
        ACL Acl;
        UCHAR Room[sizeof(ACL) + sizeof(ACCESS_ALLOWED_ACE) + 16];
    } List;
} ONE_ENTRY;

static VOID MakeDescriptor(ONE_ENTRY *Entry, ACCESS_MASK Access, PSID Sid)
{
    CHECK_EQUAL(RtlCreateSecurityDescriptor(&Entry->Descriptor, SECURITY_DESCRIPTOR_REVISION), STATUS_SUCCESS);
    CHECK_EQUAL(RtlCreateAcl(&Entry->List.Acl, sizeof(Entry->List), ACL_REVISION), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAccessAllowedAce(&Entry->List.Acl, ACL_REVISION, Access, Sid), STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetDaclSecurityDescriptor(&Entry->Descriptor, TRUE, &Entry->List.Acl, FALSE), STATUS_SUCCESS);
    CHECK(RtlValidSecurityDescriptor(&Entry->Descriptor));
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNICODE_STRING sectionName = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\" FRAME_WIDE(READ_ONLY_NAME));
    UNICODE_STRING eventName = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\" FRAME_WIDE(DEFAULT_EVENT_NAME));
    UNICODE_STRING deviceName = RTL_CONSTANT_STRING(L"\\Device\\" FRAME_WIDE(KERNEL_ONLY_NAME));
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(KERNEL_ONLY_NAME));
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size;
    SIZE_T viewSize = 0;
    ONE_ENTRY entry;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    MakeDescriptor(&entry, GENERIC_READ, SeExports->SeWorldSid);
    InitializeObjectAttributes(&attributes, &sectionName, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, &entry.Descriptor);
    size.QuadPart = READ_ONLY_BYTES;
    status = ZwCreateSection(&Section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    InitializeObjectAttributes(&attributes, &eventName, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = ZwCreateEvent(&Event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateDeviceSecure(DriverObject, 0, &deviceName, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE,
                                  &SDDL_DEVOBJ_KERNEL_ONLY, NULL, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(IoCreateSymbolicLink(&link, &deviceName), STATUS_SUCCESS);
    device->Flags &= ~(ULONG)DO_DEVICE_INITIALIZING;
    return ZwMapViewOfSection(Section, ZwCurrentProcess(), &View, 0, 0, NULL, &viewSize, ViewUnmap, 0, PAGE_READWRITE);
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(KERNEL_ONLY_NAME));

    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteSymbolicLink(&link);
    if (View != NULL) {
        ZwUnmapViewOfSection(ZwCurrentProcess(), View);
    }
    if (Section != NULL) {
        ZwClose(Section);
    }
    if (Event != NULL) {
        ZwClose(Event);
    }
}

static VOID CheckSids(VOID)
{
    SID_IDENTIFIER_AUTHORITY nt = SECURITY_NT_AUTHORITY;
    ULONG room[SECURITY_MAX_SID_SIZE / sizeof(ULONG)];
    PSID sid = room;
    WCHAR text[32];
    UNICODE_STRING string;

    CHECK_EQUAL(RtlInitializeSid(sid, &nt, 2), STATUS_SUCCESS);
    *RtlSubAuthoritySid(sid, 0) = SECURITY_BUILTIN_DOMAIN_RID;
    *RtlSubAuthoritySid(sid, 1) = DOMAIN_ALIAS_RID_ADMINS;
    CHECK(RtlValidSid(sid));
    CHECK_EQUAL(RtlLengthSid(sid), 16);
    CHECK(RtlEqualSid(sid, SeExports->SeAliasAdminsSid));
    CHECK(!RtlEqualSid(sid, SeExports->SeLocalSystemSid));
    string.Buffer = text;
    string.Length = 0;
    string.MaximumLength = sizeof(text);
    CHECK_EQUAL(RtlConvertSidToUnicodeString(&string, sid, FALSE), STATUS_SUCCESS);
    CHECK_EQUAL(string.Length, 12 * sizeof(WCHAR)); /* S-1-5-32-544 */
    string.MaximumLength = 10;
    CHECK_EQUAL(RtlConvertSidToUnicodeString(&string, sid, FALSE), STATUS_BUFFER_OVERFLOW);
    CHECK_EQUAL(RtlCopySid(8, room, SeExports->SeWorldSid), STATUS_BUFFER_TOO_SMALL);
    CHECK_EQUAL(RtlCopySid(sizeof(room), room, SeExports->SeWorldSid), STATUS_SUCCESS);
    CHECK(RtlEqualSid(room, SeExports->SeWorldSid));
}

/* One list's only entry: its flags and what it allows. */
static VOID CheckEntry(PSECURITY_DESCRIPTOR Descriptor, UCHAR Flags, ACCESS_MASK Mask, PSID Sid)
{
    PACL dacl = NULL;
    BOOLEAN present = FALSE;
    BOOLEAN defaulted = FALSE;
    ACCESS_ALLOWED_ACE *ace = NULL;

    CHECK_EQUAL(RtlGetDaclSecurityDescriptor(Descriptor, &present, &dacl, &defaulted), STATUS_SUCCESS);
    CHECK(present && dacl != NULL);
    if (dacl == NULL) {
        return;
    }
    CHECK_EQUAL(dacl->AceCount, 1);
    CHECK_EQUAL(RtlGetAce(dacl, 0, (PVOID *)&ace), STATUS_SUCCESS);
    CHECK_EQUAL(ace->Header.AceFlags, Flags);
    CHECK_EQUAL(ace->Mask, Mask);
    CHECK(RtlEqualSid(&ace->SidStart, Sid));
}

/* "ACE Inheritance Rules": from a directory to the objects that are created in it. */
static VOID CheckInheritance(VOID)
{
    UNICODE_STRING directoryName = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\PwTestInheritance");
    UNICODE_STRING eventName = RTL_CONSTANT_STRING(L"Child");
    OBJECT_ATTRIBUTES attributes;
    SECURITY_SUBJECT_CONTEXT context;
    GENERIC_MAPPING mapping = {0x1, 0x2, 0x4, 0x7};
    ONE_ENTRY entry;
    HANDLE directory = NULL;
    HANDLE event = NULL;
    PVOID object = NULL;
    PSECURITY_DESCRIPTOR descriptor = NULL;
    BOOLEAN allocated = FALSE;
    NTSTATUS status;

    CHECK_EQUAL(RtlCreateSecurityDescriptor(&entry.Descriptor, SECURITY_DESCRIPTOR_REVISION), STATUS_SUCCESS);
    CHECK_EQUAL(RtlCreateAcl(&entry.List.Acl, sizeof(entry.List), ACL_REVISION), STATUS_SUCCESS);
    CHECK_EQUAL(RtlAddAccessAllowedAceEx(&entry.List.Acl, ACL_REVISION, OBJECT_INHERIT_ACE | INHERIT_ONLY_ACE, GENERIC_READ, SeExports->SeWorldSid),
                STATUS_SUCCESS);
    CHECK_EQUAL(RtlSetDaclSecurityDescriptor(&entry.Descriptor, TRUE, &entry.List.Acl, FALSE), STATUS_SUCCESS);
    InitializeObjectAttributes(&attributes, &directoryName, OBJ_KERNEL_HANDLE, NULL, &entry.Descriptor);
    status = ZwCreateDirectoryObject(&directory, DIRECTORY_ALL_ACCESS, &attributes);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (!NT_SUCCESS(status)) {
        return;
    }
    InitializeObjectAttributes(&attributes, &eventName, OBJ_KERNEL_HANDLE, directory, NULL);
    status = ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL(ObReferenceObjectByHandle(event, EVENT_ALL_ACCESS, *ExEventObjectType, KernelMode, &object, NULL),
                    STATUS_SUCCESS);
        CHECK_EQUAL(ObGetObjectSecurity(object, &descriptor, &allocated), STATUS_SUCCESS);
        /* GENERIC_READ has become the event's: its state may be queried. */
        CheckEntry(descriptor, INHERITED_ACE, STANDARD_RIGHTS_READ | 0x0001, SeExports->SeWorldSid);
        ObReleaseObjectSecurity(descriptor, allocated);
        ObDereferenceObject(object);
        CHECK_EQUAL(ZwClose(event), STATUS_SUCCESS);
    }
    CHECK_EQUAL(ZwClose(directory), STATUS_SUCCESS);

    /* The same for an object of the driver's own. */
    SeCaptureSubjectContext(&context);
    CHECK_EQUAL(SeAssignSecurity(&entry.Descriptor, NULL, &descriptor, FALSE, &context, &mapping, PagedPool), STATUS_SUCCESS);
    CheckEntry(descriptor, INHERITED_ACE, 0x1, SeExports->SeWorldSid);
    CHECK_EQUAL(SeDeassignSecurity(&descriptor), STATUS_SUCCESS);
    /* A container of such objects keeps the entry for them, unchanged. */
    CHECK_EQUAL(SeAssignSecurity(&entry.Descriptor, NULL, &descriptor, TRUE, &context, &mapping, PagedPool), STATUS_SUCCESS);
    CheckEntry(descriptor, INHERITED_ACE | INHERIT_ONLY_ACE | OBJECT_INHERIT_ACE, GENERIC_READ, SeExports->SeWorldSid);
    CHECK_EQUAL(SeDeassignSecurity(&descriptor), STATUS_SUCCESS);
    SeReleaseSubjectContext(&context);
}

/* SeAccessCheck for the calling process. */
static VOID CheckAccess(VOID)
{
    SECURITY_SUBJECT_CONTEXT context;
    GENERIC_MAPPING mapping = {0x1, 0x2, 0x4, 0x7};
    ONE_ENTRY entry;
    ACCESS_MASK granted;
    NTSTATUS status;
    PACCESS_TOKEN token;
    PTOKEN_USER user = NULL;
    PSECURITY_DESCRIPTOR assigned = NULL;

    MakeDescriptor(&entry, 0x3, SeExports->SeWorldSid);
    SeCaptureSubjectContext(&context);
    SeLockSubjectContext(&context);
    CHECK(SeAccessCheck(&entry.Descriptor, &context, TRUE, 0x1, 0, NULL, &mapping, UserMode, &granted, &status));
    CHECK_EQUAL(granted, 0x1);
    CHECK(SeAccessCheck(&entry.Descriptor, &context, TRUE, MAXIMUM_ALLOWED, 0, NULL, &mapping, UserMode, &granted, &status));
    CHECK_EQUAL(granted, 0x3);
    CHECK(!SeAccessCheck(&entry.Descriptor, &context, TRUE, 0x4, 0, NULL, &mapping, UserMode, &granted, &status));
    CHECK_EQUAL((ULONG)status, (ULONG)STATUS_ACCESS_DENIED);
    CHECK(SeAccessCheck(&entry.Descriptor, &context, TRUE, 0x4, 0, NULL, &mapping, KernelMode, &granted, &status));
    CHECK_EQUAL(granted, 0x4);
    CHECK(!SeAccessCheck(NULL, &context, TRUE, 0x1, 0, NULL, &mapping, UserMode, &granted, &status));
    CHECK_EQUAL(SeAssignSecurity(NULL, &entry.Descriptor, &assigned, FALSE, &context, &mapping, PagedPool), STATUS_SUCCESS);
    CHECK(SeValidSecurityDescriptor(RtlLengthSecurityDescriptor(assigned), assigned));
    CHECK_EQUAL(SeDeassignSecurity(&assigned), STATUS_SUCCESS);
    SeUnlockSubjectContext(&context);
    SeReleaseSubjectContext(&context);

    token = PsReferencePrimaryToken(PsGetCurrentProcess());
    CHECK_EQUAL(SeQueryInformationToken(token, TokenUser, (PVOID *)&user), STATUS_SUCCESS);
    if (user != NULL) {
        CHECK(RtlValidSid(user->User.Sid));
        ExFreePool(user);
    }
    PsDereferencePrimaryToken(token);
    CHECK(SeSinglePrivilegeCheck(SeExports->SeChangeNotifyPrivilege, UserMode));
    CHECK(!SeSinglePrivilegeCheck(SeExports->SeTcbPrivilege, UserMode));
    CHECK(SeSinglePrivilegeCheck(SeExports->SeTcbPrivilege, KernelMode));
}

static VOID CheckObjects(VOID)
{
    ULONG needed = 0;
    ULONG room[64];
    PSECURITY_DESCRIPTOR descriptor = NULL;
    BOOLEAN allocated = FALSE;
    BOOLEAN present = FALSE;
    BOOLEAN defaulted = FALSE;
    PACL dacl = NULL;
    PVOID section = NULL;
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\BaseNamedObjects\\" FRAME_WIDE(READ_ONLY_NAME));
    OBJECT_ATTRIBUTES attributes;
    HANDLE handle = NULL;

    CHECK_EQUAL((ULONG)ZwQuerySecurityObject(Section, DACL_SECURITY_INFORMATION, NULL, 0, &needed), (ULONG)STATUS_BUFFER_TOO_SMALL);
    CHECK(needed != 0 && needed <= sizeof(room));
    CHECK_EQUAL(ZwQuerySecurityObject(Section, DACL_SECURITY_INFORMATION, room, sizeof(room), &needed), STATUS_SUCCESS);
    CHECK_EQUAL(RtlGetDaclSecurityDescriptor(room, &present, &dacl, &defaulted), STATUS_SUCCESS);
    CHECK(present && dacl != NULL && dacl->AceCount == 1);

    CHECK_EQUAL(ObReferenceObjectByHandle(Section, 0, *MmSectionObjectType, KernelMode, &section, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(ObGetObjectSecurity(section, &descriptor, &allocated), STATUS_SUCCESS);
    CHECK(descriptor != NULL && RtlValidSecurityDescriptor(descriptor));
    ObReleaseObjectSecurity(descriptor, allocated);
    /* A handle for a user-mode caller is checked, one for the driver is not, unless it asks for it. */
    CHECK_EQUAL((ULONG)ObOpenObjectByPointer(section, 0, NULL, SECTION_MAP_WRITE, *MmSectionObjectType, UserMode, &handle),
                (ULONG)STATUS_ACCESS_DENIED);
    ObDereferenceObject(section);
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_FORCE_ACCESS_CHECK, NULL, NULL);
    CHECK_EQUAL((ULONG)ZwOpenSection(&handle, SECTION_MAP_WRITE, &attributes), (ULONG)STATUS_ACCESS_DENIED);
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwOpenSection(&handle, SECTION_MAP_WRITE, &attributes), STATUS_SUCCESS);
    CHECK_EQUAL(ZwClose(handle), STATUS_SUCCESS);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_ROUTINES:
        CheckSids();
        CheckInheritance();
        CheckAccess();
        CheckObjects();
        return STATUS_SUCCESS;
    case IOCTL_WRITE:
        if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
            return STATUS_INVALID_PARAMETER;
        }
        /* The view lies in the system process: written from here through an MDL of its pages. */
        {
            KAPC_STATE state;

            KeStackAttachProcess(PsInitialSystemProcess, &state);
            __try {
                *(volatile ULONG *)View = *(ULONG *)Irp->AssociatedIrp.SystemBuffer;
            } __except (EXCEPTION_EXECUTE_HANDLER) {
                CHECK(FALSE);
            }
            KeUnstackDetachProcess(&state);
        }
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
