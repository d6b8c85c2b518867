/* SPDX-License-Identifier: Apache-2.0 */
/* Writes down CREATE, CLEANUP and CLOSE, and refuses the name "\refuse". */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static LOG Log;
static ULONG LastFile;

static VOID Note(CHAR Event, ULONG_PTR File)
{
    if (Log.Count < LOG_ENTRIES) {
        Log.Events[Log.Count] = Event;
        Log.Files[Log.Count] = (UCHAR)File;
    }
    ++Log.Count;
}

static DRIVER_DISPATCH OnCreate;
static NTSTATUS OnCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PFILE_OBJECT file = stack->FileObject;
    UNICODE_STRING refuse = RTL_CONSTANT_STRING(L"\\refuse");
    ULONG length = file->FileName.Length;

    CHECK_EQUAL(stack->MajorFunction, IRP_MJ_CREATE);
    CHECK(file->DeviceObject == DeviceObject);
    CHECK(file->FsContext == NULL);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    RtlZeroMemory(Log.LastName, sizeof(Log.LastName));
    if (length > sizeof(Log.LastName) - sizeof(WCHAR)) {
        length = sizeof(Log.LastName) - sizeof(WCHAR);
    }
    if (length != 0) {
        RtlCopyMemory(Log.LastName, file->FileName.Buffer, length);
    }
    if (RtlEqualUnicodeString(&file->FileName, &refuse, TRUE)) {
        Note('F', 0);
        return FrameComplete(Irp, STATUS_ACCESS_DENIED, 0);
    }
    file->FsContext = (PVOID)(ULONG_PTR)++LastFile;
    Note('C', LastFile);
    return FrameComplete(Irp, STATUS_SUCCESS, FILE_OPENED);
}

static DRIVER_DISPATCH OnCleanup;
static NTSTATUS OnCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Note('U', (ULONG_PTR)IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext);
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static DRIVER_DISPATCH OnClose;
static NTSTATUS OnClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Note('X', (ULONG_PTR)IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext);
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = OnCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = OnCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = OnClose;
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG out = Stack->Parameters.DeviceIoControl.OutputBufferLength;

    CHECK(Stack->DeviceObject == DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_LOG:
        if (out < sizeof(Log)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(LOG *)Irp->AssociatedIrp.SystemBuffer = Log;
        Irp->IoStatus.Information = sizeof(Log);
        return STATUS_SUCCESS;
    case IOCTL_RESET:
        RtlZeroMemory(&Log, sizeof(Log));
        return STATUS_SUCCESS;
    case IOCTL_WHO_AM_I:
        if (out < sizeof(ULONG)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(PULONG)Irp->AssociatedIrp.SystemBuffer = (ULONG)(ULONG_PTR)Stack->FileObject->FsContext;
        Irp->IoStatus.Information = sizeof(ULONG);
        return STATUS_SUCCESS;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
