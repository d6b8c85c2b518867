/* SPDX-License-Identifier: Apache-2.0 */
/*
 * driver_frame.h - the part that every small test driver repeats: DriverEntry, one named device, completion, unload.
 *
 * Before including it, a driver includes <ntddk.h> and its public.h (for TEST_NAME). After it, the driver defines
 *   TestStart    called by DriverEntry when the device exists; a failure undoes everything;
 *   TestStop     called by unload (and after a failed TestStart) before the device goes;
 *   TestControl  one device control; sets Irp->IoStatus.Information and returns the status with which the frame
 *                completes the request. STATUS_PENDING: the driver has marked the request pending and completes it.
 * A driver that has nothing to start or stop defines FRAME_PLAIN before including this file instead of the first two.
 * A driver that wants CREATE, CLEANUP, CLOSE, READ or WRITE for itself sets MajorFunction[...] in TestStart.
 */
#ifndef CONFORMANCE_DRIVER_FRAME_H
#define CONFORMANCE_DRIVER_FRAME_H

#define CONFORMANCE_DRIVER
#include "frame/check.h"
#include "frame/frame.h"

#ifndef TEST_TAG
#define TEST_TAG 'fnoC'
#endif

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject);
static VOID TestStop(PDRIVER_OBJECT DriverObject);
static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack);

#ifdef FRAME_PLAIN
static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}
#endif

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD FrameUnload;
static DRIVER_DISPATCH FrameSucceed;
static DRIVER_DISPATCH FrameControl;

static NTSTATUS FrameComplete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS FrameSucceed(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return FrameComplete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS FrameControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;

    Irp->IoStatus.Information = 0;
    if (stack->Parameters.DeviceIoControl.IoControlCode == IOCTL_FRAME_RESULT) {
        FRAME_RESULT *result = (FRAME_RESULT *)Irp->AssociatedIrp.SystemBuffer;

        if (stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*result)) {
            return FrameComplete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        result->Checks = (unsigned int)CheckCount;
        result->Failures = (unsigned int)CheckFailures;
        return FrameComplete(Irp, STATUS_SUCCESS, sizeof(*result));
    }
    status = TestControl(DeviceObject, Irp, stack);
    if (status == STATUS_PENDING) {
        return status;
    }
    return FrameComplete(Irp, status, Irp->IoStatus.Information);
}

static VOID FrameRemoveDevice(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(TEST_NAME));

    IoDeleteSymbolicLink(&link);
    while (DriverObject->DeviceObject != NULL) {
        IoDeleteDevice(DriverObject->DeviceObject);
    }
}

static VOID FrameUnload(PDRIVER_OBJECT DriverObject)
{
    TestStop(DriverObject);
    FrameRemoveDevice(DriverObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" FRAME_WIDE(TEST_NAME));
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(TEST_NAME));
    PDEVICE_OBJECT device = NULL;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = FrameSucceed;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = FrameSucceed;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = FrameSucceed;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = FrameControl;
    DriverObject->DriverUnload = FrameUnload;
    status = TestStart(DriverObject, device);
    if (!NT_SUCCESS(status)) {
        TestStop(DriverObject);
        FrameRemoveDevice(DriverObject);
    }
    return status;
}

#endif
