/* SPDX-License-Identifier: Apache-2.0 */
/* Views in other processes than the one that asks, and sections that grow. */
#include <ntifs.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

#ifndef PROCESS_VM_OPERATION
#define PROCESS_VM_OPERATION 0x0008
#endif

typedef struct _SYSTEM_WORK {
    PVOID Section;
    PEPROCESS Process;
    VIEW_ELSEWHERE *Request;
    BOOLEAN Unmap;
    NTSTATUS Status;
} SYSTEM_WORK;

static NTSTATUS MapInto(HANDLE Section, HANDLE Process, VIEW_ELSEWHERE *Request)
{
    PVOID base = NULL;
    SIZE_T size = VIEW_BYTES;
    LARGE_INTEGER offset;
    NTSTATUS status;

    offset.QuadPart = VIEW_OFFSET;
    status = ZwMapViewOfSection(Section, Process, &base, 0, 0, &offset, &size, ViewUnmap, 0, PAGE_READWRITE);
    if (NT_SUCCESS(status)) {
        CHECK_EQUAL(size, VIEW_BYTES);
        CHECK_EQUAL(offset.QuadPart, VIEW_OFFSET);
        CHECK(base != NULL && ((ULONG_PTR)base & 0xffff) == 0);
        Request->Base = (ULONG_PTR)base;
    }
    return status;
}

/* Whether the application may do that with the process that it names: a Zw routine called from here would not ask. */
static NTSTATUS OpenForCaller(unsigned long long Handle, PHANDLE Process)
{
    PVOID object;
    NTSTATUS status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Handle, PROCESS_VM_OPERATION, *PsProcessType, UserMode,
                                                &object, NULL);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    status = ObOpenObjectByPointer(object, OBJ_KERNEL_HANDLE, NULL, PROCESS_ALL_ACCESS, *PsProcessType, KernelMode, Process);
    ObDereferenceObject(object);
    return status;
}

static NTSTATUS Elsewhere(VIEW_ELSEWHERE *Request, BOOLEAN Unmap)
{
    HANDLE process;
    NTSTATUS status = OpenForCaller(Request->Process, &process);

    if (!NT_SUCCESS(status)) {
        return status;
    }
    if (Unmap) {
        status = ZwUnmapViewOfSection(process, (PVOID)(ULONG_PTR)Request->Base);
    } else {
        status = MapInto((HANDLE)(ULONG_PTR)Request->Section, process, Request);
    }
    CHECK_EQUAL(ZwClose(process), STATUS_SUCCESS);
    return status;
}

/* Runs in the System process: its context says nothing about where the view goes, the handle does. */
static KSTART_ROUTINE SystemThread;
static VOID SystemThread(PVOID Context)
{
    SYSTEM_WORK *work = (SYSTEM_WORK *)Context;
    HANDLE section = NULL;
    HANDLE process = NULL;
    KAPC_STATE attached;

    CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
    work->Status = ObOpenObjectByPointer(work->Process, OBJ_KERNEL_HANDLE, NULL, PROCESS_ALL_ACCESS, *PsProcessType, KernelMode,
                                         &process);
    CHECK(NT_SUCCESS(work->Status));
    if (work->Unmap) {
        work->Status = ZwUnmapViewOfSection(process, (PVOID)(ULONG_PTR)work->Request->Base);
    } else {
        work->Status = ObOpenObjectByPointer(work->Section, OBJ_KERNEL_HANDLE, NULL, SECTION_ALL_ACCESS, *MmSectionObjectType,
                                             KernelMode, &section);
        CHECK(NT_SUCCESS(work->Status));
        work->Status = MapInto(section, process, work->Request);
        CHECK_EQUAL(ZwClose(section), STATUS_SUCCESS);
        if (NT_SUCCESS(work->Status)) {
            KeStackAttachProcess(work->Process, &attached);
            CHECK(PsGetCurrentProcess() == work->Process);
            __try {
                *(volatile ULONG *)(ULONG_PTR)work->Request->Base += 1;
            } __except (EXCEPTION_EXECUTE_HANDLER) {
                work->Status = GetExceptionCode();
            }
            KeUnstackDetachProcess(&attached);
            CHECK(PsGetCurrentProcess() == PsInitialSystemProcess);
        }
    }
    CHECK_EQUAL(ZwClose(process), STATUS_SUCCESS);
    PsTerminateSystemThread(STATUS_SUCCESS);
}

static NTSTATUS FromSystem(VIEW_ELSEWHERE *Request, BOOLEAN Unmap)
{
    SYSTEM_WORK work;
    HANDLE thread;
    PVOID object;
    NTSTATUS status;

    RtlZeroMemory(&work, sizeof(work));
    work.Request = Request;
    work.Unmap = Unmap;
    work.Process = PsGetCurrentProcess();
    if (!Unmap) {
        status = ObReferenceObjectByHandle((HANDLE)(ULONG_PTR)Request->Section, SECTION_MAP_WRITE, *MmSectionObjectType, UserMode,
                                           &work.Section, NULL);
        if (!NT_SUCCESS(status)) {
            return status;
        }
    }
    status = PsCreateSystemThread(&thread, THREAD_ALL_ACCESS, NULL, NULL, NULL, SystemThread, &work);
    if (NT_SUCCESS(status)) {
        status = ObReferenceObjectByHandle(thread, SYNCHRONIZE, *PsThreadType, KernelMode, &object, NULL);
        CHECK(NT_SUCCESS(status));
        KeWaitForSingleObject(object, Executive, KernelMode, FALSE, NULL);
        ObDereferenceObject(object);
        CHECK_EQUAL(ZwClose(thread), STATUS_SUCCESS);
        status = work.Status;
    }
    if (work.Section != NULL) {
        ObDereferenceObject(work.Section);
    }
    return status;
}

#ifdef __MINGW32__ /* its headers lack it */
NTSYSAPI NTSTATUS NTAPI ZwExtendSection(HANDLE SectionHandle, PLARGE_INTEGER NewSectionSize);
#endif

static NTSTATUS Extend(EXTEND *Request)
{
    HANDLE section = (HANDLE)(ULONG_PTR)Request->Section;
    LARGE_INTEGER size;
    PVOID view = NULL;
    SIZE_T length = 0;
    NTSTATUS status;

    size.QuadPart = (LONGLONG)Request->Size;
    status = ZwExtendSection(section, &size);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    Request->Size = (unsigned long long)size.QuadPart;
    status = ZwMapViewOfSection(section, ZwCurrentProcess(), &view, 0, 0, NULL, &length, ViewUnmap, 0, PAGE_READWRITE);
    if (!NT_SUCCESS(status)) {
        return status;
    }
    CHECK_EQUAL(length, ROUND_TO_PAGES(Request->Size));
    __try {
        ((volatile UCHAR *)view)[Request->Size - 1] = (UCHAR)Request->Value;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        status = GetExceptionCode();
    }
    CHECK_EQUAL(ZwUnmapViewOfSection(ZwCurrentProcess(), view), STATUS_SUCCESS);
    return status;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    VIEW_ELSEWHERE *view = (VIEW_ELSEWHERE *)Irp->AssociatedIrp.SystemBuffer;
    ULONG length = Stack->Parameters.DeviceIoControl.InputBufferLength;
    NTSTATUS status;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength != length || length != sizeof(VIEW_ELSEWHERE)) {
        return STATUS_INVALID_PARAMETER; /* an EXTEND has the same size */
    }
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_MAP_ELSEWHERE:
        status = Elsewhere(view, FALSE);
        break;
    case IOCTL_UNMAP_ELSEWHERE:
        status = Elsewhere(view, TRUE);
        break;
    case IOCTL_MAP_FROM_SYSTEM:
        status = FromSystem(view, FALSE);
        break;
    case IOCTL_UNMAP_FROM_SYSTEM:
        status = FromSystem(view, TRUE);
        break;
    case IOCTL_EXTEND:
        status = Extend((EXTEND *)Irp->AssociatedIrp.SystemBuffer);
        break;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (NT_SUCCESS(status)) {
        Irp->IoStatus.Information = length;
    }
    return status;
}
