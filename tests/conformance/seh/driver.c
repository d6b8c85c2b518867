/* SPDX-License-Identifier: Apache-2.0 */
/* Structured exceptions: bad user pointers are caught, and control flows as documented. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static unsigned int LastFilterCode;

static LONG Filter(unsigned int Code)
{
    LastFilterCode = Code;
    return EXCEPTION_EXECUTE_HANDLER;
}

static VOID Operate(const TRY *Try, CAUGHT *Caught)
{
    UCHAR copy[256];

    switch (Try->Operation) {
    case OP_PROBE_READ:
        ProbeForRead((PVOID)(ULONG_PTR)Try->Address, Try->Length, Try->Alignment);
        break;
    case OP_PROBE_WRITE:
        ProbeForWrite((PVOID)(ULONG_PTR)Try->Address, Try->Length, Try->Alignment);
        break;
    case OP_READ:
        Caught->Byte = *(volatile UCHAR *)(ULONG_PTR)Try->Address;
        break;
    case OP_WRITE:
        *(volatile UCHAR *)(ULONG_PTR)Try->Address = 0x99;
        break;
    case OP_COPY:
        RtlCopyMemory(copy, (PVOID)(ULONG_PTR)Try->Address, Try->Length <= sizeof(copy) ? Try->Length : sizeof(copy));
        Caught->Byte = copy[0];
        break;
    case OP_RAISE:
        ExRaiseStatus((NTSTATUS)Try->Length);
        break;
    default:
        break;
    }
}

static VOID TryIt(const TRY *Try, CAUGHT *Caught)
{
    unsigned int local = 1;

    LastFilterCode = 0;
    __try {
        local = 2;
        Operate(Try, Caught);
    } __except (Filter((unsigned int)GetExceptionCode())) {
        Caught->Code = (unsigned int)GetExceptionCode();
    }
    Caught->Local = local;
    Caught->FilterCode = LastFilterCode;
}

/* ---- control flow; each function returns what happened, a decimal digit for each step */

static int FinallyAfterNormalEnd(VOID)
{
    int trace = 1;

    __try {
        trace = trace * 10 + 2;
    } __finally {
        trace = trace * 10 + (AbnormalTermination() ? 9 : 3);
    }
    return trace * 10 + 4;
}

static int FinallyBeforeHandler(VOID)
{
    int trace = 1;

    __try {
        __try {
            trace = trace * 10 + 2;
            ExRaiseStatus(STATUS_INVALID_PARAMETER);
            trace = 0;
        } __finally {
            trace = trace * 10 + (AbnormalTermination() ? 3 : 9);
        }
        trace = 0;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        trace = trace * 10 + 4;
    }
    return trace;
}

static int InnerSearchesOn(VOID)
{
    int trace = 1;

    __try {
        __try {
            ExRaiseStatus(STATUS_UNSUCCESSFUL);
        } __except (EXCEPTION_CONTINUE_SEARCH) {
            trace = 0;
        }
        trace = 0;
    } __except (GetExceptionCode() == STATUS_UNSUCCESSFUL ? EXCEPTION_EXECUTE_HANDLER : EXCEPTION_CONTINUE_SEARCH) {
        trace = trace * 10 + 2;
    }
    return trace;
}

static int RaiseInHandler(VOID)
{
    int trace = 1;

    __try {
        __try {
            ExRaiseStatus(STATUS_UNSUCCESSFUL);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            trace = trace * 10 + 2;
            ExRaiseStatus(STATUS_ACCESS_DENIED);
        }
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        trace = trace * 10 + (GetExceptionCode() == STATUS_ACCESS_DENIED ? 3 : 9);
    }
    return trace;
}

static int ReturnFromHandler(VOID)
{
    __try {
        ExRaiseStatus(STATUS_UNSUCCESSFUL);
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return 12;
    }
    return 0;
}

static int ReturnFromBody(VOID)
{
    __try {
        return 12;
    } __except (EXCEPTION_EXECUTE_HANDLER) {
        return 0;
    }
}

static int BreakOutOfHandler(VOID)
{
    int i;

    for (i = 0; i < 10; ++i) {
        __try {
            if (i == 5) {
                ExRaiseStatus(STATUS_UNSUCCESSFUL);
            }
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            break;
        }
    }
    return i;
}

static int ManyTimes(VOID)
{
    int caught = 0;
    int i;

    for (i = 0; i < 1000; ++i) {
        __try {
            ExRaiseStatus(STATUS_UNSUCCESSFUL);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            ++caught;
        }
    }
    return caught;
}

static int Leave(VOID)
{
    int trace = 1;

    __try {
        trace = trace * 10 + 2;
        if (trace == 12) {
            __leave;
        }
        trace = 0;
    } __finally {
        trace = trace * 10 + (AbnormalTermination() ? 9 : 3);
    }
    return trace;
}

static VOID Flow(VOID)
{
    CHECK_EQUAL(FinallyAfterNormalEnd(), 1234);
    CHECK_EQUAL(FinallyBeforeHandler(), 1234);
    CHECK_EQUAL(InnerSearchesOn(), 12);
    CHECK_EQUAL(RaiseInHandler(), 123);
    CHECK_EQUAL(ReturnFromHandler(), 12);
    CHECK_EQUAL(ReturnFromBody(), 12);
    CHECK_EQUAL(BreakOutOfHandler(), 5);
    CHECK_EQUAL(ManyTimes(), 1000);
    CHECK_EQUAL(Leave(), 123);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG code = Stack->Parameters.DeviceIoControl.IoControlCode;
    CAUGHT caught;
    TRY request;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (code == IOCTL_FLOW) {
        Flow();
        return STATUS_SUCCESS;
    }
    if (code != IOCTL_TRY && code != IOCTL_TRY_STATUS) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    if (Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(request)) {
        return STATUS_INVALID_PARAMETER;
    }
    request = *(TRY *)Irp->AssociatedIrp.SystemBuffer;
    RtlZeroMemory(&caught, sizeof(caught));
    TryIt(&request, &caught);
    if (code == IOCTL_TRY_STATUS) {
        return (NTSTATUS)caught.Code;
    }
    if (Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(caught)) {
        return STATUS_BUFFER_TOO_SMALL;
    }
    *(CAUGHT *)Irp->AssociatedIrp.SystemBuffer = caught;
    Irp->IoStatus.Information = sizeof(caught);
    return STATUS_SUCCESS;
}
