/* SPDX-License-Identifier: Apache-2.0 */
/* Ends the machine (here: the host) when asked, in the ways in which drivers do that by mistake. */
#include <ntddk.h>

#include "public.h"

#define FRAME_PLAIN
#include "frame/driver_frame.h"

static VOID WriteTo(volatile ULONG *Address)
{
    *Address = 1;
}

static NTSTATUS Crash(ULONG Way)
{
    KIRQL irql;

    switch (Way) {
    case CRASH_BY_CALL:
        KeBugCheckEx(0xDEADBEEF, 1, 2, 3, 4);
        break;
    case CRASH_BY_ACCESS:
        __try {
            WriteTo((volatile ULONG *)(ULONG_PTR)0xfffff80000000000ULL);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            return STATUS_SUCCESS; /* wrong: a bad system address must not be caught */
        }
        break;
    case CRASH_AT_DPC:
        KeRaiseIrql(DISPATCH_LEVEL, &irql);
        __try {
            WriteTo((volatile ULONG *)(ULONG_PTR)16);
        } __except (EXCEPTION_EXECUTE_HANDLER) {
            KeLowerIrql(irql);
            return STATUS_SUCCESS; /* wrong: at DISPATCH_LEVEL nothing is caught */
        }
        KeLowerIrql(irql);
        break;
    case CRASH_UNCAUGHT:
        ExRaiseStatus(STATUS_INVALID_PARAMETER);
        break;
    default:
        return STATUS_INVALID_PARAMETER;
    }
    return STATUS_SUCCESS;
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_CRASH ||
        Stack->Parameters.DeviceIoControl.InputBufferLength < sizeof(ULONG)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    return Crash(*(PULONG)Irp->AssociatedIrp.SystemBuffer);
}
