/* SPDX-License-Identifier: Apache-2.0 */
/* Counts CREATE, CLEANUP and CLOSE. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static COUNTS Counts;

static DRIVER_DISPATCH OnFile;
static NTSTATUS OnFile(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    switch (IoGetCurrentIrpStackLocation(Irp)->MajorFunction) {
    case IRP_MJ_CREATE:
        ++Counts.Creates;
        break;
    case IRP_MJ_CLEANUP:
        ++Counts.Cleanups;
        break;
    default:
        ++Counts.Closes;
        break;
    }
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = OnFile;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = OnFile;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = OnFile;
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CHECK_EQUAL(Counts.Creates, Counts.Cleanups);
    CHECK_EQUAL(Counts.Creates, Counts.Closes);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_COUNTS) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(Counts)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    *(COUNTS *)Irp->AssociatedIrp.SystemBuffer = Counts;
    Irp->IoStatus.Information = sizeof(Counts);
    return STATUS_SUCCESS;
}
