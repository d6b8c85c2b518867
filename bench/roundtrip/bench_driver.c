/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of the round-trip benchmark: does as little as a driver can for each kind of request. */
#include <ntddk.h>

#include "bench_public.h"

#define BENCH_TAG 'hcnB'

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD BenchUnload;
static DRIVER_DISPATCH BenchOpenClose;
static DRIVER_DISPATCH BenchControl;

static PVOID BenchMemory;
static PMDL BenchMdl;

static NTSTATUS BenchFinish(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS BenchOpenClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return BenchFinish(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS BenchTouch(PIRP Irp, ULONG Length)
{
    PUCHAR bytes;

    if (Length < 2 * sizeof(ULONG64)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (bytes == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    *(ULONG64 UNALIGNED *)bytes += 1;
    *(ULONG64 UNALIGNED *)(bytes + Length - sizeof(ULONG64)) += 1;
    return STATUS_SUCCESS;
}

static NTSTATUS BenchMapUnmap(VOID)
{
    PVOID address = NULL;

    /* A mapping to user mode raises where one to kernel mode returns NULL. */
    __try {
        address = MmMapLockedPagesSpecifyCache(BenchMdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    if (address == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmUnmapLockedPages(address, BenchMdl);
    return STATUS_SUCCESS;
}

static NTSTATUS BenchControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inputLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG outputLength = stack->Parameters.DeviceIoControl.OutputBufferLength;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BENCH_ECHO:
        return BenchFinish(Irp, STATUS_SUCCESS, inputLength < outputLength ? inputLength : outputLength);
    case IOCTL_BENCH_TOUCH:
        status = BenchTouch(Irp, outputLength);
        return BenchFinish(Irp, status, NT_SUCCESS(status) ? outputLength : 0);
    case IOCTL_BENCH_MAP_UNMAP:
        return BenchFinish(Irp, BenchMapUnmap(), 0);
    default:
        return BenchFinish(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static VOID BenchFreeMemory(VOID)
{
    if (BenchMdl != NULL) {
        IoFreeMdl(BenchMdl);
        BenchMdl = NULL;
    }
    if (BenchMemory != NULL) {
        ExFreePoolWithTag(BenchMemory, BENCH_TAG);
        BenchMemory = NULL;
    }
}

static VOID BenchUnload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(BENCH_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(DriverObject->DeviceObject);
    BenchFreeMemory();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(BENCH_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(BENCH_LINK_NAME);
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    BenchMemory = ExAllocatePoolWithTag(NonPagedPool, BENCH_MAP_BYTES, BENCH_TAG);
    if (BenchMemory == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(BenchMemory, BENCH_MAP_BYTES);
    BenchMdl = IoAllocateMdl(BenchMemory, BENCH_MAP_BYTES, FALSE, FALSE, NULL);
    if (BenchMdl == NULL) {
        BenchFreeMemory();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(BenchMdl);

    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        BenchFreeMemory();
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        BenchFreeMemory();
        return status;
    }
    DriverObject->MajorFunction[IRP_MJ_CREATE] = BenchOpenClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = BenchOpenClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = BenchControl;
    DriverObject->DriverUnload = BenchUnload;
    return STATUS_SUCCESS;
}
