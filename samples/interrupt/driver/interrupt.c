/* SPDX-License-Identifier: Apache-2.0 */
/*
 * interrupt.c - from a device's interrupt to an application, without a copy and without a request for each event:
 *
 *   the device raises its line -> ISR at DIRQL: takes what the device has, asks for a DPC
 *                              -> DPC at DISPATCH_LEVEL: puts it into the ring that the application has mapped
 *                              -> the application's event is set, but only if the application sleeps
 *
 * Windows source but for two documented extras of Partywall: the ring (partywall/ring.h) and the line of the simulated
 * device (partywall/device.h), which on Windows is a real one.
 */
#include <ntddk.h>

#include <partywall/ring_driver.h>

#include "../public.h"

#ifdef PW_API_BEGIN
#include <partywall/device.h>
#else
/* On Windows hardware does this. */
#define pw_raise_interrupt(Vector) ((void)(Vector))
#endif

#define DEVICE_VECTOR 0x51
#define DEVICE_IRQL 5
#define FIFO_LENGTH 64 /* of the device and of the ISR */

/* ------------------------------------------------------------------------------------------- the simulated device */

/* Its registers. The lock stands for what the bus guarantees: one access after the other. */
typedef struct _HARDWARE {
    KSPIN_LOCK Bus;
    ULONG Left; /* interrupts that it still has to raise */
    ULONG Sequence;
    INTERRUPT_EVENT Fifo[FIFO_LENGTH];
    ULONG First, Count;
    KTIMER Timer;
    KDPC Tick;
} HARDWARE, *PHARDWARE;

typedef struct _DEVICE_EXTENSION {
    PDEVICE_OBJECT Device;
    PKINTERRUPT Interrupt;
    HARDWARE Hardware;

    /* Between ISR and DPC: touched by the ISR, or under KeSynchronizeExecution. */
    INTERRUPT_EVENT Pending[FIFO_LENGTH];
    ULONG PendingCount;
    ULONG Interrupts;
    ULONG Overruns;

    /* Protected by Lock, which the DPC takes. */
    KSPIN_LOCK Lock;
    pw_ring_producer Producer;
    PKEVENT Event; /* the application's, referenced; NULL while nobody is connected */
    ULONG Dpcs, Dropped, Wakes;

    /* Touched at PASSIVE_LEVEL by the one handle that the device allows. */
    PUCHAR Memory;
    ULONG MemoryBytes;
    PMDL Mdl;
    PVOID View;
} DEVICE_EXTENSION, *PDEVICE_EXTENSION;

static const pw_ring_geometry Geometry = INTERRUPT_GEOMETRY;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD InterruptUnload;
static DRIVER_DISPATCH InterruptCreateClose;
static DRIVER_DISPATCH InterruptCleanup;
static DRIVER_DISPATCH InterruptControl;
static KSERVICE_ROUTINE InterruptService;
static IO_DPC_ROUTINE InterruptDpcForIsr;
static KSYNCHRONIZE_ROUTINE TakePending;
static KDEFERRED_ROUTINE HardwareTick;

/* Reads one event from the device. FALSE: it has none. Any IRQL up to the device's. */
static BOOLEAN ReadDevice(PHARDWARE Hardware, INTERRUPT_EVENT *Event)
{
    BOOLEAN any = FALSE;
    KIRQL irql;

    KeRaiseIrql(DEVICE_IRQL, &irql);
    KeAcquireSpinLockAtDpcLevel(&Hardware->Bus);
    if (Hardware->Count != 0) {
        *Event = Hardware->Fifo[Hardware->First];
        Hardware->First = (Hardware->First + 1) % FIFO_LENGTH;
        --Hardware->Count;
        any = TRUE;
    }
    KeReleaseSpinLockFromDpcLevel(&Hardware->Bus);
    KeLowerIrql(irql);
    return any;
}

/* Each millisecond something happens in the device: it stores it and raises its line. */
static VOID HardwareTick(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    PHARDWARE hardware = (PHARDWARE)Context;
    BOOLEAN raise = FALSE;
    LARGE_INTEGER now;
    KIRQL irql;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    KeQuerySystemTime(&now);
    KeRaiseIrql(DEVICE_IRQL, &irql);
    KeAcquireSpinLockAtDpcLevel(&hardware->Bus);
    if (hardware->Left != 0 && hardware->Count < FIFO_LENGTH) {
        INTERRUPT_EVENT *event = &hardware->Fifo[(hardware->First + hardware->Count) % FIFO_LENGTH];

        event->Sequence = hardware->Sequence++;
        event->Value = event->Sequence * 2654435761u;
        event->SystemTime = (unsigned long long)now.QuadPart;
        ++hardware->Count;
        --hardware->Left;
        raise = TRUE;
    }
    KeReleaseSpinLockFromDpcLevel(&hardware->Bus);
    KeLowerIrql(irql);
    if (raise) {
        pw_raise_interrupt(DEVICE_VECTOR);
    }
}

/* -------------------------------------------------------------------------------------------------- ISR and DPC */

/*
 * At DIRQL, under the interrupt's spin lock. As little as possible: is it our device? take what it has, ask for the DPC.
 * Nothing here may wait, allocate, or touch what can be paged out.
 */
static BOOLEAN InterruptService(PKINTERRUPT Interrupt, PVOID Context)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)Context;
    INTERRUPT_EVENT event;
    BOOLEAN ours = FALSE;

    UNREFERENCED_PARAMETER(Interrupt);
    while (ReadDevice(&extension->Hardware, &event)) {
        ours = TRUE;
        if (extension->PendingCount < FIFO_LENGTH) {
            extension->Pending[extension->PendingCount++] = event;
        } else {
            ++extension->Overruns;
        }
    }
    if (ours) {
        ++extension->Interrupts;
        /* If the DPC is queued already, it will see this event, too. */
        IoRequestDpc(extension->Device, NULL, NULL);
    }
    return ours;
}

typedef struct _TAKEN {
    PDEVICE_EXTENSION Extension;
    INTERRUPT_EVENT Events[FIFO_LENGTH];
    ULONG Count;
} TAKEN;

/* Runs so that the ISR does not: moves what it has collected. */
static BOOLEAN TakePending(PVOID Context)
{
    TAKEN *taken = (TAKEN *)Context;

    taken->Count = taken->Extension->PendingCount;
    RtlCopyMemory(taken->Events, taken->Extension->Pending, taken->Count * sizeof(INTERRUPT_EVENT));
    taken->Extension->PendingCount = 0;
    return TRUE;
}

/* What the ring calls when the application sleeps. The lock is held. */
static void WakeApplication(void *Context)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)Context;

    ++extension->Wakes;
    KeSetEvent(extension->Event, IO_NO_INCREMENT, FALSE);
}

/* At DISPATCH_LEVEL, in whatever process is current: only system addresses are used. */
static VOID InterruptDpcForIsr(PKDPC Dpc, PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    ULONG done = 0;
    TAKEN taken;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Irp);
    UNREFERENCED_PARAMETER(Context);
    taken.Extension = extension;
    KeSynchronizeExecution(extension->Interrupt, TakePending, &taken);

    KeAcquireSpinLockAtDpcLevel(&extension->Lock);
    ++extension->Dpcs;
    while (extension->Event != NULL && done < taken.Count) {
        uint32_t count;
        void *place;

        if (pw_ring_reserve(&extension->Producer, taken.Count - done, &place, &count) != PW_RING_OK) {
            break; /* full, or the application has spoiled its ring: the events are lost, and counted */
        }
        RtlCopyMemory(place, &taken.Events[done], count * sizeof(INTERRUPT_EVENT));
        pw_ring_commit(&extension->Producer, count);
        done += count;
    }
    extension->Dropped += taken.Count - done;
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

/* Gives the calling process the ring, and the DPC the process's event. */
static NTSTATUS Connect(PDEVICE_EXTENSION Extension, HANDLE Handle, INTERRUPT_VIEW *View)
{
    pw_ring_producer producer;
    pw_ring_wake wake;
    PVOID event = NULL;
    NTSTATUS status;
    KIRQL irql;

    if (Extension->View != NULL) {
        return STATUS_DEVICE_BUSY;
    }
    /* UserMode: the handle is the application's, and so are the rights that it must have. */
    status = ObReferenceObjectByHandle(Handle, EVENT_MODIFY_STATE, *ExEventObjectType, UserMode, &event, NULL);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    /* A new ring before the application can see it: nothing is left of the one before. */
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
        Extension->View = MmMapLockedPagesSpecifyCache(Extension->Mdl, UserMode, MmCached, NULL, FALSE,
                                                       NormalPagePriority);
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
    Extension->Dpcs = Extension->Dropped = Extension->Wakes = 0;
    KeReleaseSpinLock(&Extension->Lock, irql);
    View->Address = (ULONG_PTR)Extension->View;
    View->Length = Extension->MemoryBytes;
    return STATUS_SUCCESS;
}

static NTSTATUS Start(PDEVICE_EXTENSION Extension, ULONG Count)
{
    PHARDWARE hardware = &Extension->Hardware;
    LARGE_INTEGER due;
    KIRQL irql;

    KeRaiseIrql(DEVICE_IRQL, &irql);
    KeAcquireSpinLockAtDpcLevel(&hardware->Bus);
    hardware->Left = Count;
    KeReleaseSpinLockFromDpcLevel(&hardware->Bus);
    KeLowerIrql(irql);
    due.QuadPart = -10000;
    KeSetTimerEx(&hardware->Timer, due, 1, &hardware->Tick);
    return STATUS_SUCCESS;
}

static VOID GetState(PDEVICE_EXTENSION Extension, INTERRUPT_STATE *State)
{
    KIRQL irql = KeAcquireInterruptSpinLock(Extension->Interrupt);

    State->Interrupts = Extension->Interrupts;
    KeReleaseInterruptSpinLock(Extension->Interrupt, irql);
    KeAcquireSpinLock(&Extension->Lock, &irql);
    State->Dpcs = Extension->Dpcs;
    State->Dropped = Extension->Dropped;
    State->Wakes = Extension->Wakes;
    State->TailSeen = pw_ring_load(&((pw_ring_control *)Extension->Memory)->tail);
    KeReleaseSpinLock(&Extension->Lock, irql);
}

static NTSTATUS InterruptControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    ULONG inLength = stack->Parameters.DeviceIoControl.InputBufferLength;
    ULONG outLength = stack->Parameters.DeviceIoControl.OutputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_INTERRUPT_CONNECT:
        if (inLength < sizeof(INTERRUPT_CONNECT) || outLength < sizeof(INTERRUPT_VIEW)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        status = Connect(extension, (HANDLE)(ULONG_PTR)((INTERRUPT_CONNECT *)buffer)->Event, (INTERRUPT_VIEW *)buffer);
        return Complete(Irp, status, NT_SUCCESS(status) ? sizeof(INTERRUPT_VIEW) : 0);
    case IOCTL_INTERRUPT_START:
        if (inLength < sizeof(INTERRUPT_START)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        return Complete(Irp, Start(extension, ((INTERRUPT_START *)buffer)->Count), 0);
    case IOCTL_INTERRUPT_STATE:
        if (outLength < sizeof(INTERRUPT_STATE)) {
            return Complete(Irp, STATUS_BUFFER_TOO_SMALL, 0);
        }
        GetState(extension, (INTERRUPT_STATE *)buffer);
        return Complete(Irp, STATUS_SUCCESS, sizeof(INTERRUPT_STATE));
    default:
        return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST, 0);
    }
}

static NTSTATUS InterruptCreateClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return Complete(Irp, STATUS_SUCCESS, 0);
}

static VOID StopHardware(PDEVICE_EXTENSION Extension)
{
    KeCancelTimer(&Extension->Hardware.Timer);
    KeFlushQueuedDpcs(); /* its tick, and our DPC, may be on their way */
}

/* The only handle goes, also when its process was killed: in its context, which is where its view can be undone. */
static NTSTATUS InterruptCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PDEVICE_EXTENSION extension = (PDEVICE_EXTENSION)DeviceObject->DeviceExtension;
    PKEVENT event;
    KIRQL irql;

    StopHardware(extension);
    KeAcquireSpinLock(&extension->Lock, &irql);
    event = extension->Event;
    extension->Event = NULL;
    KeReleaseSpinLock(&extension->Lock, irql);
    if (event != NULL) {
        ObDereferenceObject(event);
    }
    if (extension->View != NULL) {
        MmUnmapLockedPages(extension->View, extension->Mdl);
        extension->View = NULL;
    }
    return Complete(Irp, STATUS_SUCCESS, 0);
}

/* ------------------------------------------------------------------------------------------ loading and unloading */

static VOID FreeAll(PDEVICE_EXTENSION Extension)
{
    if (Extension->Interrupt != NULL) {
        IoDisconnectInterrupt(Extension->Interrupt);
    }
    if (Extension->Mdl != NULL) {
        IoFreeMdl(Extension->Mdl);
    }
    if (Extension->Memory != NULL) {
        MmFreeContiguousMemory(Extension->Memory);
    }
}

static VOID InterruptUnload(PDRIVER_OBJECT DriverObject)
{
    PDEVICE_OBJECT device = DriverObject->DeviceObject;
    UNICODE_STRING link = RTL_CONSTANT_STRING(INTERRUPT_LINK_NAME);

    IoDeleteSymbolicLink(&link);
    StopHardware((PDEVICE_EXTENSION)device->DeviceExtension);
    FreeAll((PDEVICE_EXTENSION)device->DeviceExtension);
    IoDeleteDevice(device);
}

static NTSTATUS Prepare(PDEVICE_EXTENSION Extension)
{
    PHYSICAL_ADDRESS highest;

    KeInitializeSpinLock(&Extension->Lock);
    KeInitializeSpinLock(&Extension->Hardware.Bus);
    KeInitializeTimerEx(&Extension->Hardware.Timer, NotificationTimer);
    KeInitializeDpc(&Extension->Hardware.Tick, HardwareTick, &Extension->Hardware);
    IoInitializeDpcRequest(Extension->Device, InterruptDpcForIsr);

    highest.QuadPart = -1;
    Extension->MemoryBytes = (ULONG)ROUND_TO_PAGES(pw_ring_bytes(&Geometry));
    Extension->Memory = (PUCHAR)MmAllocateContiguousMemory(Extension->MemoryBytes, highest);
    if (Extension->Memory == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    Extension->Mdl = IoAllocateMdl(Extension->Memory, Extension->MemoryBytes, FALSE, FALSE, NULL);
    if (Extension->Mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    MmBuildMdlForNonPagedPool(Extension->Mdl);
    /* Last: from here on the ISR can run. */
    return IoConnectInterrupt(&Extension->Interrupt, InterruptService, Extension, NULL, DEVICE_VECTOR, DEVICE_IRQL,
                              DEVICE_IRQL, Latched, FALSE, KeQueryActiveProcessors(), FALSE);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(INTERRUPT_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(INTERRUPT_LINK_NAME);
    PDEVICE_EXTENSION extension;
    PDEVICE_OBJECT device;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = InterruptCreateClose;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = InterruptCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = InterruptCreateClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = InterruptControl;
    DriverObject->DriverUnload = InterruptUnload;

    /* Exclusive: one consumer. */
    status = IoCreateDevice(DriverObject, sizeof(DEVICE_EXTENSION), &name, INTERRUPT_DEVICE_TYPE,
                            FILE_DEVICE_SECURE_OPEN, TRUE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    extension = (PDEVICE_EXTENSION)device->DeviceExtension;
    extension->Device = device;
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
