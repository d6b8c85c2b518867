/* SPDX-License-Identifier: Apache-2.0 */
/* Opens a section that an application created, and works on it under __try: the application may do anything to it. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS Open(PHANDLE Section)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(FRAME_WIDE(SECTION_NAME_NT));
    OBJECT_ATTRIBUTES attributes;

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    return ZwOpenSection(Section, SECTION_MAP_READ | SECTION_MAP_WRITE, &attributes);
}

static NTSTATUS Complement(VOID)
{
    HANDLE section;
    PVOID view = NULL;
    SIZE_T size = 0;
    NTSTATUS status = Open(&section);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ZwMapViewOfSection(section, ZwCurrentProcess(), &view, 0, 0, NULL, &size, ViewUnmap, 0, PAGE_READWRITE);
    CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS); /* the view keeps the section */
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(size, SECTION_BYTES);
    __try {
        volatile UCHAR *bytes = (volatile UCHAR *)view;
        ULONG i;

        for (i = 0; i < SECTION_BYTES; ++i) {
            if (bytes[i] != PATTERN(i)) {
                status = STATUS_UNSUCCESSFUL;
            }
            bytes[i] = (UCHAR)~PATTERN(i);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    HANDLE section;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_COMPLEMENT:
        return Complement();
    case IOCTL_OPEN_ONLY:
        status = Open(&section);
        if (NT_SUCCESS(status)) {
            CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS);
        }
        return status;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
