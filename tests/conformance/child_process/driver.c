/* SPDX-License-Identifier: Apache-2.0 */
/* Says which process asks, and how it came to be. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

#define RECORDS 64

typedef struct _RECORD {
    HANDLE Process;
    CHILD_ORIGIN Origin;
} RECORD;

static FAST_MUTEX Lock;
static RECORD Records[RECORDS];
static ULONG NextRecord;

static VOID CopyText(unsigned short *To, PCUNICODE_STRING From)
{
    ULONG length = From == NULL ? 0 : From->Length / sizeof(WCHAR);

    if (length > ORIGIN_CHARACTERS - 1) {
        length = ORIGIN_CHARACTERS - 1;
    }
    if (length != 0) {
        RtlCopyMemory(To, From->Buffer, length * sizeof(WCHAR));
    }
    To[length] = 0;
}

static VOID NTAPI OnProcess(PEPROCESS Process, HANDLE ProcessId, PPS_CREATE_NOTIFY_INFO Info)
{
    RECORD *record;

    UNREFERENCED_PARAMETER(Process);
    if (Info == NULL) {
        return;
    }
    ExAcquireFastMutex(&Lock);
    record = &Records[NextRecord++ % RECORDS];
    record->Process = ProcessId;
    record->Origin.Parent = (unsigned int)(ULONG_PTR)Info->ParentProcessId;
    record->Origin.CreatorProcess = (unsigned int)(ULONG_PTR)Info->CreatingThreadId.UniqueProcess;
    record->Origin.CreatorThread = (unsigned int)(ULONG_PTR)Info->CreatingThreadId.UniqueThread;
    CopyText(record->Origin.CommandLine, Info->CommandLine);
    CopyText(record->Origin.Image, Info->ImageFileName);
    ExReleaseFastMutex(&Lock);
}

static NTSTATUS FindOrigin(CHILD_ORIGIN *Origin)
{
    NTSTATUS status = STATUS_NOT_FOUND;
    ULONG i;

    ExAcquireFastMutex(&Lock);
    for (i = 0; i < RECORDS; ++i) {
        if (Records[i].Process == PsGetCurrentProcessId()) {
            *Origin = Records[i].Origin;
            status = STATUS_SUCCESS;
        }
    }
    ExReleaseFastMutex(&Lock);
    return status;
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    ExInitializeFastMutex(&Lock);
    return PsSetCreateProcessNotifyRoutineEx(OnProcess, FALSE);
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    (VOID)PsSetCreateProcessNotifyRoutineEx(OnProcess, TRUE);
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    ULONG output = Stack->Parameters.DeviceIoControl.OutputBufferLength;

    UNREFERENCED_PARAMETER(DeviceObject);
    switch (Stack->Parameters.DeviceIoControl.IoControlCode) {
    case IOCTL_CHILD_WHO:
        if (output < sizeof(unsigned int)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        *(unsigned int *)Irp->AssociatedIrp.SystemBuffer = (unsigned int)(ULONG_PTR)PsGetCurrentProcessId();
        Irp->IoStatus.Information = sizeof(unsigned int);
        return STATUS_SUCCESS;
    case IOCTL_CHILD_ORIGIN:
        if (output < sizeof(CHILD_ORIGIN)) {
            return STATUS_BUFFER_TOO_SMALL;
        }
        Irp->IoStatus.Information = sizeof(CHILD_ORIGIN);
        return FindOrigin((CHILD_ORIGIN *)Irp->AssociatedIrp.SystemBuffer);
    default:
        return STATUS_INVALID_DEVICE_REQUEST;
    }
}
