/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps a log on drive C:, as drivers do: by \SystemRoot, and by the drive's letter. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS Append(PCWSTR Name, ULONG Disposition)
{
    static const CHAR line[] = LOG_LINE;
    UNICODE_STRING name;
    OBJECT_ATTRIBUTES attributes;
    IO_STATUS_BLOCK block;
    FILE_STANDARD_INFORMATION standard;
    HANDLE file;
    NTSTATUS status;

    RtlInitUnicodeString(&name, Name);
    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    status = ZwCreateFile(&file, FILE_APPEND_DATA | FILE_READ_ATTRIBUTES | SYNCHRONIZE, &attributes, &block, NULL,
                          FILE_ATTRIBUTE_NORMAL, FILE_SHARE_READ, Disposition, FILE_SYNCHRONOUS_IO_NONALERT, NULL, 0);
    CHECK_EQUAL((ULONG)status, (ULONG)STATUS_SUCCESS);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ZwWriteFile(file, NULL, NULL, NULL, &block, (PVOID)line, sizeof(line) - 1, NULL, NULL);
    CHECK_EQUAL(block.Information, sizeof(line) - 1);
    CHECK_EQUAL((ULONG)ZwQueryInformationFile(file, &block, &standard, sizeof(standard), FileStandardInformation),
                (ULONG)STATUS_SUCCESS);
    CHECK_EQUAL(standard.EndOfFile.QuadPart, (Disposition == FILE_OVERWRITE_IF ? 1 : 2) * (sizeof(line) - 1));
    ZwClose(file);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_LOG) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    status = Append(FRAME_WIDE(LOG_NT), FILE_OVERWRITE_IF);
    /* Another spelling of the same file. */
    return NT_SUCCESS(status) ? Append(FRAME_WIDE(LOG_DOS_NT), FILE_OPEN) : status;
}
