/* SPDX-License-Identifier: Apache-2.0 */
/* ZwExtendSection: a file's section, and the file with it, become longer. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

/* As drivers that use it declare it. */
NTSYSAPI NTSTATUS NTAPI ZwExtendSection(HANDLE SectionHandle, PLARGE_INTEGER NewSectionSize);

static NTSTATUS Open(HANDLE *Section, ACCESS_MASK Access)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(FRAME_WIDE(EXTEND_NAME_NT));
    OBJECT_ATTRIBUTES attributes;

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwOpenSection(Section, Access, &attributes);
}

static NTSTATUS Extend(VOID)
{
    HANDLE section;
    HANDLE paging;
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size;
    PUCHAR view = NULL;
    SIZE_T length = 0;
    NTSTATUS status = Open(&section, SECTION_ALL_ACCESS);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    /* Never shorter: it tells how long it is. */
    size.QuadPart = 10;
    CHECK_EQUAL(ZwExtendSection(section, &size), STATUS_SUCCESS);
    CHECK_EQUAL(size.QuadPart, EXTEND_BEFORE);
    size.QuadPart = EXTEND_AFTER;
    CHECK_EQUAL(ZwExtendSection(section, &size), STATUS_SUCCESS);
    CHECK_EQUAL(size.QuadPart, EXTEND_AFTER);
    status = ZwMapViewOfSection(section, ZwCurrentProcess(), (PVOID *)&view, 0, 0, NULL, &length, ViewUnmap, 0, PAGE_READWRITE);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL(length, ROUND_TO_PAGES(EXTEND_AFTER));
        __try {
            CHECK_EQUAL(view[0], EXTEND_FIRST);
            CHECK_EQUAL(view[EXTEND_AFTER - 1], 0); /* what is new is zero */
            view[EXTEND_AFTER - 1] = EXTEND_LAST;
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            status = GetExceptionCode();
        }
        CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    }
    CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS);

    /* What the paging file backs cannot grow. */
    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    size.QuadPart = 4096;
    CHECK_EQUAL(ZwCreateSection(&paging, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL),
                STATUS_SUCCESS);
    size.QuadPart = 8192;
    CHECK_EQUAL((ULONG)ZwExtendSection(paging, &size), 0xC0000087U /* STATUS_SECTION_NOT_EXTENDED */);
    CHECK_EQUAL(ZwClose(paging), STATUS_SUCCESS);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_EXTEND) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    return Extend();
}
