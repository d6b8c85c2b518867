/* SPDX-License-Identifier: Apache-2.0 */
/* The driver of `partywall bench`: does as little as a driver can for each kind of request. */
#include "bench_driver.h"

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD BenchUnload;
static DRIVER_DISPATCH BenchCreate;
static DRIVER_DISPATCH BenchCleanup;
static DRIVER_DISPATCH BenchClose;
static DRIVER_DISPATCH BenchControl;

static NTSTATUS BenchFinish(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS BenchCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT fileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PBENCH_FILE file = (PBENCH_FILE)ExAllocatePoolWithTag(NonPagedPool, sizeof(BENCH_FILE), BENCH_TAG);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (file == NULL) {
        return BenchFinish(Irp, STATUS_INSUFFICIENT_RESOURCES, 0);
    }
    RtlZeroMemory(file, sizeof(*file));
    fileObject->FsContext = file;
    return BenchFinish(Irp, STATUS_SUCCESS, 0);
}

/* In the context of the process that goes: the last chance to unmap. */
static NTSTATUS BenchCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT fileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PBENCH_FILE file = (PBENCH_FILE)fileObject->FsContext;

    UNREFERENCED_PARAMETER(DeviceObject);
    BenchPartnerStop(file);
    BenchRelease(fileObject);
    (VOID)BenchPreparedUnmap(file);
    (VOID)BenchPrepare(file, 0);
    return BenchFinish(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS BenchClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    ExFreePoolWithTag(IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext, BENCH_TAG);
    return BenchFinish(Irp, STATUS_SUCCESS, 0);
}

/* The two ends of the caller's buffer, through the system address. */
static PUCHAR BenchEnds(PIRP Irp, ULONG Length, NTSTATUS *Status)
{
    PUCHAR bytes = NULL;

    if (Length < 2 * sizeof(ULONG64)) {
        *Status = STATUS_BUFFER_TOO_SMALL;
        return NULL;
    }
    bytes = (PUCHAR)MmGetSystemAddressForMdlSafe(Irp->MdlAddress, NormalPagePriority);
    *Status = bytes == NULL ? STATUS_INSUFFICIENT_RESOURCES : STATUS_SUCCESS;
    return bytes;
}

static NTSTATUS BenchTouch(PIRP Irp, ULONG Length)
{
    NTSTATUS status;
    PUCHAR bytes = BenchEnds(Irp, Length, &status);

    if (bytes != NULL) {
        *(ULONG64 UNALIGNED *)bytes += 1;
        *(ULONG64 UNALIGNED *)(bytes + Length - sizeof(ULONG64)) += 1;
    }
    return status;
}

static NTSTATUS BenchRead(PIRP Irp, ULONG Length)
{
    NTSTATUS status;
    PUCHAR bytes = BenchEnds(Irp, Length, &status);

    if (bytes != NULL && *(volatile ULONG64 UNALIGNED *)bytes == ~0ULL &&
        *(volatile ULONG64 UNALIGNED *)(bytes + Length - sizeof(ULONG64)) == ~0ULL) {
        return STATUS_DATA_ERROR; /* the application never writes that: the reads are used */
    }
    return status;
}

static NTSTATUS BenchNeither(PIRP Irp, PIO_STACK_LOCATION Stack, ULONG Length)
{
    UCHAR bytes[256];

    if (Length == 0 || Length > sizeof(bytes)) {
        return STATUS_INVALID_BUFFER_SIZE;
    }
    __try {
        ProbeForRead(Stack->Parameters.DeviceIoControl.Type3InputBuffer, Length, 1);
        ProbeForWrite(Irp->UserBuffer, Length, 1);
        RtlCopyMemory(bytes, Stack->Parameters.DeviceIoControl.Type3InputBuffer, Length);
        RtlCopyMemory(Irp->UserBuffer, bytes, Length);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    return STATUS_SUCCESS;
}

/* What is not measured for its own cost: requests with a structure in the system buffer. */
static NTSTATUS BenchSetUp(PIRP Irp, PIO_STACK_LOCATION Stack, ULONG InputLength, ULONG OutputLength)
{
    PBENCH_FILE file = (PBENCH_FILE)Stack->FileObject->FsContext;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    BENCH_ADDRESS address;
    NTSTATUS status;

    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_BENCH_RELEASE:
        BenchRelease(Stack->FileObject);
        return BenchFinish(Irp, STATUS_SUCCESS, 0);
    case IOCTL_BENCH_PREPARE:
        if (InputLength < sizeof(BENCH_SIZE)) {
            return BenchFinish(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        return BenchFinish(Irp, BenchPrepare(file, ((BENCH_SIZE *)buffer)->Bytes), 0);
    case IOCTL_BENCH_PREPARED_MAP:
        if (InputLength < sizeof(ULONG) || OutputLength < sizeof(BENCH_ADDRESS)) {
            return BenchFinish(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        status = BenchPreparedMap(file, *(ULONG *)buffer == BENCH_MIRRORED, &address);
        if (NT_SUCCESS(status)) {
            *(BENCH_ADDRESS *)buffer = address;
        }
        return BenchFinish(Irp, status, NT_SUCCESS(status) ? sizeof(BENCH_ADDRESS) : 0);
    case IOCTL_BENCH_PARTNER_EVENTS:
        if (InputLength < sizeof(BENCH_EVENTS)) {
            return BenchFinish(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        return BenchFinish(Irp, BenchPartnerEvents(file, (BENCH_EVENTS *)buffer), 0);
    case IOCTL_BENCH_PARTNER_SPIN:
        return BenchFinish(Irp, BenchPartnerSpin(file), 0);
    case IOCTL_BENCH_PARTNER_STOP:
        BenchPartnerStop(file);
        return BenchFinish(Irp, STATUS_SUCCESS, 0);
    default:
        return BenchFinish(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
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
        return BenchFinish(Irp, BenchPoolMapUnmap(), 0);
    case IOCTL_BENCH_READ:
        return BenchFinish(Irp, BenchRead(Irp, outputLength), 0);
    case IOCTL_BENCH_NEITHER:
        status = BenchNeither(Irp, stack, inputLength < outputLength ? inputLength : outputLength);
        return BenchFinish(Irp, status, NT_SUCCESS(status) ? outputLength : 0);
    case IOCTL_BENCH_PEND:
        return BenchPend(Irp);
    case IOCTL_BENCH_HOLD:
        return BenchHold(Irp);
    case IOCTL_BENCH_PREPARED_MAP_UNMAP:
        return BenchFinish(Irp, BenchPreparedMapUnmap((PBENCH_FILE)stack->FileObject->FsContext), 0);
    case IOCTL_BENCH_PREPARED_UNMAP:
        return BenchFinish(Irp, BenchPreparedUnmap((PBENCH_FILE)stack->FileObject->FsContext), 0);
    case IOCTL_BENCH_NEW_PAGE:
        return BenchFinish(Irp, BenchNewPage(), 0);
    default:
        return BenchSetUp(Irp, stack, inputLength, outputLength);
    }
}

static VOID BenchUnload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(BENCH_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    BenchPendingStop();
    IoDeleteDevice(DriverObject->DeviceObject);
    BenchPoolStop();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(BENCH_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(BENCH_LINK_NAME);
    PDEVICE_OBJECT device = NULL;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = BenchCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = BenchCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = BenchClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = BenchControl;
    DriverObject->DriverUnload = BenchUnload;

    status = BenchPoolStart();
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = BenchPendingStart();
    if (!NT_SUCCESS(status)) {
        BenchPoolStop();
        return status;
    }
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (NT_SUCCESS(status)) {
        status = IoCreateSymbolicLink(&link, &name);
    }
    if (!NT_SUCCESS(status)) {
        if (device != NULL) {
            IoDeleteDevice(device);
        }
        BenchPendingStop();
        BenchPoolStop();
    }
    return status;
}
