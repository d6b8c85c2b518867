/* SPDX-License-Identifier: Apache-2.0 */
/* Knows one control code, and has a second, exclusive device. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" FRAME_WIDE(EXCLUSIVE_NAME));
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(EXCLUSIVE_NAME));
    PDEVICE_OBJECT device;
    PDEVICE_OBJECT again = NULL;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, TRUE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL((ULONG)IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, TRUE, &again),
                (ULONG)STATUS_OBJECT_NAME_COLLISION);
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL((ULONG)IoCreateSymbolicLink(&link, &name), (ULONG)STATUS_OBJECT_NAME_COLLISION);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(EXCLUSIVE_NAME));

    UNREFERENCED_PARAMETER(DriverObject); /* the frame deletes all devices */
    IoDeleteSymbolicLink(&link);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    return Stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_NOTHING ? STATUS_SUCCESS
                                                                           : STATUS_INVALID_DEVICE_REQUEST;
}
