/* SPDX-License-Identifier: Apache-2.0 */
/* Is told of processes and threads. The driver is loaded before the application starts. */
#include <ntddk.h>

#include "public.h"

#include "frame/driver_frame.h"

#define MOST 32

typedef struct _EVENT {
    HANDLE Process;
    HANDLE Thread;
    ULONG Kind;
} EVENT;

enum { KIND_PROCESS, KIND_PROCESS_EX, KIND_PROCESS_EXIT, KIND_THREAD, KIND_THREAD_EXIT };

static EVENT Events[MOST];
static LONG EventCount;
static HANDLE Asking; /* the application that asked, to be seen ending */

static VOID Note(HANDLE Process, HANDLE Thread, ULONG Kind)
{
    LONG index = InterlockedIncrement(&EventCount) - 1;

    if (index < MOST) {
        Events[index].Process = Process;
        Events[index].Thread = Thread;
        Events[index].Kind = Kind;
    }
}

static ULONG Count(HANDLE Process, ULONG Kind)
{
    LONG i, limit = EventCount < MOST ? EventCount : MOST;
    ULONG count = 0;

    for (i = 0; i < limit; ++i) {
        if (Events[i].Process == Process && Events[i].Kind == Kind) {
            ++count;
        }
    }
    return count;
}

static VOID NTAPI OnProcess(HANDLE ParentId, HANDLE ProcessId, BOOLEAN Create)
{
    CHECK(ParentId != NULL && ParentId != ProcessId);
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    Note(ProcessId, NULL, Create ? KIND_PROCESS : KIND_PROCESS_EXIT);
}

static VOID NTAPI OnProcessEx(PEPROCESS Process, HANDLE ProcessId, PPS_CREATE_NOTIFY_INFO CreateInfo)
{
    CHECK(PsGetProcessId(Process) == ProcessId);
    if (CreateInfo == NULL) {
        return; /* it ends */
    }
    CHECK_EQUAL(CreateInfo->Size, sizeof(*CreateInfo));
    CHECK_EQUAL(CreateInfo->CreationStatus, STATUS_SUCCESS);
    CHECK(CreateInfo->ParentProcessId != NULL && CreateInfo->ParentProcessId != ProcessId);
    CHECK(CreateInfo->CommandLine != NULL && CreateInfo->CommandLine->Length != 0);
    if (CreateInfo->ImageFileName != NULL && CreateInfo->ImageFileName->Length > 4 * sizeof(WCHAR) &&
        RtlEqualMemory(CreateInfo->ImageFileName->Buffer, L"\\??\\", 4 * sizeof(WCHAR))) {
        Note(ProcessId, NULL, KIND_PROCESS_EX);
    }
}

static VOID NTAPI OnThread(HANDLE ProcessId, HANDLE ThreadId, BOOLEAN Create)
{
    CHECK_EQUAL(KeGetCurrentIrql(), PASSIVE_LEVEL);
    Note(ProcessId, ThreadId, Create ? KIND_THREAD : KIND_THREAD_EXIT);
}

static NTSTATUS TestStart(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT DeviceObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    UNREFERENCED_PARAMETER(DeviceObject);
    CHECK_EQUAL(PsSetCreateProcessNotifyRoutine(OnProcess, FALSE), STATUS_SUCCESS);
    CHECK_EQUAL(PsSetCreateProcessNotifyRoutineEx(OnProcessEx, FALSE), STATUS_SUCCESS);
    CHECK_EQUAL(PsSetCreateThreadNotifyRoutine(OnThread), STATUS_SUCCESS);
    return STATUS_SUCCESS;
}

static VOID TestStop(PDRIVER_OBJECT DriverObject)
{
    UNREFERENCED_PARAMETER(DriverObject);
    CHECK_EQUAL(PsSetCreateProcessNotifyRoutine(OnProcess, TRUE), STATUS_SUCCESS);
    CHECK_EQUAL(PsSetCreateProcessNotifyRoutineEx(OnProcessEx, TRUE), STATUS_SUCCESS);
    CHECK_EQUAL(PsRemoveCreateThreadNotifyRoutine(OnThread), STATUS_SUCCESS);
    /* Nobody is left to be told of a failed check. */
    if (Asking != NULL && Count(Asking, KIND_PROCESS_EXIT) != 1) {
        KeBugCheckEx(0xDEADBEEF, (ULONG_PTR)Asking, Count(Asking, KIND_PROCESS_EXIT), 0, 0);
    }
}

static NTSTATUS TestControl(PDEVICE_OBJECT DeviceObject, PIRP Irp, PIO_STACK_LOCATION Stack)
{
    SEEN *seen = (SEEN *)Irp->AssociatedIrp.SystemBuffer;
    PEPROCESS process;

    UNREFERENCED_PARAMETER(DeviceObject);
    if (Stack->Parameters.DeviceIoControl.IoControlCode != IOCTL_SEEN ||
        Stack->Parameters.DeviceIoControl.OutputBufferLength < sizeof(*seen)) {
        return STATUS_INVALID_DEVICE_REQUEST;
    }
    Asking = PsGetCurrentProcessId();
    CHECK_EQUAL(PsLookupProcessByProcessId(Asking, &process), STATUS_SUCCESS);
    CHECK(process == PsGetCurrentProcess());
    ObDereferenceObject(process);
    CHECK_EQUAL(PsLookupProcessByProcessId((HANDLE)(ULONG_PTR)3, &process), STATUS_INVALID_CID);
    seen->ProcessCreated = Count(Asking, KIND_PROCESS);
    seen->ProcessCreatedEx = Count(Asking, KIND_PROCESS_EX);
    seen->ThreadsCreated = Count(Asking, KIND_THREAD);
    seen->ThreadsExited = Count(Asking, KIND_THREAD_EXIT);
    Irp->IoStatus.Information = sizeof(*seen);
    return STATUS_SUCCESS;
}
