// SPDX-License-Identifier: Apache-2.0
// Façade: notifications of processes, threads and images.
#include <nt/ps_notify.h>

#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ps::NotifyKind;

namespace {

template <typename Routine>
NTSTATUS change(NotifyKind kind, Routine routine, bool remove) {
    ps::NotifyRoutines& routines = wdk::current_kernel().processes().notify();
    const auto* address = reinterpret_cast<const void*>(routine);
    return remove ? routines.remove(kind, address).code() : routines.add(kind, address).code();
}

}  // namespace

extern "C" {

NTSTATUS NTAPI PsSetCreateProcessNotifyRoutine(PCREATE_PROCESS_NOTIFY_ROUTINE routine, BOOLEAN remove) {
    PW_IRQL_LIMIT(PsSetCreateProcessNotifyRoutine);
    return change(NotifyKind::process, routine, remove != FALSE);
}

NTSTATUS NTAPI PsSetCreateProcessNotifyRoutineEx(PCREATE_PROCESS_NOTIFY_ROUTINE_EX routine, BOOLEAN remove) {
    PW_IRQL_LIMIT(PsSetCreateProcessNotifyRoutineEx);
    return change(NotifyKind::process_ex, routine, remove != FALSE);
}

NTSTATUS NTAPI PsSetCreateProcessNotifyRoutineEx2(PSCREATEPROCESSNOTIFYTYPE type, PVOID routine, BOOLEAN remove) {
    PW_IRQL_LIMIT(PsSetCreateProcessNotifyRoutineEx2);
    if (type != PsCreateProcessNotifySubsystems) return STATUS_INVALID_PARAMETER;
    return change(NotifyKind::process_ex, routine, remove != FALSE);
}

NTSTATUS NTAPI PsSetCreateThreadNotifyRoutine(PCREATE_THREAD_NOTIFY_ROUTINE routine) {
    PW_IRQL_LIMIT(PsSetCreateThreadNotifyRoutine);
    return change(NotifyKind::thread, routine, false);
}

NTSTATUS NTAPI PsSetCreateThreadNotifyRoutineEx(PSCREATETHREADNOTIFYTYPE type, PVOID routine) {
    PW_IRQL_LIMIT(PsSetCreateThreadNotifyRoutineEx);
    if (type != PsCreateThreadNotifyNonSystem && type != PsCreateThreadNotifySubsystems) return STATUS_INVALID_PARAMETER;
    return change(type == PsCreateThreadNotifyNonSystem ? NotifyKind::thread_non_system : NotifyKind::thread, routine, false);
}

NTSTATUS NTAPI PsRemoveCreateThreadNotifyRoutine(PCREATE_THREAD_NOTIFY_ROUTINE routine) {
    PW_IRQL_LIMIT(PsRemoveCreateThreadNotifyRoutine);
    const NTSTATUS status = change(NotifyKind::thread, routine, true);
    return NT_SUCCESS(status) ? status : change(NotifyKind::thread_non_system, routine, true);
}

NTSTATUS NTAPI PsSetLoadImageNotifyRoutine(PLOAD_IMAGE_NOTIFY_ROUTINE routine) {
    PW_IRQL_LIMIT(PsSetLoadImageNotifyRoutine);
    return change(NotifyKind::image, routine, false);
}

NTSTATUS NTAPI PsSetLoadImageNotifyRoutineEx(PLOAD_IMAGE_NOTIFY_ROUTINE routine, ULONG_PTR flags) {
    PW_IRQL_LIMIT(PsSetLoadImageNotifyRoutineEx);
    constexpr ULONG_PTR conflicting_architecture = 1;  // images of another architecture; there are none
    return flags & ~conflicting_architecture ? STATUS_INVALID_PARAMETER_2 : change(NotifyKind::image, routine, false);
}

NTSTATUS NTAPI PsRemoveLoadImageNotifyRoutine(PLOAD_IMAGE_NOTIFY_ROUTINE routine) {
    PW_IRQL_LIMIT(PsRemoveLoadImageNotifyRoutine);
    return change(NotifyKind::image, routine, true);
}

}  // extern "C"
