/* SPDX-License-Identifier: Apache-2.0 */
/*
 * transfer.c - three of the four ways in which a device control can move data: METHOD_BUFFERED, METHOD_IN_DIRECT and
 * METHOD_OUT_DIRECT, the last with a request that stays pending while a timer DPC writes into the application's memory.
 */
#include <ntddk.h>

#include "../public.h"

#define TICK_MS 2

typedef struct _DEVICE_EXTENSION {
    /* Everything below is protected by Lock, which the DPC takes, too. */
    KSPIN_LOCK Lock;
    PIRP LiveIrp;            /* the pending IOCTL_TRANSFER_LIVE, or NULL */
    PFILE_OBJECT LiveFile;   /* whose it is: CLEANUP of that file ends it */
    TRANSFER_LIVE *Live;     /* its buffer, at its system address: valid at any IRQL, in any process */
    PUCHAR LiveBytes;        /* behind the structure */
    ULONG LiveByteCount;
    ULONG LiveTicks;         /* our own count: never read back what the application could have changed */
    ULONG Checksum;          /* of the last IOCTL_TRANSFER_SEND */

    KTIMER Timer;
    KDPC Dpc;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD TransferUnload;
static DRIVER_DISPATCH TransferCreateClose;
static DRIVER_DISPATCH TransferCleanup;
static DRIVER_DISPATCH TransferControl;
static DRIVER_CANCEL TransferCancel;
static KDEFERRED_ROUTINE TransferTick;

/* ------------------------------------------------------------------------------------------------- completion */

/*
 * Information is how many bytes the I/O manager copies back for METHOD_BUFFERED, and what the application gets as
 * "bytes returned" for all methods. It must never be more than the output buffer's length.
 */
static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status; /* the Irp is gone: never touch it after IoCompleteRequest, not even to read the status */
}

/* -------------------------------------------------------------------------------------------- METHOD_BUFFERED */

static NTSTATUS Reverse(PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG inLength = Stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG outLength = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PUCHAR buffer = (PUCHAR)Irp->AssociatedIrp.SystemBuffer;
    ULONG i;

    /* With both lengths 0 there is no system buffer at all. */
    if (inLength == 0) {
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    }

    /*
     * Input and output share this one buffer of max(inLength, outLength) bytes. It is ours alone: the application
     * cannot change it under us, so a value that has been checked stays checked. Reversing in place is safe; a driver
     * that writes its answer before it has read all of its input destroys the input.
     */
    for (i = 0; i < inLength / 2; ++i) {
        UCHAR byte = buffer[i];

        buffer[i] = buffer[inLength - 1 - i];
        buffer[inLength - 1 - i] = byte;
    }
    if (outLength < inLength) {
        /* A warning: the outLength bytes are copied, and the caller learns that there is more. With an error status
           (STATUS_BUFFER_TOO_SMALL) nothing would be copied. */
        return Complete(Irp, STATUS_BUFFER_OVERFLOW, outLength);
    }
    /* Exactly inLength, not outLength: bytes behind the answer may hold old pool contents, which are not for export. */
    return Complete(Irp, STATUS_SUCCESS, inLength);
}

static NTSTATUS GetChecksum(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    KIRQL irql;

    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(ULONG)) {
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    KeAcquireSpinLock(&Extension->Lock, &irql);
    *(PULONG)Irp->AssociatedIrp.SystemBuffer = Extension->Checksum;
    KeReleaseSpinLock(&Extension->Lock, irql);
    return Complete(Irp, STATUS_SUCCESS, sizeof(ULONG));
}

/* ------------------------------------------------------------------------------------------- METHOD_IN_DIRECT */

static NTSTATUS Send(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG length = Stack->Parameters.DeviceIoControl.OutputBufferLength; /* "output" is the direct buffer's name */
    const volatile UCHAR *bytes;
    ULONG checksum = 0;
    ULONG i;
    KIRQL irql;

    /* A direct buffer of length 0 has no MDL. */
    if (Irp->MdlAddress == NULL) {
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    }

    /*
     * The I/O manager has checked that the application may read these pages, locked them, and described them by the
     * MDL. This gives us an address of our own for the same pages. It can fail: always use the Safe form and test.
     */
    bytes = (const volatile UCHAR *)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (bytes == NULL) {
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }

    /*
     * These are not a copy: the application can change them while we read. So each byte is read once, and nothing
     * that we check here may be read again later and trusted.
     */
    for (i = 0; i < length; ++i) {
        checksum = checksum * 31 + bytes[i];
    }
    KeAcquireSpinLock(&Extension->Lock, &irql);
    Extension->Checksum = checksum;
    KeReleaseSpinLock(&Extension->Lock, irql);
    return Complete(Irp, STATUS_SUCCESS, length);
}

/* ------------------------------------------------------------------------------------------ METHOD_OUT_DIRECT */

static VOID ArmTimer(PDEVICE_EXTENSION Extension)
{
    LARGE_INTEGER due;

    due.QuadPart = -(LONGLONG)TICK_MS * 10000; /* negative: relative, in units of 100 ns */
    KeSetTimer(&Extension->Timer, due, &Extension->Dpc);
}

/*
 * Takes the pending request away from everybody else. Lock is held. Returns NULL if there is none, or if its cancel
 * routine has started: then that routine owns the request and completes it.
 */
static PIRP TakeLiveIrp(PDEVICE_EXTENSION Extension)
{
    PIRP irp = Extension->LiveIrp;

    if (irp == NULL || IoSetCancelRoutine(irp, NULL) == NULL) {
        return NULL;
    }
    Extension->LiveIrp = NULL;
    Extension->LiveFile = NULL;
    Extension->Live = NULL;
    return irp;
}

static NTSTATUS StartLive(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG length = Stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID address;
    NTSTATUS status = STATUS_PENDING;
    KIRQL irql;

    if (Irp->MdlAddress == NULL || length < sizeof(TRANSFER_LIVE)) {
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    /* The application decides where its buffer is, so it may lie at an odd address; ours would, too. */
    if ((MmGetMdlByteOffset(Irp->MdlAddress) & (sizeof(ULONG) - 1)) != 0) {
        return Complete(Irp, STATUS_DATATYPE_MISALIGNMENT, 0);
    }
    /* Get the system address here, at PASSIVE_LEVEL; the DPC only uses it. */
    address = MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    if (address == NULL) {
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }

    KeAcquireSpinLock(&Extension->Lock, &irql);
    if (Extension->LiveIrp != NULL) {
        status = STATUS_DEVICE_BUSY;
    } else {
        Extension->LiveIrp = Irp;
        Extension->LiveFile = Stack->FileObject;
        Extension->Live = (TRANSFER_LIVE *)address;
        Extension->LiveBytes = (PUCHAR)address + sizeof(TRANSFER_LIVE);
        Extension->LiveByteCount = length - sizeof(TRANSFER_LIVE);
        Extension->LiveTicks = 0;
        /*
         * Mark it pending before anybody else can complete it, then make it cancellable. If it was cancelled before
         * the cancel routine was set, nobody will call the routine: take the request back and complete it ourselves.
         */
        IoMarkIrpPending(Irp);
        IoSetCancelRoutine(Irp, TransferCancel);
        if (Irp->Cancel && IoSetCancelRoutine(Irp, NULL) != NULL) {
            Extension->LiveIrp = NULL;
            Extension->LiveFile = NULL;
            Extension->Live = NULL;
            KeReleaseSpinLock(&Extension->Lock, irql);
            (VOID)Complete(Irp, STATUS_CANCELLED, 0);
            return STATUS_PENDING; /* it was marked pending, so this is what we return */
        }
    }
    KeReleaseSpinLock(&Extension->Lock, irql);

    if (status != STATUS_PENDING) {
        return Complete(Irp, status, 0);
    }
    ArmTimer(Extension);
    return STATUS_PENDING; /* from here on the Irp may already be complete: do not touch it */
}

/*
 * Runs at DISPATCH_LEVEL, in whatever process happens to be current. The application's own address would be useless
 * here; the system address is not. Nothing here may wait, touch pageable memory or raise an exception.
 */
static VOID TransferTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)Context;
    PIRP irp = NULL;
    ULONG_PTR information = 0;
    BOOLEAN again = FALSE;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);

    KeAcquireSpinLockAtDpcLevel(&extension->Lock);
    if (extension->LiveIrp != NULL) {
        TRANSFER_LIVE *live = extension->Live;
        ULONG tick = extension->LiveTicks;

        live->Answer = live->Question ^ TRANSFER_ANSWER_KEY; /* read once, then used */
        if (tick < extension->LiveByteCount) {
            extension->LiveBytes[tick] = TRANSFER_LIVE_BYTE(tick);
        }
        extension->LiveTicks = tick + 1;
        /* An interlocked operation is a full barrier: whoever sees the new count sees what was written before it. */
        InterlockedExchange((volatile LONG *)&live->Ticks, (LONG)(tick + 1));

        if (live->Stop != 0) {
            ULONG written = tick + 1 < extension->LiveByteCount ? tick + 1 : extension->LiveByteCount;

            information = sizeof(TRANSFER_LIVE) + (ULONG_PTR)written;
            irp = TakeLiveIrp(extension);
        } else {
            again = TRUE;
        }
    }
    KeReleaseSpinLockFromDpcLevel(&extension->Lock);

    /* Completion runs other people's code: never call it with a lock held. */
    if (irp != NULL) {
        (VOID)Complete(irp, STATUS_SUCCESS, information);
    }
    if (again) {
        ArmTimer(extension);
    }
}

/* The I/O manager calls this with the cancel spin lock held, for a thread that ends or calls CancelIo. */
static VOID TransferCancel(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    KIRQL irql;

    IoReleaseCancelSpinLock(Irp->CancelIrql);
    KeAcquireSpinLock(&extension->Lock, &irql);
    if (extension->LiveIrp == Irp) {
        extension->LiveIrp = NULL; /* the DPC must not write into pages that are about to be unlocked */
        extension->LiveFile = NULL;
        extension->Live = NULL;
    }
    KeReleaseSpinLock(&extension->Lock, irql);
    (VOID)Complete(Irp, STATUS_CANCELLED, 0);
}

static NTSTATUS GetState(PDEVICE_EXTENSION Extension, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    TRANSFER_STATE *state = (TRANSFER_STATE *)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status = STATUS_NOT_FOUND;
    KIRQL irql;

    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*state)) {
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    RtlZeroMemory(state, sizeof(*state));
    KeAcquireSpinLock(&Extension->Lock, &irql);
    if (Extension->LiveIrp != NULL) {
        PMDL mdl = Extension->LiveIrp->MdlAddress;
        PPFN_NUMBER frames = MmGetMdlPfnArray(mdl);
        ULONG pages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(mdl), MmGetMdlByteCount(mdl));
        ULONG i;

        state->ByteCount = MmGetMdlByteCount(mdl);
        state->ByteOffset = MmGetMdlByteOffset(mdl);
        state->UserAddress = (ULONG_PTR)MmGetMdlVirtualAddress(mdl);
        state->SystemAddress = (ULONG_PTR)Extension->Live; /* a teaching aid: real drivers do not hand these out */
        for (i = 0; i < pages && i < TRANSFER_MAX_FRAMES; ++i) {
            state->FirstFrames[i] = frames[i];
        }
        status = STATUS_SUCCESS;
    }
    KeReleaseSpinLock(&Extension->Lock, irql);
    return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(*state) : 0);
}

/* -------------------------------------------------------------------------------------------------- dispatch */

static NTSTATUS TransferControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_TRANSFER_REVERSE:
        return Reverse(Irp, stack);
    case IOCTL_TRANSFER_SEND:
        return Send(extension, Irp, stack);
    case IOCTL_TRANSFER_CHECKSUM:
        return GetChecksum(extension, Irp, stack);
    case IOCTL_TRANSFER_LIVE:
        return StartLive(extension, Irp, stack);
    case IOCTL_TRANSFER_STATE:
        return GetState(extension, Irp, stack);
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS TransferCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* The last handle of this file object is closed: whatever it has pending must end now. CLOSE comes only after that. */
static NTSTATUS TransferCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PFILE_OBJECT file = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PIRP pending = NULL;
    KIRQL irql;

    KeAcquireSpinLock(&extension->Lock, &irql);
    if (extension->LiveFile == file) {
        pending = TakeLiveIrp(extension);
    }
    KeReleaseSpinLock(&extension->Lock, irql);
    if (pending != NULL) {
        (VOID)Complete(pending, STATUS_CANCELLED, 0);
    }
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* Called when no handle is left, so no request is either; only a last timer may still be on its way. */
static VOID TransferUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device = DriverObject->DeviceObject;
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)device->DeviceExtension;
    UNICODE_STRING link = RTL_CONSTANT_STRING(TRANSFER_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    KeCancelTimer(&extension->Timer);
    KeFlushQueuedDpcs(); /* a DPC that was queued already has run when this returns */
    IoDeleteDevice(device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(TRANSFER_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(TRANSFER_LINK_NAME);
    PDEVICE_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = TransferCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = TransferCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = TransferCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = TransferControl;
    DriverObject->DriverUnload = TransferUnload;

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &name, TRANSFER_DEVICE_TYPE,
                            FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = (PDEVICE_EXTENSION)device->DeviceExtension; /* zeroed by IoCreateDevice, non-paged */
    KeInitializeSpinLock(&extension->Lock);
    KeInitializeTimer(&extension->Timer);
    KeInitializeDpc(&extension->Dpc, TransferTick, extension);

    /* The link makes \\.\TransferSample work. It comes last: from here on applications can open the device. */
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
    }
    return status;
}
