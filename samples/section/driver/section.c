/* SPDX-License-Identifier: Apache-2.0 */
/*
 * section.c - memory that driver and applications share by the name of a section object, in both directions.
 *
 *   The driver creates    ZwCreateSection, named, as a kernel handle; MmMapViewInSystemSpace gives an address that is good
 *                         in every process. Applications open it with OpenFileMapping.
 *   The application does  CreateFileMapping. The driver opens it by name, maps it into the process that asks, and touches
 *                         it only under __try: the application may do anything to it, at any time.
 *   At raised IRQL        a view is pageable. Lock its pages with an MDL and use the MDL's system address.
 */
#include <ntddk.h>

#include "../public.h"

#define SECTION_TAG 'tceS'

typedef struct _DEVICE_EXTENSION {
    KEVENT Unlocked; /* signalled while nobody holds the lock; protects the two below */
    HANDLE Section;  /* a kernel handle: valid in every process; keeps the section and its name */
    PUCHAR View;     /* of the section, in system space: valid in every process */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD SectionUnload;
static DRIVER_DISPATCH SectionCreateClose;
static DRIVER_DISPATCH SectionControl;

/* ------------------------------------------------------------------------------------------- the driver's section */

/*
 * Runs in the context of the application that asks first. The section gets its default security from there, so that this
 * user can open it. A driver that creates its section in DriverEntry (in the system's context) must put a security
 * descriptor into the OBJECT_ATTRIBUTES, or only administrators can.
 */
static NTSTATUS CreateOwnLocked(PDEVICE_EXTENSION Extension)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(SECTION_DRIVERS_NAME_NT);
    OBJECT_ATTRIBUTES attributes;
    LARGE_INTEGER size;
    SIZE_T viewSize = 0;
    PVOID section = NULL;
    PVOID view = NULL;
    NTSTATUS status;

    if (Extension->Section != NULL) {
        return STATUS_SUCCESS;
    }
    size.QuadPart = SECTION_BYTES;
    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    /* Without OBJ_OPENIF: a section that somebody else has put there under our name is not ours. */
    status = ZwCreateSection(&Extension->Section, SECTION_ALL_ACCESS, &attributes, &size, PAGE_READWRITE, SEC_COMMIT, NULL);
    if (!NT_SUCCESS(status)) {
        Extension->Section = NULL;
        return status;
    }
    status = ObReferenceObjectByHandle(Extension->Section, SECTION_MAP_READ | SECTION_MAP_WRITE, NULL, KernelMode, &section,
                                       NULL);
    if (NT_SUCCESS(status)) {
        status = MmMapViewInSystemSpace(section, &view, &viewSize);
        ObDereferenceObject(section); /* the view has a reference of its own */
    }
    if (!NT_SUCCESS(status)) {
        ZwClose(Extension->Section);
        Extension->Section = NULL;
        return status;
    }
    Extension->View = (PUCHAR)view;
    return STATUS_SUCCESS;
}

static VOID DeleteOwn(PDEVICE_EXTENSION Extension)
{
    if (Extension->View != NULL) {
        MmUnmapViewInSystemSpace(Extension->View);
    }
    if (Extension->Section != NULL) {
        ZwClose(Extension->Section); /* the name goes now; applications' views stay theirs */
    }
}

/*
 * One exchange at an address of shared memory. What is read there is read once: an application can change it between two
 * looks. User addresses need __try; MmMapViewInSystemSpace's does, too, when the section lies over a file.
 */
static NTSTATUS Exchange(PUCHAR View, SECTION_EXCHANGE *Request)
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        volatile ULONG *word = (volatile ULONG *)(View + Request->Offset);
        ULONG seen = word[0];

        word[1] = Request->Answer;
        Request->Answer = seen;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS ExchangeInOwn(PDEVICE_EXTENSION Extension, SECTION_EXCHANGE *Request)
{
    NTSTATUS status;

    (VOID)KeWaitForSingleObject(&Extension->Unlocked, Executive, KernelMode, FALSE, NULL);
    status = Extension->View == NULL ? STATUS_DEVICE_NOT_READY : Exchange(Extension->View, Request);
    KeSetEvent(&Extension->Unlocked, IO_NO_INCREMENT, FALSE);
    return status;
}

/* -------------------------------------------------------------------------------------- the application's section */

/* Maps it into the current process: the view's address means nothing elsewhere. */
static NTSTATUS MapApps(PUCHAR *View)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(SECTION_APPS_NAME_NT);
    OBJECT_ATTRIBUTES attributes;
    HANDLE section;
    PVOID view = NULL;
    SIZE_T size = 0;
    NTSTATUS status;

    InitializeObjectAttributes(&attributes, &name, OBJ_KERNEL_HANDLE | OBJ_CASE_INSENSITIVE, NULL, NULL);
    status = ZwOpenSection(&section, SECTION_MAP_READ | SECTION_MAP_WRITE, &attributes);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ZwMapViewOfSection(section, ZwCurrentProcess(), &view, 0, 0, NULL, &size, ViewUnmap, 0, PAGE_READWRITE);
    ZwClose(section); /* the view keeps the section */
    if (!NT_SUCCESS(status)) {
        return status;
    }
    if (size < SECTION_BYTES) { /* whoever made it chose the size */
        ZwUnmapViewOfSection(ZwCurrentProcess(), view);
        return STATUS_INVALID_VIEW_SIZE;
    }
    *View = (PUCHAR)view;
    return STATUS_SUCCESS;
}

typedef struct _DPC_WORK {
    KDPC Dpc;
    KEVENT Done;
    volatile ULONG *Word; /* a system address of locked pages */
    ULONG Answer;         /* in: to be written; out: what was read */
} DPC_WORK, *PDPC_WORK;

static KDEFERRED_ROUTINE ExchangeInDpc;
static VOID ExchangeInDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDPC_WORK work = (PDPC_WORK)Context;
    ULONG seen = work->Word[0];

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    work->Word[1] = work->Answer;
    work->Answer = seen;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

/* Locks the pages of a user address, lets a DPC use them, unlocks them. */
static NTSTATUS ExchangeRaised(PUCHAR View, SECTION_EXCHANGE *Request)
{
    PMDL mdl = IoAllocateMdl(View, SECTION_BYTES, FALSE, FALSE, NULL);
    PDPC_WORK work = (PDPC_WORK)ExAllocatePoolWithTag(NonPagedPool, sizeof(DPC_WORK), SECTION_TAG);
    NTSTATUS status = STATUS_SUCCESS;
    PUCHAR address;

    if (mdl == NULL || work == NULL) {
        status = STATUS_INSUFFICIENT_RESOURCES;
    } else {
        __try {
            MmProbeAndLockPages(mdl, UserMode, IoWriteAccess);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            status = GetExceptionCode();
        }
    }
    if (NT_SUCCESS(status)) {
        address = (PUCHAR)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
        if (address != NULL) {
            work->Word = (volatile ULONG *)(address + Request->Offset);
            work->Answer = Request->Answer;
            KeInitializeEvent(&work->Done, NotificationEvent, FALSE);
            KeInitializeDpc(&work->Dpc, ExchangeInDpc, work);
            KeInsertQueueDpc(&work->Dpc, NULL, NULL);
            (VOID)KeWaitForSingleObject(&work->Done, Executive, KernelMode, FALSE, NULL);
            Request->Answer = work->Answer;
        } else {
            status = STATUS_INSUFFICIENT_RESOURCES;
        }
        MmUnlockPages(mdl);
    }
    if (work != NULL) {
        KeFlushQueuedDpcs(); /* the routine has signalled, but may not have returned yet */
        ExFreePoolWithTag(work, SECTION_TAG);
    }
    if (mdl != NULL) {
        IoFreeMdl(mdl);
    }
    return status;
}

static NTSTATUS ExchangeInApps(SECTION_EXCHANGE *Request, BOOLEAN AtRaisedIrql)
{
    PUCHAR view;
    NTSTATUS status = MapApps(&view);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = AtRaisedIrql ? ExchangeRaised(view, Request) : Exchange(view, Request);
    ZwUnmapViewOfSection(ZwCurrentProcess(), view);
    return status;
}

/* ------------------------------------------------------------------------------------------------------- requests */

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS SectionCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS SectionControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    SECTION_EXCHANGE *request = (SECTION_EXCHANGE *)Irp->AssociatedIrp.SystemBuffer;
    ULONG code = stack->Parameters.DeviceIoControl.IoControlCode;
    NTSTATUS status;

    if (code == IOCTL_SECTION_CREATE) {
        (VOID)KeWaitForSingleObject(&extension->Unlocked, Executive, KernelMode, FALSE, NULL);
        status = CreateOwnLocked(extension);
        KeSetEvent(&extension->Unlocked, IO_NO_INCREMENT, FALSE);
        return Complete(Irp, status, 0);
    }
    if (code != IOCTL_SECTION_OWN && code != IOCTL_SECTION_APPS && code != IOCTL_SECTION_APPS_DPC) {
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
    if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(*request) ||
        stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*request)) {
        return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
    }
    if (request->Offset % sizeof(ULONG) != 0 || request->Offset > SECTION_BYTES - 2 * sizeof(ULONG)) {
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    status = code == IOCTL_SECTION_OWN ? ExchangeInOwn(extension, request)
                                       : ExchangeInApps(request, code == IOCTL_SECTION_APPS_DPC);
    return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(*request) : 0);
}

static VOID SectionUnload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(SECTION_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    DeleteOwn((PDEVICE_EXTENSION)DriverObject->DeviceObject->DeviceExtension);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(SECTION_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(SECTION_LINK_NAME);
    PDEVICE_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &name, SECTION_DEVICE_TYPE, FILE_DEVICE_SECURE_OPEN, FALSE,
                            &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = (PDEVICE_EXTENSION)device->DeviceExtension;
    RtlZeroMemory(extension, sizeof(*extension));
    KeInitializeEvent(&extension->Unlocked, SynchronizationEvent, TRUE);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = SectionCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = SectionCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = SectionControl;
    DriverObject->DriverUnload = SectionUnload;
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
    }
    return status;
}
