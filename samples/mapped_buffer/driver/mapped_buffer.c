/* SPDX-License-Identifier: Apache-2.0 */
/*
 * mapped_buffer.c - memory that the driver allocates and maps into every application that asks: the way to share a
 * buffer that outlives any single request.
 *
 * The life of a buffer:
 *   DriverEntry   allocate pages; IoAllocateMdl; MmBuildMdlForNonPagedPool (fills in the frame numbers)
 *   MAP           MmMapLockedPagesSpecifyCache(UserMode), in the context of the process that asks, under __try
 *   UNMAP         MmUnmapLockedPages, in the context of the same process
 *   CLEANUP       the same for handles that are closed, and for processes that die, without an UNMAP
 *   unload        IoFreeMdl; free the pages. Never while a view exists: a view of freed pages is a security hole.
 */
#include <ntddk.h>

#include "../public.h"

#define MAPPED_TAG 'BpaM'

/* Data pages need not be executable. Older headers lack the flag. */
#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif

typedef struct _BUFFER {
    PUCHAR Memory; /* the system address: valid at any IRQL and in any process, until unload */
    PMDL Mdl;      /* describes all of it; shared by all views */
    ULONG Views;   /* protected by the device's lock */
} BUFFER, *PBUFFER;

typedef struct _DEVICE_EXTENSION {
    /*
     * A lock for PASSIVE_LEVEL: a spin lock would raise to DISPATCH_LEVEL, where nothing can be mapped to user mode. An
     * event that is signalled while nobody holds the lock, so that a wait can take it.
     */
    KEVENT Unlocked;
    BUFFER Buffers[MAPPED_KINDS];
    BOOLEAN ViewLost; /* a view could not be undone: keep the memory for ever */
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

/* What belongs to one open handle (file object), kept in FsContext. Protected by the device's lock. */
typedef struct _FILE_CONTEXT {
    PEPROCESS Owner;              /* whose address space the views are in; referenced; NULL while there is none */
    PVOID Views[MAPPED_KINDS];    /* user addresses */
    BOOLEAN CleanedUp;            /* CLEANUP has been here: no new views */
} FILE_CONTEXT, *PFILE_CONTEXT;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD MappedUnload;
static DRIVER_DISPATCH MappedCreate;
static DRIVER_DISPATCH MappedCleanup;
static DRIVER_DISPATCH MappedClose;
static DRIVER_DISPATCH MappedControl;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

/* A critical region keeps the thread from being suspended while it holds the lock that all others wait for. */
static VOID Lock(PDEVICE_EXTENSION Extension)
{
    KeEnterCriticalRegion();
    (VOID)KeWaitForSingleObject(&Extension->Unlocked, Executive, KernelMode, FALSE, NULL);
}

static VOID Unlock(PDEVICE_EXTENSION Extension)
{
    KeSetEvent(&Extension->Unlocked, IO_NO_INCREMENT, FALSE);
    KeLeaveCriticalRegion();
}

/* ------------------------------------------------------------------------------------------------------ views */

/* Maps one buffer into the current process. The lock is held. */
static NTSTATUS MapLocked(PBUFFER Buffer, PFILE_CONTEXT File, ULONG Kind)
{
    PVOID address = NULL;

    if (File->CleanedUp) {
        return STATUS_CANCELLED; /* the last handle was closed while this request was on its way */
    }
    if (File->Owner != NULL && File->Owner != PsGetCurrentProcess()) {
        return STATUS_ACCESS_DENIED; /* a duplicated handle: its views live in another process */
    }
    if (File->Views[Kind] != NULL) {
        return STATUS_SUCCESS;
    }

    /*
     * When pages cannot be mapped to user mode, the routine raises an exception. (To kernel mode it returns NULL.)
     * Without this __try, an application that has used up its address space would take the machine down.
     */
    __try {
        address = MmMapLockedPagesSpecifyCache(Buffer->Mdl, UserMode, MmCached, NULL, FALSE,
                                               NormalPagePriority | MdlMappingNoExecute);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return GetExceptionCode();
    }
    if (address == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    if (File->Owner == NULL) {
        File->Owner = PsGetCurrentProcess();
        ObReferenceObject(File->Owner); /* so that the pointer cannot come to mean another process */
    }
    File->Views[Kind] = address;
    ++Buffer->Views;
    return STATUS_SUCCESS;
}

/* Undoes one view. The lock is held. */
static NTSTATUS UnmapLocked(PDEVICE_EXTENSION Extension, PFILE_CONTEXT File, ULONG Kind)
{
    PBUFFER buffer = &Extension->Buffers[Kind];

    if (File->Views[Kind] == NULL) {
        return STATUS_NOT_FOUND;
    }
    /* A user address means something in its own process only. Unmapping it in another would hit that one's memory. */
    if (File->Owner != PsGetCurrentProcess()) {
        return STATUS_ACCESS_DENIED;
    }
    MmUnmapLockedPages(File->Views[Kind], buffer->Mdl);
    File->Views[Kind] = NULL;
    --buffer->Views;
    if (buffer->Views == 0) {
        RtlZeroMemory(buffer->Memory, MAPPED_BYTES); /* the next application starts with a clean buffer */
    }
    return STATUS_SUCCESS;
}

/* ---------------------------------------------------------------------------------------------------- requests */

static NTSTATUS Map(PDEVICE_EXTENSION Extension, PFILE_CONTEXT File, MAPPED_VIEW *View, ULONG Kind)
{
    NTSTATUS status;

    Lock(Extension);
    status = MapLocked(&Extension->Buffers[Kind], File, Kind);
    if (NT_SUCCESS(status)) {
        View->Address = (ULONG_PTR)File->Views[Kind];
        View->Length = MAPPED_BYTES;
        View->Views = Extension->Buffers[Kind].Views;
    }
    Unlock(Extension);
    return status;
}

static NTSTATUS Unmap(PDEVICE_EXTENSION Extension, PFILE_CONTEXT File, ULONG Kind)
{
    NTSTATUS status;

    Lock(Extension);
    status = UnmapLocked(Extension, File, Kind);
    Unlock(Extension);
    return status;
}

static NTSTATUS Exchange(PDEVICE_EXTENSION Extension, const MAPPED_REQUEST *Request, MAPPED_WORD *Word)
{
    volatile ULONG *words = (volatile ULONG *)Extension->Buffers[Request->Kind].Memory;
    ULONG index = Request->Offset / sizeof(ULONG);

    if (Request->Offset % sizeof(ULONG) != 0 || Request->Offset > MAPPED_BYTES - 2 * sizeof(ULONG)) {
        return STATUS_INVALID_PARAMETER;
    }
    Word->Value = words[index];
    words[index + 1] = Request->Answer;
    return STATUS_SUCCESS;
}

/* How many pages of the caller's buffer are the driver's pages, at the same place? */
static ULONG SameFrames(PBUFFER Buffer, PMDL Theirs)
{
    PPFN_NUMBER ours = MmGetMdlPfnArray(Buffer->Mdl);
    PPFN_NUMBER theirs = MmGetMdlPfnArray(Theirs);
    ULONG ourPages = MAPPED_BYTES / PAGE_SIZE;
    ULONG theirPages = ADDRESS_AND_SIZE_TO_SPAN_PAGES(MmGetMdlVirtualAddress(Theirs), MmGetMdlByteCount(Theirs));
    ULONG same = 0;
    ULONG i;

    for (i = 0; i < ourPages && i < theirPages; ++i) {
        same += ours[i] == theirs[i];
    }
    return same;
}

static NTSTATUS MappedControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    PFILE_CONTEXT file = (PFILE_CONTEXT)stack->FileObject->FsContext;
    ULONG outLength = stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID output = Irp->AssociatedIrp.SystemBuffer;
    MAPPED_REQUEST request;
    NTSTATUS status;

    if (stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(request)) {
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    }
    request = *(MAPPED_REQUEST *)Irp->AssociatedIrp.SystemBuffer; /* the output will overwrite the system buffer */
    if (request.Kind >= MAPPED_KINDS) {
        return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
    }

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_MAPPED_MAP:
        if (outLength < sizeof(MAPPED_VIEW)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0); /* before the work, so that there is nothing to undo */
        }
        status = Map(extension, file, (MAPPED_VIEW *)output, request.Kind);
        return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(MAPPED_VIEW) : 0);
    case IOCTL_MAPPED_UNMAP:
        return Complete(Irp, Unmap(extension, file, request.Kind), 0);
    case IOCTL_MAPPED_EXCHANGE:
        if (outLength < sizeof(MAPPED_WORD)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        status = Exchange(extension, &request, (MAPPED_WORD *)output);
        return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(MAPPED_WORD) : 0);
    case IOCTL_MAPPED_COMPARE:
        if (Irp->MdlAddress == NULL) {
            return Complete(Irp, STATUS_INVALID_PARAMETER, 0);
        }
        return Complete(Irp, STATUS_SUCCESS, SameFrames(&extension->Buffers[request.Kind], Irp->MdlAddress));
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

/* ------------------------------------------------------------------------------------------ the life of a handle */

static NTSTATUS MappedCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT fileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PFILE_CONTEXT file = (PFILE_CONTEXT)ExAllocatePoolWithTag(NonPagedPool, sizeof(FILE_CONTEXT), MAPPED_TAG);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (file == NULL) {
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES, 0); /* a failed CREATE is followed by no CLEANUP or CLOSE */
    }
    RtlZeroMemory(file, sizeof(*file));
    fileObject->FsContext = file;
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/*
 * The last handle is closed, by CloseHandle or because the process ends; normally in the context of the process that
 * owned it, which is what makes unmapping possible. CLOSE can come much later and in any process: too late for this.
 */
static NTSTATUS MappedCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PFILE_CONTEXT file = (PFILE_CONTEXT)IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext;
    ULONG kind;

    Lock(extension);
    file->CleanedUp = TRUE;
    for (kind = 0; kind < MAPPED_KINDS; ++kind) {
        if (UnmapLocked(extension, file, kind) == STATUS_ACCESS_DENIED) {
            /*
             * The handle had been duplicated into another process, and that one closed it last. The view ends with its
             * own process, but nobody tells us when, so the pages must never be freed: a leak is better than a hole.
             * (A driver that expects this registers for process exit, or attaches to the owner.)
             */
            DbgPrint("mapped_buffer: a view could not be undone; its memory stays allocated\n");
            extension->ViewLost = TRUE;
        }
    }
    Unlock(extension);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static NTSTATUS MappedClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PFILE_OBJECT fileObject = IoGetCurrentIrpStackLocation(Irp)->FileObject;
    PFILE_CONTEXT file = (PFILE_CONTEXT)fileObject->FsContext;

    UNREFERENCED_PARAMETER(DeviceObject);
    fileObject->FsContext = NULL;
    if (file->Owner != NULL) {
        ObDereferenceObject(file->Owner);
    }
    ExFreePoolWithTag(file, MAPPED_TAG);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* --------------------------------------------------------------------------------------- the life of the buffers */

static VOID FreeBuffers(PDEVICE_EXTENSION Extension)
{
    ULONG kind;

    if (Extension->ViewLost) {
        return;
    }
    for (kind = 0; kind < MAPPED_KINDS; ++kind) {
        PBUFFER buffer = &Extension->Buffers[kind];

        if (buffer->Mdl != NULL) {
            IoFreeMdl(buffer->Mdl); /* built for non-paged pool: nothing was locked, so nothing is unlocked */
        }
        if (buffer->Memory != NULL) {
            if (kind == MAPPED_KIND_POOL) {
                ExFreePoolWithTag(buffer->Memory, MAPPED_TAG);
            } else {
                MmFreeContiguousMemory(buffer->Memory);
            }
        }
    }
}

/*
 * Whole pages are mapped, never less. So the buffer must fill whole pages of its own: with a smaller allocation, the
 * application would see what other drivers keep on the same page. Pool of a page or more begins on a page.
 */
static NTSTATUS AllocateBuffers(PDEVICE_EXTENSION Extension)
{
    PHYSICAL_ADDRESS highest;
    ULONG kind;

    highest.QuadPart = 0xffffffff;
    Extension->Buffers[MAPPED_KIND_POOL].Memory =
        (PUCHAR)ExAllocatePoolWithTag(NonPagedPool, MAPPED_BYTES, MAPPED_TAG);
    Extension->Buffers[MAPPED_KIND_CONTIGUOUS].Memory = (PUCHAR)MmAllocateContiguousMemory(MAPPED_BYTES, highest);
    for (kind = 0; kind < MAPPED_KINDS; ++kind) {
        PBUFFER buffer = &Extension->Buffers[kind];

        if (buffer->Memory == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        RtlZeroMemory(buffer->Memory, MAPPED_BYTES); /* it holds what its last owner left: not for applications */
        buffer->Mdl = IoAllocateMdl(buffer->Memory, MAPPED_BYTES, FALSE, FALSE, NULL);
        if (buffer->Mdl == NULL) {
            return STATUS_INSUFFICIENT_RESOURCES;
        }
        MmBuildMdlForNonPagedPool(buffer->Mdl);
    }
    return STATUS_SUCCESS;
}

/* No handle is open, so no view exists, unless one was lost. */
static VOID MappedUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device = DriverObject->DeviceObject;
    UNICODE_STRING link = RTL_CONSTANT_STRING(MAPPED_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    FreeBuffers((PDEVICE_EXTENSION)device->DeviceExtension);
    IoDeleteDevice(device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(MAPPED_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(MAPPED_LINK_NAME);
    PDEVICE_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = MappedCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = MappedCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = MappedClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = MappedControl;
    DriverObject->DriverUnload = MappedUnload;

    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &name, MAPPED_DEVICE_TYPE,
                            FILE_DEVICE_SECURE_OPEN, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = (PDEVICE_EXTENSION)device->DeviceExtension;
    KeInitializeEvent(&extension->Unlocked, SynchronizationEvent, TRUE);
    status = AllocateBuffers(extension);
    if (NT_SUCCESS(status)) {
        status = IoCreateSymbolicLink(&link, &name);
    }
    if (!NT_SUCCESS(status)) {
        FreeBuffers(extension);
        IoDeleteDevice(device);
    }
    return status;
}
