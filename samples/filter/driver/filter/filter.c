/* SPDX-License-Identifier: Apache-2.0 */
/*
 * filter.c - the upper driver: sits on the store's device and sees every request first. Three ways to treat a request:
 *
 *   pass it on and forget it      IoSkipCurrentIrpStackLocation                          writes, opens, closes
 *   change what comes back        IoSetCompletionRoutine, at any IRQL                    reads
 *   wait for it, then go on       a routine that returns STATUS_MORE_PROCESSING_REQUIRED the checksum
 */
#include <ntddk.h>

#include "../../public.h"

typedef struct _FILTER {
    PDEVICE_OBJECT Device;
    PDEVICE_OBJECT Lower; /* the device that ours stands on */
    volatile LONG Reads;
    volatile LONG ReadsAtDpc;
    volatile LONG Writes;
    volatile LONG WritesRefused;
} FILTER, *PFILTER;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD FilterUnload;
static DRIVER_DISPATCH FilterPass, FilterRead, FilterWrite, FilterControl;
static IO_COMPLETION_ROUTINE FilterReadDone, FilterAnswered;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* The lower driver gets our own stack location: nobody calls us when the request is done. */
static NTSTATUS FilterPass(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    IoSkipCurrentIrpStackLocation(Irp);
    return IoCallDriver(((PFILTER)DeviceObject->DeviceExtension)->Lower, Irp);
}

/* Runs where the lower driver completes the request: here in the store's DPC. */
static NTSTATUS FilterReadDone(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PFILTER filter = (PFILTER)Context;
    PUCHAR bytes;
    ULONG_PTR i;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned) {
        IoMarkIrpPending(Irp); /* ours was pending, too */
    }
    if (!NT_SUCCESS(Irp->IoStatus.Status) || Irp->IoStatus.Information == 0) {
        return STATUS_CONTINUE_COMPLETION;
    }
    /* The application's own pages, at a system address that works here. */
    bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (bytes == NULL) {
        Irp->IoStatus.Status = STATUS_INSUFFICIENT_RESOURCES;
        Irp->IoStatus.Information = 0;
        return STATUS_CONTINUE_COMPLETION;
    }
    for (i = 0; i < Irp->IoStatus.Information; ++i) {
        bytes[i] ^= FILTER_KEY;
    }
    InterlockedIncrement(&filter->Reads);
    if (KeGetCurrentIrql() >= DISPATCH_LEVEL) {
        InterlockedIncrement(&filter->ReadsAtDpc);
    }
    return STATUS_CONTINUE_COMPLETION;
}

static NTSTATUS FilterRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILTER filter = (PFILTER)DeviceObject->DeviceExtension;

    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, FilterReadDone, filter, TRUE, TRUE, TRUE);
    return IoCallDriver(filter->Lower, Irp);
}

static NTSTATUS FilterWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILTER filter = (PFILTER)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    if (stack->Parameters.Write.ByteOffset.QuadPart + stack->Parameters.Write.Length > STORE_BYTES) {
        InterlockedIncrement(&filter->WritesRefused);
        return Complete(Irp, STATUS_ACCESS_DENIED, 0);
    }
    InterlockedIncrement(&filter->Writes);
    return FilterPass(DeviceObject, Irp);
}

static NTSTATUS FilterAnswered(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Irp->PendingReturned) {
        KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    }
    return STATUS_MORE_PROCESSING_REQUIRED; /* the request is ours again */
}

static NTSTATUS ForwardAndWait(PFILTER Filter, PIRP Irp)
{
    KEVENT answered;
    NTSTATUS status;

    KeInitializeEvent(&answered, NotificationEvent, FALSE);
    IoCopyCurrentIrpStackLocationToNext(Irp);
    IoSetCompletionRoutine(Irp, FilterAnswered, &answered, TRUE, TRUE, TRUE);
    status = IoCallDriver(Filter->Lower, Irp);
    if (status == STATUS_PENDING) {
        KeWaitForSingleObject(&answered, Executive, KernelMode, FALSE, NULL);
    }
    return Irp->IoStatus.Status;
}

static NTSTATUS FilterControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILTER filter = (PFILTER)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    FILTER_STATISTICS *statistics = (FILTER_STATISTICS *)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_FILTER_STATISTICS:
        if (stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*statistics)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        statistics->Reads = (unsigned int)filter->Reads;
        statistics->ReadsAtDpc = (unsigned int)filter->ReadsAtDpc;
        statistics->Writes = (unsigned int)filter->Writes;
        statistics->WritesRefused = (unsigned int)filter->WritesRefused;
        return Complete(Irp, STATUS_SUCCESS, sizeof(*statistics));
    case IOCTL_STORE_CHECKSUM:
        status = ForwardAndWait(filter, Irp);
        if (NT_SUCCESS(status)) {
            ((STORE_CHECKSUM *)Irp->AssociatedIrp.SystemBuffer)->ChangedReads = (unsigned int)filter->Reads;
        }
        IoCompleteRequest(Irp, IO_NO_INCREMENT); /* status and length are the store's */
        return status;
    default:
        return FilterPass(DeviceObject, Irp);
    }
}

static VOID FilterUnload(PDRIVER_OBJECT DriverObject)
{
    PFILTER filter = (PFILTER)DriverObject->DeviceObject->DeviceExtension;

    IoDetachDevice(filter->Lower);
    IoDeleteDevice(filter->Device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING target = RTL_CONSTANT_STRING(L"\\Device\\PwStore");
    PFILE_OBJECT file;
    PDEVICE_OBJECT top, device;
    PFILTER filter;
    NTSTATUS status;
    ULONG i;

    UNREFERENCED_PARAMETER(RegistryPath);
    for (i = 0; i <= IRP_MJ_MAXIMUM_FUNCTION; ++i) {
        DriverObject->MajorFunction[i] = FilterPass; /* what a filter does not know it passes on */
    }
    DriverObject->MajorFunction[IRP_MJ_READ] = FilterRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = FilterWrite;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = FilterControl;
    DriverObject->DriverUnload = FilterUnload;

    status = IoGetDeviceObjectPointer(&target, FILE_READ_ATTRIBUTES, &file, &top);
    if (!NT_SUCCESS(status)) {
        return status; /* load the store first */
    }
    status = IoCreateDevice(DriverObject, sizeof(FILTER), NULL, top->DeviceType, top->Characteristics, FALSE, &device);
    if (NT_SUCCESS(status)) {
        filter = (PFILTER)device->DeviceExtension;
        filter->Device = device;
        /* The buffering method is the top device's: a filter takes it over from below. */
        device->Flags |= top->Flags & (DO_BUFFERED_IO | DO_DIRECT_IO);
        status = IoAttachDeviceToDeviceStackSafe(device, top, &filter->Lower);
        if (!NT_SUCCESS(status)) {
            IoDeleteDevice(device);
        } else {
            device->Flags &= ~DO_DEVICE_INITIALIZING;
        }
    }
    ObDereferenceObject(file);
    return status;
}
