/* SPDX-License-Identifier: Apache-2.0 */
/*
 * capture.c - a simulated acquisition device: each millisecond a timer DPC writes some thousand samples into a ring that the
 * application has mapped. The application reads them in place: no copy, and no system call for a sample.
 *
 * The ring is mirrored: behind its pages the application sees the same pages once more, so that a run of samples never ends
 * at the ring's end. The mapping is one MDL whose list of frame numbers the driver writes itself:
 *
 *     frames of the memory     C0 C1 D0 D1 ... Dn          (2 control pages, then the elements)
 *     frames of the MDL        C0 C1 D0 D1 ... Dn D0 D1 ... Dn
 */
#include <ntddk.h>

#include <partywall/ring_driver.h>

#include "../public.h"

#ifndef MdlMappingNoExecute
#define MdlMappingNoExecute 0x40000000
#endif

typedef struct _DEVICE_EXTENSION {
    /* Protected by Lock, which the DPC takes. */
    KSPIN_LOCK Lock;
    pw_ring_producer Producer;
    PKEVENT Event; /* the application's, referenced; NULL while nobody is connected */
    ULONG Next, Left, PerTick;
    ULONG Ticks, Overruns, Wakes;

    KTIMER Timer;
    KDPC Tick;

    /* Touched at PASSIVE_LEVEL by the one handle that the device allows. */
    PUCHAR Memory;
    ULONG MemoryBytes;
    PMDL Mdl;       /* of the memory */
    PMDL MirrorMdl; /* of the memory with its elements twice */
    PVOID View;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

static const pw_ring_geometry Geometry = CAPTURE_GEOMETRY;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD CaptureUnload;
static DRIVER_DISPATCH CaptureCreateClose;
static DRIVER_DISPATCH CaptureCleanup;
static DRIVER_DISPATCH CaptureControl;
static KDEFERRED_ROUTINE CaptureTick;

/* ------------------------------------------------------------------------------------------------- acquisition */

static VOID Measure(CAPTURE_SAMPLE *Sample, ULONG Number)
{
    ULONG channel;

    Sample->Number = Number;
    for (channel = 0; channel < RTL_NUMBER_OF(Sample->Channels); ++channel) {
        Sample->Channels[channel] = (unsigned short)(Number * (channel + 1));
    }
}

/* What the ring calls when the application sleeps. The lock is held. */
static void WakeApplication(void *Context)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)Context;

    ++extension->Wakes;
    KeSetEvent(extension->Event, IO_NO_INCREMENT, FALSE);
}

/* At DISPATCH_LEVEL, in any process: the producer works at the system address, where the ring has an end. */
static VOID CaptureTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)Context;
    ULONG wanted;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeAcquireSpinLockAtDpcLevel(&extension->Lock);
    ++extension->Ticks;
    wanted = extension->Left < extension->PerTick ? extension->Left : extension->PerTick;
    while (extension->Event != NULL && wanted != 0) {
        uint32_t count;
        uint32_t i;
        void *place;

        if (pw_ring_reserve(&extension->Producer, wanted, &place, &count) != PW_RING_OK) {
            ++extension->Overruns;
            break;
        }
        for (i = 0; i < count; ++i) {
            Measure((CAPTURE_SAMPLE *)place + i, extension->Next++);
        }
        pw_ring_commit(&extension->Producer, count);
        wanted -= count;
        extension->Left -= count;
    }
    KeReleaseSpinLockFromDpcLevel(&extension->Lock);
}

/* ---------------------------------------------------------------------------------------------------- requests */

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status, ULONG_PTR Information)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = Information;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS Connect(PDEVICE_EXTENSION Extension, HANDLE Handle, CAPTURE_VIEW *View)
{
    pw_ring_producer producer;
    pw_ring_wake wake;
    PVOID event = NULL;
    NTSTATUS status;
    KIRQL irql;

    if (Extension->View != NULL) {
        return STATUS_DEVICE_BUSY;
    }
    status = ObReferenceObjectByHandle(Handle, EVENT_MODIFY_STATE, *ExEventObjectType, UserMode, &event, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    RtlZeroMemory(Extension->Memory, Extension->MemoryBytes);
    if (pw_ring_create(Extension->Memory, Extension->MemoryBytes, &Geometry) != PW_RING_OK ||
        pw_ring_attach_producer(&producer, Extension->Memory, Extension->MemoryBytes, &Geometry, 0, 1) != PW_RING_OK) {
        ObDereferenceObject(event);
        return STATUS_INTERNAL_ERROR;
    }
    wake.call = WakeApplication;
    wake.context = Extension;
    pw_ring_set_producer_wake(&producer, wake);
    __try {
        Extension->View = MmMapLockedPagesSpecifyCache(Extension->MirrorMdl, UserMode, MmCached, NULL, FALSE,
                                                       NormalPagePriority | MdlMappingNoExecute);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    if (Extension->View == NULL) {
        ObDereferenceObject(event);
        return NT_SUCCESS(status) ? STATUS_INSUFFICIENT_RESOURCES : status;
    }
    KeAcquireSpinLock(&Extension->Lock, &irql);
    Extension->Producer = producer;
    Extension->Event = (PKEVENT)event;
    Extension->Next = Extension->Left = 0;
    Extension->Ticks = Extension->Overruns = Extension->Wakes = 0;
    KeReleaseSpinLock(&Extension->Lock, irql);
    View->Address = (ULONG_PTR)Extension->View;
    View->Length = MmGetMdlByteCount(Extension->MirrorMdl);
    return STATUS_SUCCESS;
}

static NTSTATUS Start(PDEVICE_EXTENSION Extension, const CAPTURE_START *Wanted)
{
    CAPTURE_START start = *Wanted;
    LARGE_INTEGER due;
    KIRQL irql;

    if (start.PerTick == 0 || start.PerTick > CAPTURE_RING_SAMPLES) {
        return STATUS_INVALID_PARAMETER; /* how long the DPC runs is not for the application to say */
    }
    KeAcquireSpinLock(&Extension->Lock, &irql);
    Extension->Left = start.Total;
    Extension->PerTick = start.PerTick;
    KeReleaseSpinLock(&Extension->Lock, irql);
    due.QuadPart = -10000;
    KeSetTimerEx(&Extension->Timer, due, 1, &Extension->Tick);
    return STATUS_SUCCESS;
}

static VOID GetState(PDEVICE_EXTENSION Extension, CAPTURE_STATE *State)
{
    KIRQL irql;

    KeAcquireSpinLock(&Extension->Lock, &irql);
    State->Ticks = Extension->Ticks;
    State->Overruns = Extension->Overruns;
    State->Wakes = Extension->Wakes;
    State->TailSeen = pw_ring_load(&((pw_ring_control *)Extension->Memory)->tail);
    KeReleaseSpinLock(&Extension->Lock, irql);
}

static NTSTATUS CaptureControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG outLength = stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_CAPTURE_CONNECT:
        if (inLength < sizeof(CAPTURE_CONNECT) || outLength < sizeof(CAPTURE_VIEW)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        status = Connect(extension, (HANDLE)(ULONG_PTR)((CAPTURE_CONNECT *)buffer)->Event, (CAPTURE_VIEW *)buffer);
        return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(CAPTURE_VIEW) : 0);
    case IOCTL_CAPTURE_START:
        if (inLength < sizeof(CAPTURE_START)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        return Complete(Irp, Start(extension, (CAPTURE_START *)buffer), 0);
    case IOCTL_CAPTURE_STATE:
        if (outLength < sizeof(CAPTURE_STATE)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        GetState(extension, (CAPTURE_STATE *)buffer);
        return Complete(Irp, STATUS_SUCCESS, sizeof(CAPTURE_STATE));
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS CaptureCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID StopTimer(PDEVICE_EXTENSION Extension)
{
    KeCancelTimer(&Extension->Timer);
    KeFlushQueuedDpcs(); /* a tick may be on its way */
}

/* The only handle goes, also when its process was killed: in its context, where its view can be undone. */
static NTSTATUS CaptureCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PKEVENT event;
    KIRQL irql;

    StopTimer(extension);
    KeAcquireSpinLock(&extension->Lock, &irql);
    event = extension->Event;
    extension->Event = NULL;
    KeReleaseSpinLock(&extension->Lock, irql);
    if (event != NULL) {
        ObDereferenceObject(event);
    }
    if (extension->View != NULL) {
        MmUnmapLockedPages(extension->View, extension->MirrorMdl);
        extension->View = NULL;
    }
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* ------------------------------------------------------------------------------------------ loading and unloading */

static VOID FreeAll(PDEVICE_EXTENSION Extension)
{
    if (Extension->MirrorMdl != NULL) {
        Extension->MirrorMdl->MdlFlags &= ~MDL_PAGES_LOCKED; /* we said so, not MmProbeAndLockPages: nothing to unlock */
        IoFreeMdl(Extension->MirrorMdl);
    }
    if (Extension->Mdl != NULL) {
        IoFreeMdl(Extension->Mdl);
    }
    if (Extension->Memory != NULL) {
        MmFreeContiguousMemory(Extension->Memory);
    }
}

/*
 * An MDL for more bytes than there are: IoAllocateMdl needs only their number. Its frame numbers are written here, and the
 * flag says what is true of contiguous memory, that its pages are resident for as long as we keep it.
 */
static PMDL MakeMirror(PMDL Mdl, ULONG MirroredBytes)
{
    ULONG pages = MmGetMdlByteCount(Mdl) / PAGE_SIZE;
    ULONG mirrored = MirroredBytes / PAGE_SIZE;
    PMDL mirror = IoAllocateMdl(NULL, MmGetMdlByteCount(Mdl) + MirroredBytes, FALSE, FALSE, NULL);
    PPFN_NUMBER from;
    PPFN_NUMBER to;

    if (mirror == NULL) {
        return NULL;
    }
    from = MmGetMdlPfnArray(Mdl);
    to = MmGetMdlPfnArray(mirror);
    RtlCopyMemory(to, from, pages * sizeof(PFN_NUMBER));
    RtlCopyMemory(to + pages, from + pages - mirrored, mirrored * sizeof(PFN_NUMBER));
    mirror->MdlFlags |= MDL_PAGES_LOCKED;
    return mirror;
}

static NTSTATUS Prepare(PDEVICE_EXTENSION Extension)
{
    PHYSICAL_ADDRESS highest;

    KeInitializeSpinLock(&Extension->Lock);
    KeInitializeTimerEx(&Extension->Timer, NotificationTimer);
    KeInitializeDpc(&Extension->Tick, CaptureTick, Extension);
    highest.QuadPart = -1;
    Extension->MemoryBytes = (ULONG)pw_ring_bytes(&Geometry);
    Extension->Memory = (PUCHAR)MmAllocateContiguousMemory(Extension->MemoryBytes, highest);
    if (Extension->Memory == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Extension->Mdl = IoAllocateMdl(Extension->Memory, Extension->MemoryBytes, FALSE, FALSE, NULL);
    if (Extension->Mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Extension->Mdl);
    Extension->MirrorMdl = MakeMirror(Extension->Mdl, (ULONG)pw_ring_data_bytes(&Geometry));
    return Extension->MirrorMdl != NULL ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

static VOID CaptureUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device = DriverObject->DeviceObject;
    UNICODE_STRING link = RTL_CONSTANT_STRING(CAPTURE_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    StopTimer((PDEVICE_EXTENSION)device->DeviceExtension);
    FreeAll((PDEVICE_EXTENSION)device->DeviceExtension);
    IoDeleteDevice(device);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(CAPTURE_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(CAPTURE_LINK_NAME);
    PDEVICE_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = CaptureCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = CaptureCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = CaptureCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = CaptureControl;
    DriverObject->DriverUnload = CaptureUnload;

    /* Exclusive: one consumer. */
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &name, CAPTURE_DEVICE_TYPE, FILE_DEVICE_SECURE_OPEN,
                            TRUE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = (PDEVICE_EXTENSION)device->DeviceExtension;
    status = Prepare(extension);
    if (NT_SUCCESS(status)) {
        status = IoCreateSymbolicLink(&link, &name);
    }
    if (!NT_SUCCESS(status)) {
        FreeAll(extension);
        IoDeleteDevice(device);
    }
    return status;
}
