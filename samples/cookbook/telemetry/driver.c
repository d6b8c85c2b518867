/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A page of numbers that a DPC keeps up to date and that any number of applications read, without a system call and without
 * a way to change them: MdlMappingNoWrite makes the mapping read-only.
 *
 * Only the mapping is read-only. The driver writes through its own, system address, at any IRQL.
 */
#include <ntddk.h>

#include "public.h"

#ifndef MdlMappingNoWrite
#define MdlMappingNoWrite 0x80000000
#endif
#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif

#define TELEMETRY_TAG 'eleT'
#define PERIOD_MS 10

static TELEMETRY_PAGE *Page;
static PMDL PageMdl;
static KTIMER Timer;
static KDPC Dpc;

static VOID Sample(PKDPC Self, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    UNREFERENCED_PARAMETER(Self);
    UNREFERENCED_PARAMETER(Context);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    InterlockedIncrement(&Page->Sequence); /* odd; interlocked operations are full barriers */
    Page->Samples = Page->Samples + 1;
    Page->Triple = Page->Samples * 3;
    InterlockedIncrement(&Page->Sequence); /* even */
}

static NTSTATUS Map(PFILE_OBJECT File, unsigned long long *Address)
{
    if (File->FsContext != NULL) {
        return STATUS_INVALID_DEVICE_STATE;
    }
    __try {
        File->FsContext = MmMapLockedPagesSpecifyCache(PageMdl, UserMode, MmCached, NULL, FALSE,
                                                       NormalPagePriority | MdlMappingNoWrite | MdlMappingNoExecute);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    *Address = (ULONG_PTR)File->FsContext;
    return STATUS_SUCCESS;
}

static NTSTATUS TelemetryDispatch(PDEVICE_OBJECT Device, PIRP Irp)
{
    PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(Irp);
    NTSTATUS status = STATUS_SUCCESS;
    ULONG_PTR information = 0;

    UNREFERENCED_PARAMETER(Device);
    if (location->MajorFunction == IRP_MJ_CLEANUP && location->FileObject->FsContext != NULL) {
        MmUnmapLockedPages(location->FileObject->FsContext, PageMdl); /* see the viewers recipe for duplicated handles */
        location->FileObject->FsContext = NULL;
    } else if (location->MajorFunction == IRP_MJ_DEVICE_CONTROL) {
        if (location->Parameters.DeviceIoControl.IoControlCode != IOCTL_TELEMETRY_MAP) {
            status = STATUS_INVALID_DEVICE_REQUEST;
        } else if (location->Parameters.DeviceIoControl.OutputBufferLength < sizeof(unsigned long long)) {
            status = STATUS_BUFFER_TOO_SMALL;
        } else {
            status = Map(location->FileObject, (unsigned long long *)Irp->AssociatedIrp.SystemBuffer);
            information = NT_SUCCESS(status) ? sizeof(unsigned long long) : 0;
        }
    }
    Irp->IoStatus.Status = status;
    Irp->IoStatus.Information = information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return status;
}

static VOID FreeTelemetry(VOID)
{
    if (PageMdl != NULL) {
        IoFreeMdl(PageMdl);
    }
    if (Page != NULL) {
        ExFreePoolWithTag(Page, TELEMETRY_TAG);
    }
}

static VOID TelemetryUnload(PDRIVER_OBJECT Driver)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(TELEMETRY_LINK_NAME);

    KeCancelTimer(&Timer);
    KeFlushQueuedDpcs();
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(Driver->DeviceObject);
    FreeTelemetry();
}

NTSTATUS DriverEntry(PDRIVER_OBJECT Driver, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(TELEMETRY_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(TELEMETRY_LINK_NAME);
    LARGE_INTEGER due;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    /* A page of its own: what else lies in the page would be readable, too. */
    Page = (TELEMETRY_PAGE *)ExAllocatePoolWithTag(NonPagedPool, PAGE_SIZE, TELEMETRY_TAG);
    PageMdl = Page != NULL ? IoAllocateMdl(Page, PAGE_SIZE, FALSE, FALSE, NULL) : NULL;
    if (PageMdl == NULL) {
        FreeTelemetry();
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    RtlZeroMemory(Page, PAGE_SIZE);
    MmBuildMdlForNonPagedPool(PageMdl);
    status = IoCreateDevice(Driver, 0, &name, 0x8322, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        FreeTelemetry();
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        FreeTelemetry();
        return status;
    }
    Driver->MajorFunction[IRP_MJ_CREATE] = TelemetryDispatch;
    Driver->MajorFunction[IRP_MJ_CLEANUP] = TelemetryDispatch;
    Driver->MajorFunction[IRP_MJ_CLOSE] = TelemetryDispatch;
    Driver->MajorFunction[IRP_MJ_DEVICE_CONTROL] = TelemetryDispatch;
    Driver->DriverUnload = TelemetryUnload;
    KeInitializeTimerEx(&Timer, SynchronizationTimer);
    KeInitializeDpc(&Dpc, Sample, NULL);
    due.QuadPart = -10000LL * PERIOD_MS;
    KeSetTimerEx(&Timer, due, PERIOD_MS, &Dpc);
    return STATUS_SUCCESS;
}
