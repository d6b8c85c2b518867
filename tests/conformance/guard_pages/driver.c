/* SPDX-License-Identifier: Apache-2.0 */
/* What a driver meets when an application gives it a guard page: STATUS_GUARD_PAGE_VIOLATION, once. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static NTSTATUS LockAndUnlock(const GUARD_REQUEST *Request, LOCK_OPERATION Operation)
{
    PMDL mdl = IoAllocateMdl((PVOID)(ULONG_PTR)Request->Address, Request->Length, FALSE, FALSE, NULL);
    NTSTATUS code = STATUS_SUCCESS;

    if (mdl == NULL) {
        return STATUS_INSUFFICIENT_RESOURCES;
    }
    __try {
        MmProbeAndLockPages(mdl, UserMode, Operation);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    if (code == STATUS_SUCCESS) {
        MmUnlockPages(mdl);
    }
    IoFreeMdl(mdl);
    return code;
}

static NTSTATUS Touch(const GUARD_REQUEST *Request)
{
    volatile UCHAR *address = (volatile UCHAR *)(ULONG_PTR)Request->Address;
    NTSTATUS code = STATUS_SUCCESS;

    __try {
        switch (Request->What) {
        case GUARD_READ:
            (VOID)address[0];
            break;
        case GUARD_WRITE:
            address[0] = 0x77;
            break;
        case GUARD_PROBE_READ:
            ProbeForRead((PVOID)(ULONG_PTR)Request->Address, Request->Length, 1);
            break;
        case GUARD_PROBE_WRITE:
            ProbeForWrite((PVOID)(ULONG_PTR)Request->Address, Request->Length, 1);
            break;
        default:
            code = STATUS_INVALID_PARAMETER;
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        code = GetExceptionCode();
    }
    return code;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    GUARD_REQUEST *request = (GUARD_REQUEST *)Irp->AssociatedIrp.SystemBuffer;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_TAKE_BUFFERED:
    case IOCTL_TAKE_DIRECT:
        return STATUS_SUCCESS;
    case IOCTL_GUARD:
        break;
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (Stack->Parameters.DeviceIoControl.InputBufferLength != sizeof(*request) ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength != sizeof(*request)) {
        return STATUS_INVALID_PARAMETER;
    }
    if (request->What == GUARD_LOCK_READ || request->What == GUARD_LOCK_WRITE) {
        request->Code = (unsigned int)LockAndUnlock(request, request->What == GUARD_LOCK_READ ? IoReadAccess : IoWriteAccess);
    } else {
        request->Code = (unsigned int)Touch(request);
    }
    Irp->IoStatus.Information = sizeof(*request);
    return STATUS_SUCCESS;
}
