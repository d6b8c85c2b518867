/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Hands a section without a name from one process to another, which gets less access than the first one had.
 *
 * A handle is a number in one process. What crosses over is the object: the driver takes a reference through the giver's
 * handle, in the giver's context, and opens a new handle for the taker, in the taker's context, with the access that the taker
 * is to have. Nobody else can open the section: it has no name.
 */
#include <ntifs.h>

#include "public.h"

/* Exported by the kernel; not every version of the headers declares it. */
extern NTKERNELAPI POBJECT_TYPE *MmSectionObjectType;

static KSPIN_LOCK Lock;
static PVOID Section; /* guarded by Lock; holds a reference */

/* Returns what was kept before, with its reference. */
static PVOID Exchange(PVOID NewSection)
{
    KIRQL irql;
    PVOID old;

    KeAcquireSpinLock(&Lock, &irql);
    old = Section;
    Section = NewSection;
    KeReleaseSpinLock(&Lock, irql);
    return old;
}

static NTSTATUS Put(PIRP Irp)
{
    HANDLE handle = (HANDLE)(ULONG_PTR)*(unsigned long long *)Irp->AssociatedIrp.SystemBuffer;
    PVOID section;
    PVOID old;
    /* A section and nothing else; and who may not read it may not give it away, either. */
    NTSTATUS status =
        ObReferenceObjectByHandle(handle, SECTION_MAP_READ, *MmSectionObjectType, Irp->RequestorMode, &section, NULL);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    old = Exchange(section);
    if (old != NULL) {
        ObDereferenceObject(old);
    }
    return STATUS_SUCCESS;
}

static NTSTATUS Take(PIRP Irp)
{
    PVOID section;
    HANDLE handle;
    KIRQL irql;
    NTSTATUS status;

    KeAcquireSpinLock(&Lock, &irql);
    section = Section;
    if (section != NULL) {
        ObReferenceObject(section); /* another request may replace it as soon as the lock is free */
    }
    KeReleaseSpinLock(&Lock, irql);
    if (section == NULL) {
        return STATUS_NO_MORE_ENTRIES;
    }
    /* KernelMode: the driver decides who gets it. Without OBJ_KERNEL_HANDLE the handle is the calling process's. */
    status = ObOpenObjectByPointer(section, 0, NULL, SECTION_MAP_READ, *MmSectionObjectType, KernelMode, &handle);
    if (NT_SUCCESS(status)) {
        *(unsigned long long *)Irp->AssociatedIrp.SystemBuffer = (ULONG_PTR)handle;
    }
    ObDereferenceObject(section);
    return status;
}

static NTSTATUS HandoverDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    ULONG in = location->Parameters.DeviceIoControl.InputBufferLength;
    ULONG out = location->Parameters.DeviceIoControl.OutputBufferLength;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG_PTR information = 0;

    UNREFERENCED_PARAMETER(Device);
    if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        switch (location->Parameters.DeviceIoControl.IoControlCode) {
            case IOCTL_HANDOVER_PUT: status = in < sizeof(unsigned long long) ? STATUS_BUFFER_TOO_SMALL : Put(Irp); break;
            case IOCTL_HANDOVER_TAKE:
                status = out < sizeof(unsigned long long) ? STATUS_BUFFER_TOO_SMALL : Take(Irp);
                information = NT_SUCCESS(status) ? sizeof(unsigned long long) : 0;
                break;
            default: status = STATUS_INVALID_DEVICE_REQUEST; break;
        }
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static VOID HandoverUnload(PDRIVER_OBJECT Driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(HANDOVER_LINK_NAME);
    PVOID section = Exchange(NULL);

    if (section != NULL) {
        ObDereferenceObject(section);
    }
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Driver->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(HANDOVER_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(HANDOVER_LINK_NAME);
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    KeInitializeSpinLock(&Lock);
    status = IoCreateDevice(Driver, 0, &name, 0x8323, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    Driver->MajorFunction[IRP_MJ_CREATE] = HandoverDispatch;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = HandoverDispatch;
    Driver->MajorFunction[IRP_MJ_CLOSE] = HandoverDispatch;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = HandoverDispatch;
    Driver->DriverUnload = HandoverUnload;
    return STATUS_SUCCESS;
}
