/* SPDX-License-Identifier: Apache-2.0 */
/* READ and WRITE on a device with DO_BUFFERED_IO and on one with DO_DIRECT_IO. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

typedef struct _STORE {
    ULONG Length;
    UCHAR Bytes[STORE_BYTES];
} STORE, *PSTORE;

/* The data of a READ or WRITE, wherever the device's flags have put them; NULL for length 0. */
static PUCHAR DataOf(PDEVICE_OBJECT DeviceObject, PIRP Irp, ULONG Length)
{
    if ((DeviceObject->Flags & DO_BUFFERED_IO) != 0) {
        CHECK(Irp->MdlAddress == NULL);
        CHECK((Irp->AssociatedIrp.SystemBuffer == NULL) == (Length == 0));
        return (PUCHAR)Irp->AssociatedIrp.SystemBuffer;
    }
    CHECK((Irp->MdlAddress == NULL) == (Length == 0));
    CHECK(Irp->AssociatedIrp.SystemBuffer == NULL);
    if (Irp->MdlAddress == NULL) {
        return NULL;
    }
    CHECK_EQUAL(MmGetMdlByteCount(Irp->MdlAddress), Length);
    return (PUCHAR)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
}

static DRIVER_DISPATCH OnRead;
static NTSTATUS OnRead(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTORE store = (PSTORE)DeviceObject->DeviceExtension;
    ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Read.Length;
    PUCHAR data = DataOf(DeviceObject, Irp, length);

    if (length == 0) {
        return FrameComplete(Irp, STATUS_SUCCESS, 0);
    }
    if (data == NULL) {
        return FrameComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    if (store->Length == 0) {
        return FrameComplete(Irp, STATUS_END_OF_FILE, 0);
    }
    if (length > store->Length) {
        length = store->Length;
    }
    RtlCopyMemory(data, store->Bytes, length);
    return FrameComplete(Irp, STATUS_SUCCESS, length);
}

static DRIVER_DISPATCH OnWrite;
static NTSTATUS OnWrite(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PSTORE store = (PSTORE)DeviceObject->DeviceExtension;
    ULONG length = IoGetCurrentIrpStackLocation(Irp)->Parameters.Write.Length;
    PUCHAR data = DataOf(DeviceObject, Irp, length);

    if (length > STORE_BYTES) {
        return FrameComplete(Irp, STATUS_INVALID_BUFFER_SIZE, 0);
    }
    if (length != 0) {
        if (data == NULL) {
            return FrameComplete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
        }
        RtlCopyMemory(store->Bytes, data, length);
    }
    store->Length = length;
    return FrameComplete(Irp, STATUS_SUCCESS, length);
}

static NTSTATUS AddDevice(PDRIVER_OBJECT DriverObject, PCWSTR Name, PCWSTR Link, ULONG Flags)
{
    UNICODE_STRING name;
    UNICODE_STRING link;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    RtlInitUnicodeString(&name, Name);
    RtlInitUnicodeString(&link, Link);
    status = IoCreateDevice(DriverObject, sizeof(STORE), &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(((PSTORE)device->DeviceExtension)->Length, 0); /* extensions are zeroed */
    device->Flags |= Flags;
    device->Flags &= ~DO_DEVICE_INITIALIZING;
    return IoCreateSymbolicLink(&link, &name);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    DriverObject->MajorFunction[IRP_MJ_READ] = OnRead;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = OnWrite;
    status = AddDevice(DriverObject, L"\\Device\\" FRAME_WIDE(BUFFERED_NAME), L"\\DosDevices\\" FRAME_WIDE(BUFFERED_NAME),
                       DO_BUFFERED_IO);
    if (NT_SUCCESS(status)) {
        status = AddDevice(DriverObject, L"\\Device\\" FRAME_WIDE(DIRECT_NAME), L"\\DosDevices\\" FRAME_WIDE(DIRECT_NAME),
                           DO_DIRECT_IO);
    }
    return status;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING buffered = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(BUFFERED_NAME));
    UNICODE_STRING direct = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(DIRECT_NAME));

    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteSymbolicLink(&buffered);
    IoDeleteSymbolicLink(&direct);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Stack);
    return STATUS_INVALID_DEVICE_REQUEST;
}
