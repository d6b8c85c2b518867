/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Services that a driver uses by itself: work items of both kinds, driver objects made by a driver, reinitialization,
 * associated and driver-made IRPs, forwarding, stacks, system information, directories.
 */
#include <ntifs.h>

#include "public.h"

#include "frame/driver_frame.h"

NTKERNELAPI NTSTATUS NTAPI IoCreateDriver(PUNICODE_STRING DriverName, PDRIVER_INITIALIZE InitializationFunction);
NTKERNELAPI VOID NTAPI IoDeleteDriver(PDRIVER_OBJECT DriverObject);

static PDEVICE_OBJECT TestDevice;
static PDRIVER_OBJECT TestDriver;
static ULONG Reinitializations;
static PDRIVER_OBJECT OtherDriver;

static VOID NTAPI Reinitialize(PDRIVER_OBJECT DriverObject, PVOID Context, ULONG Count)
{
    CHECK(Context == &Reinitializations);
    CHECK_EQUAL(Count, Reinitializations + 1);
    if (++Reinitializations == 1) {
        IoRegisterDriverReinitialization(DriverObject, Reinitialize, Context); /* once more */
    }
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    TestDevice = DeviceObject;
    TestDriver = DriverObject;
    IoRegisterDriverReinitialization(DriverObject, Reinitialize, &Reinitializations);
    CHECK_EQUAL(Reinitializations, 0); /* not before DriverEntry has returned */
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
}

/* Work items. */

typedef struct _WORK {
    KEVENT Done;
    KEVENT Go;
    ULONG Runs;
    PIO_WORKITEM Item;
    PVOID Object;
    WORK_QUEUE_ITEM Executive;
} WORK;

static VOID NTAPI WorkRoutine(PDEVICE_OBJECT DeviceObject, PVOID Context)
{
    WORK *work = (WORK *)Context;

    CHECK(DeviceObject == TestDevice);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
    ++work->Runs;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

static VOID NTAPI WorkRoutineEx(PVOID IoObject, PVOID Context, PIO_WORKITEM Item)
{
    WORK *work = (WORK *)Context;

    CHECK(IoObject == work->Object);
    CHECK(Item == work->Item);
    ++work->Runs;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

static VOID NTAPI WaitingRoutine(PVOID Context)
{
    WORK *work = (WORK *)Context;

    KeWaitForSingleObject(&work->Go, Executive, KernelMode, FALSE, NULL);
    ++work->Runs;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

static VOID Wait(PKEVENT Event)
{
    LARGE_INTEGER timeout;

    timeout.QuadPart = -600000000LL;
    CHECK_EQUAL(KeWaitForSingleObject(Event, Executive, KernelMode, FALSE, &timeout), STATUS_SUCCESS);
}

static VOID WorkItems(VOID)
{
    enum { kBlocked = 5 };
    static WORK blocked[kBlocked];
    WORK work;
    KIRQL irql;
    PVOID memory;
    int i;

    RtlZeroMemory(&work, sizeof(work));
    KeInitializeEvent(&work.Done, SynchronizationEvent, FALSE);
    work.Item = IoAllocateWorkItem(TestDevice);
    CHECK(work.Item != NULL);
    KeRaiseIrql(DISPATCH_LEVEL, &irql);
    IoQueueWorkItem(work.Item, WorkRoutine, DelayedWorkQueue, &work);
    KeLowerIrql(irql);
    Wait(&work.Done);
    CHECK_EQUAL(work.Runs, 1);
    work.Object = TestDevice;
    IoQueueWorkItemEx(work.Item, WorkRoutineEx, CriticalWorkQueue, &work);
    Wait(&work.Done);
    CHECK_EQUAL(work.Runs, 2);
    IoFreeWorkItem(work.Item);

    /* In memory of the driver's own, for a driver instead of a device. */
    memory = ExAllocatePoolWithTag(NonPagedPoolNx, IoSizeofWorkItem(), TEST_TAG);
    CHECK(memory != NULL);
    work.Item = (PIO_WORKITEM)memory;
    work.Object = TestDriver;
    IoInitializeWorkItem(TestDriver, work.Item);
    CHECK(IoTryQueueWorkItem(work.Item, WorkRoutineEx, DelayedWorkQueue, &work));
    Wait(&work.Done);
    CHECK_EQUAL(work.Runs, 3);
    IoUninitializeWorkItem(work.Item);
    ExFreePoolWithTag(memory, TEST_TAG);

    /* Items that wait keep no other item from running. */
    for (i = 0; i < kBlocked; ++i) {
        RtlZeroMemory(&blocked[i], sizeof(blocked[i]));
        KeInitializeEvent(&blocked[i].Done, SynchronizationEvent, FALSE);
        KeInitializeEvent(&blocked[i].Go, NotificationEvent, FALSE);
        ExInitializeWorkItem(&blocked[i].Executive, WaitingRoutine, &blocked[i]);
        ExQueueWorkItem(&blocked[i].Executive, DelayedWorkQueue);
    }
    for (i = kBlocked - 1; i >= 0; --i) {
        KeSetEvent(&blocked[i].Go, IO_NO_INCREMENT, FALSE);
        Wait(&blocked[i].Done);
        CHECK_EQUAL(blocked[i].Runs, 1);
    }
}

/* Driver objects. */

static NTSTATUS NTAPI OtherControl(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return FrameComplete(Irp, STATUS_DEVICE_BUSY, 7);
}

static NTSTATUS NTAPI OtherInitialize(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    CHECK(RegistryPath == NULL);
    CHECK(DriverObject != TestDriver);
    OtherDriver = DriverObject;
    DriverObject->MajorFunction[IRP_MJ_INTERNAL_DEVICE_CONTROL] = OtherControl;
    return STATUS_SUCCESS;
}

static NTSTATUS NTAPI RefusingInitialize(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(RegistryPath);
    return STATUS_NO_MEMORY;
}

static VOID Drivers(VOID)
{
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Driver\\PwIoServicesOther");
    PDEVICE_OBJECT device = NULL;
    PIRP irp;
    KEVENT event;
    IO_STATUS_BLOCK block;
    NTSTATUS status;

    CHECK_EQUAL(IoCreateDriver(&name, RefusingInitialize), STATUS_NO_MEMORY);
    CHECK_EQUAL(IoCreateDriver(&name, OtherInitialize), STATUS_SUCCESS);
    CHECK_EQUAL(IoCreateDriver(&name, OtherInitialize), STATUS_OBJECT_NAME_COLLISION);
    CHECK_EQUAL(IoCreateDevice(OtherDriver, 0, NULL, FILE_DEVICE_UNKNOWN, 0, FALSE, &device), STATUS_SUCCESS);
    if (device != NULL) {
        KeInitializeEvent(&event, NotificationEvent, FALSE);
        irp = IoBuildDeviceIoControlRequest(1, device, NULL, 0, NULL, 0, TRUE, &event, &block);
        CHECK(irp != NULL);
        status = IoCallDriver(device, irp);
        CHECK_EQUAL(status, STATUS_DEVICE_BUSY);
        IoDeleteDevice(device);
    }
    IoDeleteDriver(OtherDriver);
}

/* IRPs that the driver makes. */

static NTSTATUS NTAPI Keep(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
    CHECK(DeviceObject == NULL); /* the allocator of the IRP has no stack location */
    CHECK_EQUAL(Irp->IoStatus.Status, STATUS_NOT_SUPPORTED);
    ++*(PULONG)Context;
    return STATUS_MORE_PROCESSING_REQUIRED;
}

static VOID OwnRequests(VOID)
{
    ULONG kept = 0;
    PIRP irp, master, first, second;
    USHORT bytes = IoSizeOfIrp(TestDevice->StackSize);
    PIO_STACK_LOCATION stack;
    int round;

    /* In the driver's own memory, used again and again. */
    irp = (PIRP)ExAllocatePoolWithTag(NonPagedPoolNx, bytes, TEST_TAG);
    CHECK(irp != NULL);
    IoInitializeIrp(irp, bytes, TestDevice->StackSize);
    for (round = 0; round < 3; ++round) {
        stack = IoGetNextIrpStackLocation(irp);
        stack->MajorFunction = IRP_MJ_SET_QUOTA; /* nobody's */
        IoSetCompletionRoutine(irp, Keep, &kept, TRUE, TRUE, TRUE);
        irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
        CHECK_EQUAL(IoCallDriver(TestDevice, irp), STATUS_NOT_SUPPORTED);
        CHECK_EQUAL(kept, (ULONG)round + 1);
        IoReuseIrp(irp, STATUS_NOT_SUPPORTED);
        CHECK_EQUAL(irp->IoStatus.Status, STATUS_NOT_SUPPORTED);
        CHECK_EQUAL(irp->CurrentLocation, irp->StackCount + 1);
    }
    ExFreePoolWithTag(irp, TEST_TAG);

    /* The master completes with its last associated IRP. */
    master = IoAllocateIrp(TestDevice->StackSize, FALSE);
    CHECK(master != NULL);
    stack = IoGetNextIrpStackLocation(master);
    stack->MajorFunction = IRP_MJ_SET_QUOTA;
    IoSetCompletionRoutine(master, Keep, &kept, TRUE, TRUE, TRUE);
    IoSetNextIrpStackLocation(master);
    master->AssociatedIrp.IrpCount = 2;
    master->IoStatus.Status = STATUS_NOT_SUPPORTED;
    first = IoMakeAssociatedIrp(master, TestDevice->StackSize);
    second = IoMakeAssociatedIrp(master, TestDevice->StackSize);
    CHECK(first != NULL && second != NULL);
    IoGetNextIrpStackLocation(first)->MajorFunction = IRP_MJ_SET_QUOTA;
    IoGetNextIrpStackLocation(second)->MajorFunction = IRP_MJ_SET_QUOTA;
    (VOID)IoCallDriver(TestDevice, first);
    CHECK_EQUAL(kept, 3);
    (VOID)IoCallDriver(TestDevice, second);
    CHECK_EQUAL(kept, 4);
    IoFreeIrp(master);
}

static NTSTATUS NTAPI SetQuota(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    return FrameComplete(Irp, STATUS_NOT_SUPPORTED, 0);
}

/* The rest. */

static VOID NTAPI ThreadRoutine(PVOID Context)
{
    KeSetEvent((PKEVENT)Context, IO_NO_INCREMENT, FALSE);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static VOID Services(PIRP Irp)
{
    ULONG_PTR low = 0, high = 0, here;
    SYSTEM_BASIC_INFORMATION basic;
    ULONG returned = 0, context = 0, entries = 0, session = 99;
    UNICODE_STRING name = RTL_CONSTANT_STRING(L"\\Device");
    UNICODE_STRING wanted = RTL_CONSTANT_STRING(L"PwIoServices");
    UNICODE_STRING type = RTL_CONSTANT_STRING(L"Device");
    OBJECT_ATTRIBUTES attributes;
    POBJECT_DIRECTORY_INFORMATION list;
    HANDLE directory, thread;
    BOOLEAN found = FALSE;
    KEVENT event;
    NTSTATUS status;

    IoGetStackLimits(&low, &high);
    here = (ULONG_PTR)&event;
    CHECK(low < here && here < high);
    CHECK(IoGetRemainingStackSize() != 0 && IoGetRemainingStackSize() < high - low);
    CHECK_EQUAL(IoCheckFunctionAccess(FILE_READ_DATA, IRP_MJ_READ, 0, 0, NULL, NULL), STATUS_SUCCESS);
    CHECK_EQUAL(IoCheckFunctionAccess(FILE_READ_DATA, IRP_MJ_WRITE, 0, 0, NULL, NULL), STATUS_ACCESS_DENIED);
    CHECK_EQUAL(IoCheckFunctionAccess(FILE_READ_DATA, IRP_MJ_DEVICE_CONTROL, 0, CTL_CODE(1, 2, 0, FILE_WRITE_ACCESS), NULL, NULL),
                STATUS_ACCESS_DENIED);
    CHECK(IoGetRequestorProcess(Irp) == PsGetCurrentProcess());
    CHECK_EQUAL(IoGetRequestorProcessId(Irp), (ULONG)(ULONG_PTR)PsGetCurrentProcessId());
    CHECK_EQUAL(IoGetRequestorSessionId(Irp, &session), STATUS_SUCCESS);
    CHECK(session != 99);
    CHECK_EQUAL(IoGetIoPriorityHint(Irp), IoPriorityNormal);
    CHECK_EQUAL(IoSetIoPriorityHint(Irp, IoPriorityLow), STATUS_SUCCESS);
    CHECK_EQUAL(IoGetIoPriorityHint(Irp), IoPriorityLow);

    CHECK_EQUAL(ZwQuerySystemInformation(SystemBasicInformation, &basic, sizeof(basic), &returned), STATUS_SUCCESS);
    CHECK_EQUAL(returned, sizeof(basic));
    CHECK_EQUAL(basic.NumberOfProcessors, KeQueryActiveProcessorCount(NULL));
    CHECK_EQUAL(ZwQuerySystemInformation(SystemBasicInformation, &basic, 3, &returned), STATUS_INFO_LENGTH_MISMATCH);

    KeInitializeEvent(&event, NotificationEvent, FALSE);
    status = IoCreateSystemThread(TestDevice, &thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, ThreadRoutine, &event);
    CHECK_EQUAL(status, STATUS_SUCCESS);
    if (NT_SUCCESS(status)) {
        Wait(&event);
        CHECK_EQUAL(ZwWaitForSingleObject(thread, FALSE, NULL), STATUS_SUCCESS);
        ZwClose(thread);
    }

    InitializeObjectAttributes(&attributes, &name, OBJ_CASE_INSENSITIVE | OBJ_KERNEL_HANDLE, NULL, NULL);
    CHECK_EQUAL(ZwOpenDirectoryObject(&directory, DIRECTORY_QUERY, &attributes), STATUS_SUCCESS);
    list = (POBJECT_DIRECTORY_INFORMATION)ExAllocatePoolWithTag(PagedPool, 1024, TEST_TAG);
    CHECK(list != NULL);
    CHECK_EQUAL(ZwQueryDirectoryObject(directory, list, 8, TRUE, TRUE, &context, &returned), STATUS_BUFFER_TOO_SMALL);
    CHECK(returned > 8);
    while ((status = ZwQueryDirectoryObject(directory, list, 1024, TRUE, entries == 0, &context, &returned)) == STATUS_SUCCESS) {
        ++entries;
        if (RtlEqualUnicodeString(&list->Name, &wanted, FALSE) && RtlEqualUnicodeString(&list->TypeName, &type, FALSE)) {
            found = TRUE;
        }
    }
    CHECK_EQUAL(status, STATUS_NO_MORE_ENTRIES);
    CHECK(found);
    CHECK_EQUAL(context, entries);
    ExFreePoolWithTag(list, TEST_TAG);
    ZwClose(directory);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_RUN) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    CHECK_EQUAL(Reinitializations, 2);
    TestDriver->MajorFunction[IRP_MJ_SET_QUOTA] = SetQuota;
    WorkItems();
    Drivers();
    OwnRequests();
    Services(Irp);
    return STATUS_SUCCESS;
}
