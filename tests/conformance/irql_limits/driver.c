/* SPDX-License-Identifier: Apache-2.0 */
/* A driver that calls routines at a raised IRQL: at the highest that each is documented for, and, when asked to, above it. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static HANDLE MakeEvent(VOID)
{
    OBJECT_ATTRIBUTES attributes;
    HANDLE event = NULL;

    InitializeObjectAttributes(&attributes, NULL, OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_SUCCESS);
    return event;
}

/* What is documented for IRQL <= DISPATCH_LEVEL, there; for IRQL <= APC_LEVEL, at APC_LEVEL. */
static VOID CallRightly(PDEVICE_OBJECT DeviceObject)
{
    KIRQL irql;
    KEVENT event;
    UNICODE_STRING text;
    WCHAR room[8];
    PVOID block;
    PMDL mdl;
    PIRP irp;

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    (VOID)KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
    CHECK_EQUAL(KeReadStateEvent(&event), 1);
    text.Buffer = room;
    text.Length = 0;
    text.MaximumLength = sizeof(room);
    CHECK_EQUAL(RtlAppendUnicodeToString(&text, L"abc"), STATUS_SUCCESS);
    block = ExAllocatePoolWithTag(NonPagedPoolNx, 100, TEST_TAG);
    CHECK(block != NULL);
    mdl = IoAllocateMdl(block, 100, FALSE, FALSE, NULL);
    CHECK(mdl != NULL);
    MmBuildMdlForNonPagedPool(mdl);
    IoFreeMdl(mdl);
    ExFreePoolWithTag(block, TEST_TAG);
    irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);
    CHECK(irp != NULL);
    IoFreeIrp(irp);
    ObReferenceObject(DeviceObject);
    ObDereferenceObject(DeviceObject);
    KeLowerIrql(irql);

    KeRaiseIrql(APC_LEVEL, &irql);
    block = ExAllocatePoolWithTag(PagedPool, 100, TEST_TAG);
    CHECK(block != NULL);
    ExFreePoolWithTag(block, TEST_TAG);
    KeEnterCriticalRegion();
    KeLeaveCriticalRegion();
    KeLowerIrql(irql);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    unsigned int way;
    HANDLE handle;
    KEVENT event;
    KIRQL irql;

    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(way)) {
        return STATUS_INVALID_PARAMETER;
    }
    way = *(unsigned int *)Irp->AssociatedIrp.SystemBuffer;
    switch (way) {
    case RAISED_CLOSE_AT_DISPATCH:
        handle = MakeEvent();
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        (VOID)ZwClose(handle);
        KeLowerIrql(irql);
        break;
    case RAISED_PAGED_POOL_AT_DISPATCH:
    case RAISED_PAGED_POOL_VERIFIED:
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        (VOID)ExAllocatePoolWithTag(PagedPool, 100, TEST_TAG);
        KeLowerIrql(irql);
        break;
    case RAISED_SET_EVENT_ABOVE_DISPATCH:
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        KeRaiseIrql(DISPATCH_LEVEL + 1, &irql);
        (VOID)KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
        KeLowerIrql(irql);
        break;
    case RAISED_CLOSE_AT_APC:
        handle = MakeEvent();
        KeRaiseIrql(APC_LEVEL, &irql);
        CHECK_EQUAL(ZwClose(handle), STATUS_SUCCESS);
        KeLowerIrql(irql);
        break;
    default:
        CallRightly(DeviceObject);
        break;
    }
    return STATUS_SUCCESS;
}
