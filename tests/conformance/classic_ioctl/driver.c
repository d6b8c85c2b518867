/* SPDX-License-Identifier: Apache-2.0 */
/*++

Module: driver.c

Abstract:

    A driver in the style of the nineties: four control codes, one for each way of passing buffers. Each handler prints
    what the application sent and leaves a string for it.

Environment:

    Kernel mode only.

--*/

#include <ntddk.h>
#include <string.h>
#include "public.h"

#define NT_DEVICE_NAME      L"\\Device\\PWCLASSIC"
#define DOS_DEVICE_NAME     L"\\DosDevices\\PwClassicIoctl"

#if DBG
#define CLASSIC_KDPRINT(_x_) \
                DbgPrint("CLASSIC.SYS: ");\
                DbgPrint _x_;
#else
#define CLASSIC_KDPRINT(_x_)
#endif

DRIVER_INITIALIZE DriverEntry;

_Dispatch_type_(IRP_MJ_CREATE)
_Dispatch_type_(IRP_MJ_CLOSE)
DRIVER_DISPATCH ClassicCreateClose;

_Dispatch_type_(IRP_MJ_DEVICE_CONTROL)
DRIVER_DISPATCH ClassicDeviceControl;

DRIVER_UNLOAD ClassicUnload;

VOID
PrintIrpInfo(
    _In_ PIRP Irp
    );

VOID
PrintChars(
    _In_reads_(CountChars) PCHAR BufferAddress,
    _In_ SIZE_T CountChars
    );

#ifdef ALLOC_PRAGMA
#pragma alloc_text( INIT, DriverEntry )
#pragma alloc_text( PAGE, ClassicCreateClose)
#pragma alloc_text( PAGE, ClassicDeviceControl)
#pragma alloc_text( PAGE, ClassicUnload)
#pragma alloc_text( PAGE, PrintIrpInfo)
#pragma alloc_text( PAGE, PrintChars)
#endif

NTSTATUS
DriverEntry(
    _In_ PDRIVER_OBJECT   DriverObject,
    _In_ PUNICODE_STRING  RegistryPath
    )
/*++

Routine Description:

    Called when the driver is loaded: makes the device, its name for applications, and fills in the dispatch table.

Return Value:

    STATUS_SUCCESS, or what went wrong.

--*/
{
    NTSTATUS        ntStatus;
    UNICODE_STRING  ntUnicodeString;
    UNICODE_STRING  ntWin32NameString;
    PDEVICE_OBJECT  deviceObject = NULL;

    UNREFERENCED_PARAMETER(RegistryPath);

    RtlInitUnicodeString( &ntUnicodeString, NT_DEVICE_NAME );

    ntStatus = IoCreateDevice(
        DriverObject,
        0,                          // no device extension
        &ntUnicodeString,
        FILE_DEVICE_UNKNOWN,
        FILE_DEVICE_SECURE_OPEN,
        FALSE,                      // not exclusive
        &deviceObject );

    if ( !NT_SUCCESS( ntStatus ) )
    {
        CLASSIC_KDPRINT(("Couldn't create the device object\n"));
        return ntStatus;
    }

    DriverObject->MajorFunction[IRP_MJ_CREATE] = ClassicCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = ClassicCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = ClassicDeviceControl;
    DriverObject->DriverUnload = ClassicUnload;

    RtlInitUnicodeString( &ntWin32NameString, DOS_DEVICE_NAME );

    ntStatus = IoCreateSymbolicLink( &ntWin32NameString, &ntUnicodeString );

    if ( !NT_SUCCESS( ntStatus ) )
    {
        CLASSIC_KDPRINT(("Couldn't create the symbolic link\n"));
        IoDeleteDevice( deviceObject );
    }

    return ntStatus;
}


NTSTATUS
ClassicCreateClose(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PAGED_CODE();

    UNREFERENCED_PARAMETER(DeviceObject);

    Irp->IoStatus.Status = STATUS_SUCCESS;
    Irp->IoStatus.Information = 0;

    IoCompleteRequest( Irp, IO_NO_INCREMENT );

    return STATUS_SUCCESS;
}


VOID
ClassicUnload(
    _In_ PDRIVER_OBJECT DriverObject
    )
{
    PDEVICE_OBJECT deviceObject = DriverObject->DeviceObject;
    UNICODE_STRING uniWin32NameString;

    PAGED_CODE();

    RtlInitUnicodeString( &uniWin32NameString, DOS_DEVICE_NAME );

    IoDeleteSymbolicLink( &uniWin32NameString );

    if ( deviceObject != NULL )
    {
        IoDeleteDevice( deviceObject );
    }
}


NTSTATUS
ClassicDeviceControl(
    PDEVICE_OBJECT DeviceObject,
    PIRP Irp
    )
{
    PIO_STACK_LOCATION  irpSp;
    NTSTATUS            ntStatus = STATUS_SUCCESS;
    ULONG               inBufLength;
    ULONG               outBufLength;
    PCHAR               inBuf, outBuf;
    PCHAR               data = CLASSIC_REPLY;
    size_t              datalen = strlen(data)+1;   // with the final zero
    PMDL                mdl = NULL;
    PCHAR               buffer = NULL;

    UNREFERENCED_PARAMETER(DeviceObject);

    PAGED_CODE();

    irpSp = IoGetCurrentIrpStackLocation( Irp );
    inBufLength = irpSp->Parameters.DeviceIoControl.InputBufferLength;
    outBufLength = irpSp->Parameters.DeviceIoControl.OutputBufferLength;

    if (!inBufLength || !outBufLength)
    {
        ntStatus = STATUS_INVALID_PARAMETER;
        goto End;
    }

    switch ( irpSp->Parameters.DeviceIoControl.IoControlCode )
    {
    case IOCTL_CLASSIC_BUFFERED:

        CLASSIC_KDPRINT(("IOCTL_CLASSIC_BUFFERED\n"));
        PrintIrpInfo(Irp);

        inBuf = Irp->AssociatedIrp.SystemBuffer;
        outBuf = Irp->AssociatedIrp.SystemBuffer;

        CLASSIC_KDPRINT(("\tData from user: "));
        PrintChars(inBuf, inBufLength);

        RtlCopyBytes(outBuf, data, outBufLength < datalen ? outBufLength : datalen);

        Irp->IoStatus.Information = (outBufLength < datalen ? outBufLength : datalen);
        break;

    case IOCTL_CLASSIC_NEITHER:

        //
        // The buffers are raw addresses of the caller. We are in its context here, so they mean what the caller
        // means; but they may be bad, and they may go bad while we use them. So: probe and touch under try/except.
        //

        CLASSIC_KDPRINT(("IOCTL_CLASSIC_NEITHER\n"));
        PrintIrpInfo(Irp);

        inBuf = irpSp->Parameters.DeviceIoControl.Type3InputBuffer;
        outBuf = Irp->UserBuffer;

        try {
            ProbeForRead( inBuf, inBufLength, sizeof( UCHAR ) );
            CLASSIC_KDPRINT(("\tData from user: "));
            PrintChars(inBuf, inBufLength);
        }
        except(EXCEPTION_EXECUTE_HANDLER)
        {
            ntStatus = GetExceptionCode();
            CLASSIC_KDPRINT(("Exception 0x%08x while reading inBuf %p\n", (ULONG)ntStatus, inBuf));
            break;
        }

        //
        // To write from any context, the pages are locked and given a system address.
        //

        mdl = IoAllocateMdl(outBuf, outBufLength, FALSE, TRUE, NULL);
        if(!mdl)
        {
            ntStatus = STATUS_INSUFFICIENT_RESOURCES;
            break;
        }

        try
        {
            MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
        }
        except(EXCEPTION_EXECUTE_HANDLER)
        {
            ntStatus = GetExceptionCode();
            CLASSIC_KDPRINT(("Exception 0x%08x while locking outBuf %p\n", (ULONG)ntStatus, outBuf));
            IoFreeMdl(mdl);
            break;
        }

        buffer = MmGetSystemAddressForMdlSafe( mdl, NormalPagePriority );

        if(!buffer) {
            ntStatus = STATUS_INSUFFICIENT_RESOURCES;
        } else {
            RtlCopyMemory(buffer, data, outBufLength < datalen ? outBufLength : datalen);
            Irp->IoStatus.Information = (outBufLength < datalen ? outBufLength : datalen);
        }

        MmUnlockPages(mdl);
        IoFreeMdl(mdl);
        break;

    case IOCTL_CLASSIC_IN_DIRECT:

        CLASSIC_KDPRINT(("IOCTL_CLASSIC_IN_DIRECT\n"));
        PrintIrpInfo(Irp);

        inBuf = Irp->AssociatedIrp.SystemBuffer;

        CLASSIC_KDPRINT(("\tData from user in the system buffer: "));
        PrintChars(inBuf, inBufLength);

        buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);

        if(!buffer) {
            ntStatus = STATUS_INSUFFICIENT_RESOURCES;
            break;
        }

        CLASSIC_KDPRINT(("\tData from user in the direct buffer: "));
        PrintChars(buffer, outBufLength);

        Irp->IoStatus.Information = MmGetMdlByteCount(Irp->MdlAddress);
        break;

    case IOCTL_CLASSIC_OUT_DIRECT:

        CLASSIC_KDPRINT(("IOCTL_CLASSIC_OUT_DIRECT\n"));
        PrintIrpInfo(Irp);

        inBuf = Irp->AssociatedIrp.SystemBuffer;

        CLASSIC_KDPRINT(("\tData from user: "));
        PrintChars(inBuf, inBufLength);

        buffer = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);

        if(!buffer) {
            ntStatus = STATUS_INSUFFICIENT_RESOURCES;
            break;
        }

        RtlCopyBytes(buffer, data, outBufLength < datalen ? outBufLength : datalen);

        Irp->IoStatus.Information = (outBufLength < datalen ? outBufLength : datalen);
        break;

    default:

        ntStatus = STATUS_INVALID_DEVICE_REQUEST;
        CLASSIC_KDPRINT(("ERROR: unrecognized IOCTL %x\n",
            irpSp->Parameters.DeviceIoControl.IoControlCode));
        break;
    }

End:

    Irp->IoStatus.Status = ntStatus;
    IoCompleteRequest( Irp, IO_NO_INCREMENT );
    return ntStatus;
}

VOID
PrintIrpInfo(
    PIRP Irp)
{
    PIO_STACK_LOCATION  irpSp;
    irpSp = IoGetCurrentIrpStackLocation( Irp );

    PAGED_CODE();

    UNREFERENCED_PARAMETER(irpSp);
    CLASSIC_KDPRINT(("\tIrp->AssociatedIrp.SystemBuffer = 0x%p\n",
        Irp->AssociatedIrp.SystemBuffer));
    CLASSIC_KDPRINT(("\tIrp->UserBuffer = 0x%p\n", Irp->UserBuffer));
    CLASSIC_KDPRINT(("\tInputBufferLength = %d, OutputBufferLength = %d\n",
        irpSp->Parameters.DeviceIoControl.InputBufferLength,
        irpSp->Parameters.DeviceIoControl.OutputBufferLength ));
    return;
}

VOID
PrintChars(
    _In_reads_(CountChars) PCHAR BufferAddress,
    _In_ SIZE_T CountChars
    )
{
    PAGED_CODE();

    if (CountChars) {

        while (CountChars--) {

            if (*BufferAddress > 31
                 && *BufferAddress != 127) {

                KdPrint (( "%c", *BufferAddress) );

            } else {

                KdPrint(( ".") );

            }
            BufferAddress++;
        }
        KdPrint (("\n"));
    }
    return;
}
