/* SPDX-License-Identifier: Apache-2.0 */
/* A named section that the driver creates and applications open. */
#include <ntifs.h>

#include "public.h"

#include "frame/driver_frame.h"

static HANDLE Section;

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    if (Section != NULL) {
        ZwClose(Section);
        Section = NULL;
    }
}

static NTSTATUS Create(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(FRAME_WIDE(SECTION_NAME_NT));
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size;
    HANDLE second = NULL;
    NTSTATUS status;

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    size.QuadPart = SECTION_BYTES;
    status = ZwCreateSection(&Section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL((ULONG)ZwCreateSection(&second, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT,
                                           NULL),
                    (ULONG)STATUS_OBJECT_NAME_COLLISION);
    }
    return status;
}

static NTSTATUS Exchange(EXCHANGE *Request)
{
    PVOID view = NULL;
    PVOID other = NULL;
    SIZE_T size = 0;
    NTSTATUS status;

    if (Request->Offset % sizeof(ULONG) != 0 || Request->Offset > SECTION_BYTES - 2 * sizeof(ULONG)) {
        return STATUS_INVALID_PARAMETER;
    }
    /* A view in the process that is current here: an address of the caller's, for the time of this request. */
    status = ZwMapViewOfSection(Section, ZwCurrentProcess(), &view, 0, 0, NULL, &size, ViewUnmap, 0, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(size, SECTION_BYTES);
    CHECK_EQUAL((ULONG_PTR)view % 65536, 0);
    size = 0;
    status = ZwMapViewOfSection(Section, ZwCurrentProcess(), &other, 0, 0, NULL, &size, ViewUnmap, 0, PAGE_READONLY);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    CHECK(other != view);
    __try {
        volatile ULONG *word = (volatile ULONG *)((PUCHAR)view + Request->Offset);
        ULONG seen = word[0];

        word[1] = Request->Value;
        CHECK(other == NULL || ((volatile ULONG *)((PUCHAR)other + Request->Offset))[1] == Request->Value);
        Request->Value = seen;
        status = STATUS_SUCCESS;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    if (other != NULL) {
        CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), other), STATUS_SUCCESS);
    }
    CHECK(!NT_SUCCESS(ZwUnmapViewOfSection(ZwCurrentProcess(), view)));
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_CREATE:
        return Create();
    case IOCTL_EXCHANGE:
        if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(EXCHANGE) ||
            Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(EXCHANGE)) {
            return STATUS_INVALID_PARAMETER;
        }
        status = Exchange((EXCHANGE *)Irp->AssociatedIrp.SystemBuffer);
        Irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(EXCHANGE) : 0;
        return status;
    case IOCTL_CLOSE:
        status = ZwClose(Section);
        Section = NULL;
        return status;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
