/* SPDX-License-Identifier: Apache-2.0 */
/*
 * events.c - events between a driver and applications, both ways: a named one that the driver makes, and two of the
 * application's that it gives to the driver by handle.
 *
 * A handle means something in one process only, so it is turned into a pointer at once, in the context of the process that
 * sent it, with the type and the access checked as for the application itself (UserMode). The pointer is good everywhere.
 */
#include <ntddk.h>

#include "../public.h"

/* What one open file has given. Freed with the file; the thread that plays keeps its own references. */
typedef struct _EVENTS_FILE {
    FAST_MUTEX Lock;
    PKEVENT Ping;
    PKEVENT Pong;
} EVENTS_FILE;

typedef struct _EVENTS_GAME {
    PKEVENT Ping;
    PKEVENT Pong;
    unsigned int Rounds;
} EVENTS_GAME;

#define EVENTS_TAG 'stvE'
#define PATIENCE_SECONDS 10

DRIVER_INITIALIZE DriverEntry;
static DRIVER_UNLOAD EventsUnload;
static DRIVER_DISPATCH EventsCreate;
static DRIVER_DISPATCH EventsClose;
static DRIVER_DISPATCH EventsCleanup;
static DRIVER_DISPATCH EventsControl;
static KSTART_ROUTINE EventsPlay;

static HANDLE NamedHandle;
static PKEVENT Named;

static NTSTATUS Complete(PIRP Irp, NTSTATUS Status)
{
    Irp->IoStatus.Status = Status;
    Irp->IoStatus.Information = 0;
    IoCompleteRequest(Irp, IO_NO_INCREMENT);
    return Status;
}

static NTSTATUS Reference(unsigned long long Handle, ACCESS_MASK Access, PKEVENT *Event)
{
    return ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Handle, Access, *ExEventObjectType, UserMode, (PVOID *)Event, NULL);
}

static VOID Drop(EVENTS_FILE *File)
{
    PKEVENT ping;
    PKEVENT pong;

    ExAcquireFastMutex(&File->Lock);
    ping = File->Ping;
    pong = File->Pong;
    File->Ping = NULL;
    File->Pong = NULL;
    ExReleaseFastMutex(&File->Lock);
    if (ping != NULL) {
        ObDereferenceObject(ping);
        ObDereferenceObject(pong);
    }
}

static NTSTATUS Give(EVENTS_FILE *File, const EVENTS_GIVE *Wanted)
{
    PKEVENT ping = NULL;
    PKEVENT pong = NULL;
    NTSTATUS status = Reference(Wanted->Ping, SYNCHRONIZE, &ping);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = Reference(Wanted->Pong, EVENT_MODIFY_STATE, &pong);
    if (!NT_SUCCESS(status)) {
        ObDereferenceObject(ping);
        return status;
    }
    Drop(File);
    ExAcquireFastMutex(&File->Lock);
    File->Ping = ping;
    File->Pong = pong;
    ExReleaseFastMutex(&File->Lock);
    return STATUS_SUCCESS;
}

/* A thread of the System process: the application's handles would mean nothing here, its events do. */
static VOID EventsPlay(PVOID Context)
{
    EVENTS_GAME *game = (EVENTS_GAME *)Context;
    LARGE_INTEGER patience;
    unsigned int i;

    patience.QuadPart = -10000000LL * PATIENCE_SECONDS;
    for (i = 0; i < game->Rounds; ++i) {
        if (KeWaitForSingleObject(game->Ping, Executive, KernelMode, FALSE, &patience) != STATUS_SUCCESS) {
            break; /* the application has gone, or has lost interest */
        }
        KeSetEvent(game->Pong, IO_NO_INCREMENT, FALSE);
    }
    ObDereferenceObject(game->Ping);
    ObDereferenceObject(game->Pong);
    ExFreePoolWithTag(game, EVENTS_TAG);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS Play(EVENTS_FILE *File, unsigned int Rounds)
{
    EVENTS_GAME *game;
    HANDLE thread = NULL;
    NTSTATUS status;

    game = (EVENTS_GAME *)ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*game), EVENTS_TAG);
    if (game == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    ExAcquireFastMutex(&File->Lock);
    game->Ping = File->Ping;
    game->Pong = File->Pong;
    game->Rounds = Rounds;
    if (game->Ping != NULL) {
        ObReferenceObject(game->Ping);
        ObReferenceObject(game->Pong);
    }
    ExReleaseFastMutex(&File->Lock);
    if (game->Ping == NULL) {
        ExFreePoolWithTag(game, EVENTS_TAG);
        return STATUS_INVALID_DEVICE_STATE;
    }
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, EventsPlay, game);
    if (!NT_SUCCESS(status)) {
        ObDereferenceObject(game->Ping);
        ObDereferenceObject(game->Pong);
        ExFreePoolWithTag(game, EVENTS_TAG);
        return status;
    }
    ZwClose(thread);
    return STATUS_SUCCESS;
}

static NTSTATUS EventsControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    PIO_STACK_LOCATION stack = IoGetCurrentIrpStackLocation(Irp);
    EVENTS_FILE *file = (EVENTS_FILE *)stack->FileObject->FsContext;
    ULONG length = stack->Parameters.DeviceIoControl.InputBufferLength;
    PVOID buffer = Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (stack->Parameters.DeviceIoControl.IoControlCode) {
        case IOCTL_EVENTS_NAMED:
            if (length < sizeof(EVENTS_NAMED)) {
                return Complete(Irp, STATUS_BUFFER_TOO_SMALL);
            }
            if (((EVENTS_NAMED *)buffer)->Set != 0) {
                KeSetEvent(Named, IO_NO_INCREMENT, FALSE);
            } else {
                KeClearEvent(Named);
            }
            return Complete(Irp, STATUS_SUCCESS);
        case IOCTL_EVENTS_GIVE:
            if (length < sizeof(EVENTS_GIVE)) {
                return Complete(Irp, STATUS_BUFFER_TOO_SMALL);
            }
            return Complete(Irp, Give(file, (EVENTS_GIVE *)buffer));
        case IOCTL_EVENTS_PLAY:
            if (length < sizeof(EVENTS_PLAY)) {
                return Complete(Irp, STATUS_BUFFER_TOO_SMALL);
            }
            return Complete(Irp, Play(file, ((EVENTS_PLAY *)buffer)->Rounds));
        default:
            return Complete(Irp, STATUS_INVALID_DEVICE_REQUEST);
    }
}

static NTSTATUS EventsCreate(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    EVENTS_FILE *file = (EVENTS_FILE *)ExAllocatePoolWithTag(NonPagedPoolNx, sizeof(*file), EVENTS_TAG);

    UNREFERENCED_PARAMETER(DeviceObject);
    if (file == NULL) {
        return Complete(Irp, STATUS_INSUFFICIENT_RESOURCES);
    }
    RtlZeroMemory(file, sizeof(*file));
    ExInitializeFastMutex(&file->Lock);
    IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext = file;
    return Complete(Irp, STATUS_SUCCESS);
}

static NTSTATUS EventsCleanup(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    Drop((EVENTS_FILE *)IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext);
    return Complete(Irp, STATUS_SUCCESS);
}

static NTSTATUS EventsClose(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    ExFreePoolWithTag(IoGetCurrentIrpStackLocation(Irp)->FileObject->FsContext, EVENTS_TAG);
    return Complete(Irp, STATUS_SUCCESS);
}

static VOID EventsUnload(PDRIVER_OBJECT DriverObject)
{
    UNICODE_STRING link = RTL_CONSTANT_STRING(EVENTS_LINK_NAME);

    ZwClose(NamedHandle);
    IoDeleteSymbolicLink(&link);
    IoDeleteDevice(DriverObject->DeviceObject);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(EVENTS_DEVICE_NAME);
    UNICODE_STRING link = RTL_CONSTANT_STRING(EVENTS_LINK_NAME);
    UNICODE_STRING eventName = RTL_CONSTANT_STRING(EVENTS_NAMED_KERNEL);
    PDEVICE_OBJECT device = NULL;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(RegistryPath);
    status = IoCreateDevice(DriverObject, 0, &name, FILE_DEVICE_UNKNOWN, 0, FALSE, &device);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = IoCreateSymbolicLink(&link, &name);
    if (!NT_SUCCESS(status)) {
        IoDeleteDevice(device);
        return status;
    }
    /* Made signalled, as documented; the handle keeps it, and its name, until unload. */
    Named = IoCreateNotificationEvent(&eventName, &NamedHandle);
    if (Named == NULL) {
        IoDeleteSymbolicLink(&link);
        IoDeleteDevice(device);
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    KeClearEvent(Named);
    DriverObject->MajorFunction[IRP_MJ_CREATE] = EventsCreate;
    DriverObject->MajorFunction[IRP_MJ_CLEANUP] = EventsCleanup;
    DriverObject->MajorFunction[IRP_MJ_CLOSE] = EventsClose;
    DriverObject->MajorFunction[IRP_MJ_DEVICE_CONTROL] = EventsControl;
    DriverObject->DriverUnload = EventsUnload;
    return STATUS_SUCCESS;
}
