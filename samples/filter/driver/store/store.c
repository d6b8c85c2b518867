/* SPDX-License-Identifier: Apache-2.0 */
/*
 * store.c - the lower driver: 64 KiB of memory that is read and written with direct I/O. A read is a slow thing, as on real
 * hardware: StartIo starts it, a timer's DPC ends it, one at a time.
 */
#include <ntddk.h>

#include "../../public.h"

#define STORE_TAG 'rotS'

typedef struct _STORE {
    PDEVICE_OBJECT Device;
    PUCHAR Bytes;
    KTIMER Timer;
    KDPC Dpc;
} STORE, *PSTORE;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD StoreUnload;
static DRIVER_DISPATCH StoreSucceed, StoreRead, StoreWrite, StoreControl;
static DRIVER_STARTIO StoreStartIo;
static DRIVER_CANCEL StoreCancel;
static KDEFERRED_ROUTINE StoreDone;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static BOOLEAN IsInside(LARGE_INTEGER Offset, ULONG Length)
{
    return Offset.QuadPart >= 0 && Offset.QuadPart <= STORE_BYTES && Length <= STORE_BYTES - (ULONG)Offset.QuadPart;
}

static NTSTATUS StoreSucceed(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* The I/O manager has locked the application's pages: their system address works in StartIo and in the DPC. */
static NTSTATUS StoreRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    if (stack->Parameters.Read.Length == 0) {
        return Complete(Irp, STATUS_SUCCESS, 0);
    }
    if (!IsInside(stack->Parameters.Read.ByteOffset, stack->Parameters.Read.Length)) {
        return Complete(Irp, STATUS_END_OF_FILE, 0);
    }
    if (MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority) == NULL) {
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    IoMarkIrpPending(Irp);
    IoStartPacket(DeviceObject, Irp, NULL, StoreCancel);
    return STATUS_PENDING;
}

/* Called with the cancel spin lock held, for a packet that waits in the device's queue or is the current one. */
static VOID StoreCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    BOOLEAN waits = FALSE;

    if (DeviceObject->CurrentIrp != Irp) {
        waits = KeRemoveEntryDeviceQueue(&DeviceObject->DeviceQueue, &Irp->Tail.Overlay.DeviceQueueEntry);
    }
    IoReleaseCancelSpinLock(Irp->CancelIrql);
    if (waits) {
        Complete(Irp, STATUS_CANCELLED, 0);
    }
}

static VOID StoreStartIo(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTORE store = (PSTORE)DeviceObject->DeviceExtension;
    LARGE_INTEGER due;
    KIRQL irql;

    /* From here on the read is short: it can no longer be cancelled. */
    IoAcquireCancelSpinLock(&irql);
    IoSetCancelRoutine(Irp, NULL);
    IoReleaseCancelSpinLock(irql);
    due.QuadPart = -1000; /* 0.1 ms */
    KeSetTimer(&store->Timer, due, &store->Dpc);
}

static VOID StoreDone(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PSTORE store = (PSTORE)Context;
    PIRP irp = store->Device->CurrentIrp;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(irp);
    PUCHAR target = (PUCHAR)MmGetSystemAddressForMdlSafe(irp->MdlAddress, NormalPagePriority);
    ULONG length = stack->Parameters.Read.Length;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    RtlCopyMemory(target, store->Bytes + (ULONG)stack->Parameters.Read.ByteOffset.QuadPart, length);
    IoStartNextPacket(store->Device, TRUE);
    Complete(irp, STATUS_SUCCESS, length);
}

static NTSTATUS StoreWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTORE store = (PSTORE)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG length = stack->Parameters.Write.Length;
    PVOID source;

    if (length == 0) {
        return Complete(Irp, STATUS_SUCCESS, 0);
    }
    if (!IsInside(stack->Parameters.Write.ByteOffset, length)) {
        return Complete(Irp, STATUS_DISK_FULL, 0);
    }
    source = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (source == NULL) {
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    RtlCopyMemory(store->Bytes + (ULONG)stack->Parameters.Write.ByteOffset.QuadPart, source, length);
    return Complete(Irp, STATUS_SUCCESS, length);
}

static NTSTATUS StoreControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTORE store = (PSTORE)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    STORE_CHECKSUM *checksum = (STORE_CHECKSUM *)Irp->AssociatedIrp.SystemBuffer;
    ULONG i;

    if (stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_STORE_CHECKSUM) {
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    if (stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*checksum)) {
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    checksum->Sum = 0;
    checksum->ChangedReads = 0;
    for (i = 0; i < STORE_BYTES; ++i) {
        checksum->Sum += store->Bytes[i];
    }
    return Complete(Irp, STATUS_SUCCESS, sizeof(*checksum));
}

static VOID StoreUnload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\PwStore");
    PSTORE store = (PSTORE)DriverObject->DeviceObject->DeviceExtension;

    IoDeleteSymbolicLink(&link);
    KeCancelTimer(&store->Timer);
    KeFlushQueuedDpcs();
    ExFreePoolWithTag(store->Bytes, STORE_TAG);
    IoDeleteDevice(store->Device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\PwStore");
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\PwStore");
    PDEVICE_OBJECT device;
    PSTORE store;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(STORE), &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    store = (PSTORE)device->DeviceExtension;
    store->Device = device;
    store->Bytes = (PUCHAR)ExAllocatePoolWithTag(NonPagedPoolNx, STORE_BYTES, STORE_TAG);
    status = store->Bytes == NULL ? STATUS_INSUFFICIENT_RESOURCES : IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        if (store->Bytes != NULL) {
            ExFreePoolWithTag(store->Bytes, STORE_TAG);
        }
        IoDeleteDevice(device);
        return status;
    }
    RtlZeroMemory(store->Bytes, STORE_BYTES);
    KeInitializeTimer(&store->Timer);
    KeInitializeDpc(&store->Dpc, StoreDone, store);
    device->Flags |= DO_DIRECT_IO;
    DriverObject->MajorFunction[IRP_MJ_CREATE] = StoreSucceed;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = StoreSucceed;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = StoreSucceed;
    DriverObject->MajorFunction[IRP_MJ_READ] = StoreRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = StoreWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = StoreControl;
    DriverObject->DriverStartIo = StoreStartIo;
    DriverObject->DriverUnload = StoreUnload;
    return STATUS_SUCCESS;
}
