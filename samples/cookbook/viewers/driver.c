/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One buffer of the driver, seen by every process that asks; gone from a process when its handle goes, however that ends.
 *
 * The trick is in where things are undone: IRP_MJ_CLEANUP comes with the last handle, in the context of the process that had
 * it, also when that process crashes or is killed. A user address means something in its own process only.
 */
#include <ntifs.h> /* KeStackAttachProcess */

#include "public.h"

#define VIEWERS_TAG 'weiV'

static PVOID Buffer;
static PMDL BufferMdl;
static volatile LONG Viewers;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* Create and close: FsContext is the view, FsContext2 the process that it is in. */
static NTSTATUS ViewersCreateClose(PDEVICE_OBJECT Device, PIRP Irp)
{
    UNREFERENCED_PARAMETER(Device);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS ViewersCleanup(PDEVICE_OBJECT Device, PIRP Irp)
{
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PEPROCESS owner = (PEPROCESS)file->FsContext2;
    PVOID view = InterlockedExchangePointer(&file->FsContext, NULL);
    KAPC_STATE state;

    UNREFERENCED_PARAMETER(Device);
    if (view != NULL) {
        /* A handle may have been duplicated: then the last one is closed in another process. Go to the view's own. */
        if (owner != PsGetCurrentProcess()) {
            KeStackAttachProcess((PKPROCESS)owner, &state);
            MmUnmapLockedPages(view, BufferMdl);
            KeUnstackDetachProcess(&state);
        } else {
            MmUnmapLockedPages(view, BufferMdl);
        }
        InterlockedDecrement(&Viewers);
        ObDereferenceObject(owner);
    }
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS Map(PFILE_OBJECT File, VIEWERS_VIEW *View)
{
    PVOID address = NULL;

    /* One request at a time per handle is what the I/O manager promises for a handle opened for synchronous use. */
    if (File->FsContext != NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    __try {
        address = MmMapLockedPagesSpecifyCache(BufferMdl, UserMode, MmCached, NULL, FALSE, NormalPagePriority);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode(); /* UserMode raises when it fails: the process has no room left */
    }
    ObReferenceObject(PsGetCurrentProcess());
    File->FsContext2 = PsGetCurrentProcess();
    File->FsContext = address;
    View->Address = (ULONG_PTR)address;
    View->Viewers = (unsigned int)InterlockedIncrement(&Viewers);
    return STATUS_SUCCESS;
}

static NTSTATUS ViewersControl(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status;

    UNREFERENCED_PARAMETER(Device);
    if (location->Parameters.DeviceIoControl.IoControlCode != IOCTL_VIEWERS_MAP) {
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    if (location->Parameters.DeviceIoControl.OutputBufferLength < sizeof(VIEWERS_VIEW)) {
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    status = Map(location->FileObject, (VIEWERS_VIEW *)Irp->AssociatedIrp.SystemBuffer);
    return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(VIEWERS_VIEW) : 0);
}

static VOID FreeBuffer(VOID)
{
    if (BufferMdl != NULL) {
        IoFreeMdl(BufferMdl);
    }
    if (Buffer != NULL) {
        ExFreePoolWithTag(Buffer, VIEWERS_TAG);
    }
}

/* No handle is open any more, so every CLEANUP has been, so nobody sees the buffer. */
static VOID ViewersUnload(PDRIVER_OBJECT Driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(VIEWERS_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Driver->DeviceObject);
    FreeBuffer();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(VIEWERS_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(VIEWERS_LINK_NAME);
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    /* Whole pages, cleared: whoever maps a page sees all of it. */
    Buffer = ExAllocatePoolWithTag(NonPagedPool, VIEWERS_BYTES, VIEWERS_TAG);
    BufferMdl = Buffer != NULL ? IoAllocateMdl(Buffer, VIEWERS_BYTES, FALSE, FALSE, NULL) : NULL;
    if (BufferMdl == NULL) {
        FreeBuffer();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Buffer, VIEWERS_BYTES);
    MmBuildMdlForNonPagedPool(BufferMdl);

    status = IoCreateDevice(Driver, 0, &name, 0x8320, 0, FALSE, &device);
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
    Driver->MajorFunction[IRP_MJ_CREATE] = ViewersCreateClose;
    Driver->MajorFunction[IRP_MJ_CLOSE] = ViewersCreateClose;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = ViewersCleanup;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = ViewersControl;
    Driver->DriverUnload = ViewersUnload;
    return STATUS_SUCCESS;
}
