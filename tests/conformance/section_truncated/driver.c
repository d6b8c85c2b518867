/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver meets when the file under a view is cut off. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static PMDL Locked;
static volatile ULONG Found;
static KDPC ReadDpc;
static KEVENT ReadDone;

static NTSTATUS ReadUser(PUCHAR Address)
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        ProbeForRead(Address, 1, 1);
        Found = *(volatile UCHAR *)Address;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS LockPage(PUCHAR Address)
{
    PMDL mdl = IoAllocateMdl(Address, 1, FALSE, FALSE, NULL);
    NTSTATUS status = STATUS_SUCCESS;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, IoReadAccess);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (!NT_SUCCESS(status) || Locked != NULL) {
        if (NT_SUCCESS(status)) {
            MmUnlockPages(mdl);
        }
        IoFreeMdl(mdl);
        return status;
    }
    Locked = mdl;
    return status;
}

static KDEFERRED_ROUTINE ReadInDpc;
static VOID ReadInDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    Found = *(volatile UCHAR *)Context;
    KeSetEvent(&ReadDone, IO_NO_INCREMENT, FALSE);
}

static NTSTATUS ReadLocked(VOID)
{
    PVOID address;

    if (Locked == NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    address = MmGetSystemAddressForMdlSafe(Locked, NormalPagePriority);
    CHECK(address != NULL);
    if (address != NULL) {
        KeInitializeEvent(&ReadDone, NotificationEvent, FALSE);
        KeInitializeDpc(&ReadDpc, ReadInDpc, address);
        KeInsertQueueDpc(&ReadDpc, NULL, NULL);
        KeWaitForSingleObject(&ReadDone, Executive, KernelMode, FALSE, NULL);
        KeFlushQueuedDpcs();
    }
    MmUnlockPages(Locked);
    IoFreeMdl(Locked);
    Locked = NULL;
    return STATUS_SUCCESS;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    ULONG code = Stack->Parameters.DeviceIoControl.IoControlCode;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (code == IOCTL_READ_LOCKED) {
        if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(unsigned int)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        status = ReadLocked();
        *(unsigned int *)buffer = Found;
        Irp->IoStatus.Information = sizeof(unsigned int);
        return status;
    }
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(VIEW)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    if (code == IOCTL_READ_USER) {
        return ReadUser((PUCHAR)(ULONG_PTR)((VIEW *)buffer)->Address);
    }
    return code == IOCTL_LOCK ? LockPage((PUCHAR)(ULONG_PTR)((VIEW *)buffer)->Address) : STATUS_INVALID_DEVICE_REQUEST;
}
