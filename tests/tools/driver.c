// SPDX-License-Identifier: Apache-2.0
// A driver to look at: a device, a buffer that it maps into whoever asks, and a version. TOOLS_NAME (a wide string) names
// the device, TOOLS_VERSION is what it answers; the test builds several of them. TOOLS_NO_UNLOAD, TOOLS_FAILS,
// TOOLS_BUGCHECK: drivers that misbehave.
#include <ntddk.h>

#include "public.h"

#define DEVICE_NAME L"\\Device\\" TOOLS_NAME
#define LINK_NAME L"\\DosDevices\\" TOOLS_NAME
#define BUFFER_BYTES 8192

static PVOID Buffer;
static PMDL BufferMdl;

static NTSTATUS OpenClose(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

    UNREFERENCED_PARAMETER(device);
    if (location->MajorFunction == IRP_MJ_CLEANUP && location->FileObject->FsContext != NULL) {
        MmUnmapLockedPages(location->FileObject->FsContext, BufferMdl);
        location->FileObject->FsContext = NULL;
    }
    irp->IoStatus.Status = STATUS_SUCCESS;
    irp->IoStatus.Information = 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return STATUS_SUCCESS;
}

static NTSTATUS Map(PFILE_OBJECT file)
{
    NTSTATUS status = STATUS_SUCCESS;

    if (file->FsContext != NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    __try {
        file->FsContext = MmMapLockedPagesSpecifyCache(BufferMdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS Control(PDEVICE_OBJECT device, PIRP irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
    NTSTATUS status = STATUS_INVALID_DEVICE_REQUEST;
    ULONG_PTR value = 0;

    UNREFERENCED_PARAMETER(device);
    if (location->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG_PTR)) {
        status = STATUS_BUFFER_TOO_SMALL;
    } else if (location->Parameters.DeviceIoControl.IoControlCode == IOCTL_TOOLS_DIRECT) {
        irp->IoStatus.Status = STATUS_SUCCESS;
        irp->IoStatus.Information = 0;
        IoCompleteRequest(irp, IO_NO_INCREMENT);
        return STATUS_SUCCESS;
    } else if (location->Parameters.DeviceIoControl.IoControlCode == IOCTL_TOOLS_VERSION) {
        value = TOOLS_VERSION;
        status = STATUS_SUCCESS;
    } else if (location->Parameters.DeviceIoControl.IoControlCode == IOCTL_TOOLS_MAP) {
        status = Map(location->FileObject);
        value = (ULONG_PTR)location->FileObject->FsContext;
    }
    if (NT_SUCCESS(status)) {
        *(ULONG_PTR *)irp->AssociatedIrp.SystemBuffer = value;
    }
    irp->IoStatus.Status = status;
    irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(ULONG_PTR) : 0;
    IoCompleteRequest(irp, IO_NO_INCREMENT);
    return status;
}

static VOID FreeBuffer(void)
{
    if (BufferMdl != NULL) {
        IoFreeMdl(BufferMdl);
        BufferMdl = NULL;
    }
    if (Buffer != NULL) {
        ExFreePoolWithTag(Buffer, 'looT');
        Buffer = NULL;
    }
}

#ifndef TOOLS_NO_UNLOAD
static VOID Unload(PDRIVER_OBJECT driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(LINK_NAME);

    IoDeleteSymbolicLink(&link);
    if (driver->DeviceObject != NULL) {
        IoDeleteDevice(driver->DeviceObject);
    }
    FreeBuffer();
}
#endif

NTSTATUS DriverEntry(PDRIVER_OBJECT driver, PUNICODE_STRING registry_path)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(LINK_NAME);
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(registry_path);
#ifdef TOOLS_FAILS
    return STATUS_NO_SUCH_DEVICE;
#endif
#ifdef TOOLS_BUGCHECK
    KeBugCheckEx(0xE2, 1, 2, 3, 4);
#endif
    Buffer = ExAllocatePoolWithTag(NonPagedPool, BUFFER_BYTES, 'looT');
    if (Buffer == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Buffer, BUFFER_BYTES);
    BufferMdl = IoAllocateMdl(Buffer, BUFFER_BYTES, FALSE, FALSE, NULL);
    if (BufferMdl == NULL) {
        FreeBuffer();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(BufferMdl);
    status = IoCreateDevice(driver, 0, &name, 0x8310, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        FreeBuffer();
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        FreeBuffer();
        return status;
    }
    driver->MajorFunction[IRP_MJ_CREATE] = OpenClose;
    driver->MajorFunction[IRP_MJ_CLEANUP] = OpenClose;
    driver->MajorFunction[IRP_MJ_CLOSE] = OpenClose;
    driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = Control;
#ifndef TOOLS_NO_UNLOAD
    driver->DriverUnload = Unload;
#endif
    return STATUS_SUCCESS;
}
