/* SPDX-License-Identifier: Apache-2.0 */
/* Keeps its RegistryPath, and makes and removes its device like any driver. Not built on the frame's DriverEntry. */
#include <ntddk.h>

#include "public.h"

#define PATH_CHARACTERS 200
#define DEVICE_NAME L"\\Device\\PwService"
#define LINK_NAME L"\\??\\PwService"

static WCHAR PathBuffer[PATH_CHARACTERS];
static UNICODE_STRING Path;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD Unload;
static DRIVER_DISPATCH Dispatch;

static NTSTATUS Dispatch(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;
    ULONG i;

    UNREFERENCED_PARAMETER(DeviceObject);
    Irp->IoStatus.Information = 0;
    if (stack->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        PUCHAR out = (PUCHAR)Irp->AssociatedIrp.SystemBuffer;

        if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_REGISTRY_PATH) {
            status = STATUS_INVALID_DEVICE_REQUEST;
        } else if (stack->Parameters.DeviceIoControl.OutputBufferLength < Path.Length / sizeof(WCHAR)) {
            status = STATUS_BUFFER_TOO_SMALL;
        } else {
            for (i = 0; i < Path.Length / sizeof(WCHAR); ++i) {
                out[i] = (UCHAR)Path.Buffer[i];
            }
            Irp->IoStatus.Information = Path.Length / sizeof(WCHAR);
        }
    }
    Irp->IoStatus.Status = status;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static VOID Unload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(LINK_NAME);

    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(LINK_NAME);
    PDEVICE_OBJECT device;
    NTSTATUS status;

    Path.Buffer = PathBuffer;
    Path.MaximumLength = sizeof(PathBuffer);
    RtlCopyUnicodeString(&Path, RegistryPath);

    DriverObject->MajorFunction[IRP_MJ_CREATE] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = Dispatch;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Dispatch;
    DriverObject->DriverUnload = Unload;
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
    }
    return status;
}
