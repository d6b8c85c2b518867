/* SPDX-License-Identifier: Apache-2.0 */
/* Sections that come as handles: mapped into the caller, into the System process, into the system's space. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

#ifdef __MINGW32__ /* its headers lack these */
extern POBJECT_TYPE *MmSectionObjectType;
#define MmMapViewInSystemSpaceEx(section, base, size, offset, flags) \
    ((VOID)(offset), MmMapViewInSystemSpace(section, base, size))
#endif

static NTSTATUS MapHere(HANDLE Section, PVOID *View)
{
    SIZE_T size = 0;

    *View = NULL;
    return ZwMapViewOfSection(Section, ZwCurrentProcess(), View, 0, 0, NULL, &size, ViewUnmap, 0, PAGE_READWRITE);
}

static NTSTATUS Exchange(PVOID View, TOUCH *Touch)
{
    NTSTATUS status = STATUS_SUCCESS;

    __try {
        volatile ULONG *word = (volatile ULONG *)((PUCHAR)View + Touch->Offset);
        ULONG before = *word;

        *word = Touch->Value;
        Touch->Value = before;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    return status;
}

static NTSTATUS Touch(TOUCH *Request)
{
    PVOID view;
    NTSTATUS status = MapHere((HANDLE)(ULONG_PTR)Request->Section, &view);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = Exchange(view, Request);
    CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    return status;
}

static NTSTATUS Commit(const TOUCH *Request)
{
    PVOID view;
    PVOID page;
    SIZE_T size = 1;
    NTSTATUS status = MapHere((HANDLE)(ULONG_PTR)Request->Section, &view);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    page = (PUCHAR)view + Request->Offset;
    status = ZwAllocateVirtualMemory(ZwCurrentProcess(), &page, 0, &size, MEM_COMMIT, PAGE_READWRITE);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL(size, PAGE_SIZE);
        CHECK(page == PAGE_ALIGN((PUCHAR)view + Request->Offset));
    }
    CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    return status;
}

typedef struct _SYSTEM_WORK {
    PVOID Object;
    TOUCH *Request;
    NTSTATUS Status;
    KDPC Dpc;
    KEVENT Done;
    volatile ULONG *Word;
} SYSTEM_WORK;

static KDEFERRED_ROUTINE ExchangeInDpc;
static VOID ExchangeInDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
    SYSTEM_WORK *work = (SYSTEM_WORK *)Context;

    UNREFERENCED_PARAMETER(Dpc);
    UNREFERENCED_PARAMETER(Argument1);
    UNREFERENCED_PARAMETER(Argument2);
    CHECK_EQUAL(KeGetCurrentIrql(), DISPATCH_LEVEL);
    *work->Word += 1;
    KeSetEvent(&work->Done, IO_NO_INCREMENT, FALSE);
}

/* The view's pages are locked before they are used at DISPATCH_LEVEL. */
static VOID IncrementInDpc(SYSTEM_WORK *Work, PVOID Address)
{
    PMDL mdl = IoAllocateMdl(Address, sizeof(ULONG), FALSE, FALSE, NULL);

    CHECK(mdl != NULL);
    if (mdl == NULL) {
        return;
    }
    MmProbeAndLockPages(mdl, KernelMode, IoWriteAccess);
    Work->Word = (volatile ULONG *)MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority);
    CHECK(Work->Word != NULL);
    if (Work->Word != NULL) {
        KeInitializeEvent(&Work->Done, NotificationEvent, FALSE);
        KeInitializeDpc(&Work->Dpc, ExchangeInDpc, Work);
        KeInsertQueueDpc(&Work->Dpc, NULL, NULL);
        KeWaitForSingleObject(&Work->Done, Executive, KernelMode, FALSE, NULL);
        KeFlushQueuedDpcs();
    }
    MmUnlockPages(mdl);
    IoFreeMdl(mdl);
}

static KSTART_ROUTINE SystemThread;
static VOID SystemThread(PVOID Context)
{
    SYSTEM_WORK *work = (SYSTEM_WORK *)Context;
    HANDLE section;
    PVOID view = NULL;
    PVOID other = NULL;
    SIZE_T size = 0;
    LARGE_INTEGER offset;

    CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
    work->Status = ObOpenObjectByPointer(work->Object, OBJ_KERNEL_HANDLE, NULL, SECTION_ALL_ACCESS, *MmSectionObjectType,
                                         KernelMode, &section);
    if (NT_SUCCESS(work->Status)) {
        work->Status = MapHere(section, &view);
        CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS);
    }
    if (NT_SUCCESS(work->Status)) {
        work->Status = Exchange(view, work->Request);
        offset.QuadPart = 0;
        size = 0;
        CHECK_EQUAL((ULONG)MmMapViewInSystemSpaceEx(work->Object, &other, &size, &offset, 0), (ULONG)STATUS_SUCCESS);
        CHECK(other != NULL && other != view); /* each map call gives another address */
        if (other != NULL) {
            CHECK_EQUAL(size, SECTION_BYTES);
            IncrementInDpc(work, (PUCHAR)other + work->Request->Offset);
            CHECK_EQUAL((ULONG)MmUnmapViewInSystemSpace(other), (ULONG)STATUS_SUCCESS);
        }
        CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    }
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS TouchInSystem(TOUCH *Request)
{
    SYSTEM_WORK *work = (SYSTEM_WORK *)ExAllocatePoolWithTag(NonPagedPool, sizeof(*work), TEST_TAG);
    HANDLE thread;
    NTSTATUS status;

    if (work == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    /* The application's own handle: type and access are checked as for the application. */
    status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Request->Section, SECTION_MAP_READ | SECTION_MAP_WRITE,
                                       *MmSectionObjectType, UserMode, &work->Object, NULL);
    if (!NT_SUCCESS(status)) {
        ExFreePoolWithTag(work, TEST_TAG);
        return status;
    }
    work->Request = Request;
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, SystemThread, work);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL(ZwWaitForSingleObject(thread, FALSE, NULL), STATUS_SUCCESS);
        ZwClose(thread);
        status = work->Status;
    }
    ObDereferenceObject(work->Object);
    ExFreePoolWithTag(work, TEST_TAG);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    TOUCH *request = (TOUCH *)Irp->AssociatedIrp.SystemBuffer;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(TOUCH) ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(TOUCH) ||
        request->Offset > SECTION_BYTES - sizeof(ULONG)) {
        return STATUS_INVALID_PARAMETER;
    }
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_TOUCH:
        status = Touch(request);
        break;
    case IOCTL_TOUCH_IN_SYSTEM:
        status = TouchInSystem(request);
        break;
    case IOCTL_COMMIT:
        status = Commit(request);
        break;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    Irp->IoStatus.Information = NT_SUCCESS(status) ? sizeof(TOUCH) : 0;
    return status;
}
