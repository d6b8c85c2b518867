/* SPDX-License-Identifier: Apache-2.0 */
/* All transfer methods, with whatever buffer the application has. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

static PDEVICE_OBJECT RawDevice;

static ULONG Smaller(ULONG A, ULONG B)
{
    return A < B ? A : B;
}

static VOID TurnRound(const UCHAR *In, PUCHAR Out, ULONG Bytes)
{
    ULONG i;

    for (i = 0; i < Bytes; ++i) {
        Out[i] = (UCHAR)~In[i];
    }
}

static VOID Mark(PUCHAR Out, ULONG Bytes)
{
    ULONG offset;

    for (offset = 0; offset + sizeof(ULONG) <= Bytes; offset += STEP) {
        *(volatile ULONG *)(Out + offset) = offset;
        if (offset > MAXULONG - STEP) {
            break;
        }
    }
    if (Bytes != 0) {
        Out[Bytes - 1] = 0xee;
    }
}

static NTSTATUS WaitForGo(const EVENTS *Events)
{
    PKEVENT ready = NULL;
    PKEVENT go = NULL;
    NTSTATUS status;

    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Events->Ready, EVENT_MODIFY_STATE, *ExEventObjectType, UserMode,
                                       (PVOID *)&ready, NULL);
    if (NT_SUCCESS(status)) {
        status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Events->Go, SYNCHRONIZE, *ExEventObjectType, UserMode,
                                           (PVOID *)&go, NULL);
        if (NT_SUCCESS(status)) {
            KeSetEvent(ready, IO_NO_INCREMENT, FALSE);
            status = KeWaitForSingleObject(go, UserRequest, UserMode, FALSE, NULL);
            ObDereferenceObject(go);
        }
        ObDereferenceObject(ready);
    }
    return status;
}

/* A mapped direct buffer; NULL for an empty one. */
static PUCHAR DirectBuffer(PIRP Irp, ULONG Bytes)
{
    CHECK((Irp->MdlAddress == NULL) == (Bytes == 0));
    if (Irp->MdlAddress == NULL) {
        return NULL;
    }
    CHECK_EQUAL(MmGetMdlByteCount(Irp->MdlAddress), Bytes);
    return (PUCHAR)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
}

static NTSTATUS Direct(ULONG Code, PIRP Irp, ULONG InBytes, ULONG OutBytes)
{
    const UCHAR *in = (const UCHAR *)Irp->AssociatedIrp.SystemBuffer;
    PUCHAR out = DirectBuffer(Irp, OutBytes);
    unsigned int sum = 0;
    NTSTATUS status;
    ULONG i;

    if (OutBytes != 0 && out == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    switch (Code) {
    case IOCTL_TURN_OUT_DIRECT:
        TurnRound(in, out, Smaller(InBytes, OutBytes));
        break;
    case IOCTL_SUM_IN_DIRECT:
        for (i = 0; i < OutBytes; ++i) {
            sum += out[i];
        }
        if (InBytes != sizeof(sum) || *(const unsigned int *)in != sum) {
            return STATUS_DATA_ERROR;
        }
        break;
    case IOCTL_MARK_OUT_DIRECT:
        Mark(out, OutBytes);
        break;
    default:
        if (InBytes < sizeof(EVENTS)) {
            return STATUS_INVALID_PARAMETER;
        }
        status = WaitForGo((const EVENTS *)in);
        if (!NT_SUCCESS(status)) {
            return status;
        }
        RtlFillMemory(out, OutBytes, 0x77); /* whatever has become of the application's addresses */
        CHECK_EQUAL(out[OutBytes - 1], 0x77);
        break;
    }
    Irp->IoStatus.Information = OutBytes;
    return STATUS_SUCCESS;
}

static NTSTATUS Neither(ULONG Code, PIRP Irp, PUCHAR In, ULONG InBytes, ULONG OutBytes)
{
    PUCHAR out = (PUCHAR)Irp->UserBuffer;
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        ProbeForRead(In, InBytes, 1);
        ProbeForWrite(out, OutBytes, 1);
        if (Code == IOCTL_TURN_NEITHER) {
            TurnRound(In, out, Smaller(InBytes, OutBytes));
        } else if (Code == IOCTL_MARK_NEITHER) {
            Mark(out, OutBytes);
        } else {
            EVENTS events = *(const EVENTS *)In;

            status = WaitForGo(&events);
            RtlFillMemory(out, OutBytes, 0x77); /* raises when it went meanwhile */
        }
        Irp->IoStatus.Information = OutBytes;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    const ULONG code = Stack->Parameters.DeviceIoControl.IoControlCode;
    const ULONG inBytes = Stack->Parameters.DeviceIoControl.InputBufferLength;
    const ULONG outBytes = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PUCHAR buffer = (PUCHAR)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (METHOD_FROM_CTL_CODE(code)) {
    case METHOD_BUFFERED:
        if (code != IOCTL_TURN_BUFFERED) {
            return STATUS_INVALID_DEVICE_REQUEST;
        }
        CHECK((buffer == NULL) == (inBytes == 0 && outBytes == 0));
        TurnRound(buffer, buffer, Smaller(inBytes, outBytes));
        Irp->IoStatus.Information = Smaller(inBytes, outBytes);
        return STATUS_SUCCESS;
    case METHOD_NEITHER:
        return Neither(code, Irp, (PUCHAR)Stack->Parameters.DeviceIoControl.Type3InputBuffer, inBytes, outBytes);
    default:
        return Direct(code, Irp, inBytes, outBytes);
    }
}

/* READ fills with 0x5a, WRITE wants 0xa5 everywhere: raw addresses. */
static NTSTATUS RawTransfer(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PUCHAR buffer = (PUCHAR)Irp->UserBuffer;
    NTSTATUS status = STATUS_SUCCESS;
    ULONG bytes;
    ULONG i;

    if (DeviceObject != RawDevice) {
        return FrameComplete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    CHECK(Irp->MdlAddress == NULL && Irp->AssociatedIrp.SystemBuffer == NULL);
    bytes = stack->MajorFunction == IRP_MJ_READ ? stack->Parameters.Read.Length : stack->Parameters.Write.Length;
    __try {
        if (stack->MajorFunction == IRP_MJ_READ) {
            ProbeForWrite(buffer, bytes, 1);
            RtlFillMemory(buffer, bytes, 0x5a);
        } else {
            ProbeForRead(buffer, bytes, 1);
            for (i = 0; i < bytes; ++i) {
                if (buffer[i] != 0xa5) {
                    status = STATUS_DATA_ERROR;
                }
            }
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return FrameComplete(Irp, status, NT_SUCCESS(status) ? bytes : 0);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device\\" FRAME_WIDE(RAW_NAME));
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(RAW_NAME));
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    DriverObject->MajorFunction[IRP_MJ_READ] = RawTransfer;
    DriverObject->MajorFunction[IRP_MJ_WRITE] = RawTransfer;
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &RawDevice);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    RawDevice->Flags &= ~DO_DEVICE_INITIALIZING;
    return IoCreateSymbolicLink(&link, &name);
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(L"\\DosDevices\\" FRAME_WIDE(RAW_NAME));

    UNREFERENCED_PARAMETER(DriverObject);
    IoDeleteSymbolicLink(&link); /* the frame deletes all devices */
}
