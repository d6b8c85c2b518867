// SPDX-License-Identifier: Apache-2.0
// Façade: processors, affinity, priorities, bug checks (Ke).
#include <nt/ke.h>

#include <algorithm>

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/dispatcher.h"
#include "kernel/processes/thread.h"
#include "platform/processor_affinity.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Thread;

extern "C" {

// A variable, as in NT: what a kernel has that was not configured otherwise. The composition root may change it.
CCHAR KeNumberProcessors = static_cast<CCHAR>(std::min(platform::online_processor_count(), ke::ProcessorSet::max_count));

KAFFINITY NTAPI KeQueryActiveProcessors(void) { return Thread::current_or_attach().dispatcher().processors().active_mask(); }
ULONG NTAPI KeQueryActiveProcessorCount(PKAFFINITY active) {
    ke::ProcessorSet& processors = Thread::current_or_attach().dispatcher().processors();
    if (active) *active = processors.active_mask();
    return processors.count();
}
ULONG NTAPI KeQueryActiveProcessorCountEx(USHORT group) {
    if (group != 0 && group != ALL_PROCESSOR_GROUPS) return 0;
    return Thread::current_or_attach().dispatcher().processors().count();
}
ULONG NTAPI KeQueryMaximumProcessorCount(void) { return Thread::current_or_attach().dispatcher().processors().count(); }
ULONG NTAPI KeQueryMaximumProcessorCountEx(USHORT group) { return KeQueryActiveProcessorCountEx(group); }
USHORT NTAPI KeQueryActiveGroupCount(void) { return 1; }
USHORT NTAPI KeQueryMaximumGroupCount(void) { return 1; }
KAFFINITY NTAPI KeQueryGroupAffinity(USHORT group) { return group == 0 ? KeQueryActiveProcessors() : 0; }
USHORT NTAPI KeQueryHighestNodeNumber(void) { return 0; }
USHORT NTAPI KeGetCurrentNodeNumber(void) { return 0; }

ULONG NTAPI KeGetCurrentProcessorNumber(void) { return Thread::current_or_attach().processor_number(); }
ULONG NTAPI KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER number) {
    const ULONG index = Thread::current_or_attach().processor_number();
    if (number) *number = PROCESSOR_NUMBER{0, static_cast<UCHAR>(index), 0};
    return index;
}
NTSTATUS NTAPI KeGetProcessorNumberFromIndex(ULONG index, PPROCESSOR_NUMBER number) {
    if (index >= Thread::current_or_attach().dispatcher().processors().count()) return STATUS_INVALID_PARAMETER;
    *number = PROCESSOR_NUMBER{0, static_cast<UCHAR>(index), 0};
    return STATUS_SUCCESS;
}
ULONG NTAPI KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER number) {
    const unsigned count = Thread::current_or_attach().dispatcher().processors().count();
    return number->Group == 0 && number->Number < count ? number->Number : ~0u;  // INVALID_PROCESSOR_INDEX
}

void NTAPI KeSetSystemAffinityThread(KAFFINITY affinity) {
    PW_IRQL_LIMIT(KeSetSystemAffinityThread);
    Thread::current_or_attach().set_system_affinity(affinity);
}
KAFFINITY NTAPI KeSetSystemAffinityThreadEx(KAFFINITY affinity) {
    PW_IRQL_LIMIT(KeSetSystemAffinityThreadEx);
    return Thread::current_or_attach().set_system_affinity(affinity);
}
void NTAPI KeRevertToUserAffinityThread(void) {
    PW_IRQL_LIMIT(KeRevertToUserAffinityThread);
    Thread::current_or_attach().revert_affinity(0);
}
void NTAPI KeRevertToUserAffinityThreadEx(KAFFINITY affinity) {
    PW_IRQL_LIMIT(KeRevertToUserAffinityThreadEx);
    Thread::current_or_attach().revert_affinity(affinity);
}
// A group that there is not, or reserved words that are not zero, change nothing.
void NTAPI KeSetSystemGroupAffinityThread(PGROUP_AFFINITY affinity, PGROUP_AFFINITY previous) {
    PW_IRQL_LIMIT(KeSetSystemGroupAffinityThread);
    const bool valid = affinity->Group == 0 && affinity->Reserved[0] == 0 && affinity->Reserved[1] == 0 && affinity->Reserved[2] == 0;
    const KAFFINITY before = Thread::current_or_attach().set_system_affinity(valid ? affinity->Mask : 0);
    if (previous) *previous = GROUP_AFFINITY{valid ? before : 0, 0, {}};
}
void NTAPI KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY previous) {
    PW_IRQL_LIMIT(KeRevertToUserGroupAffinityThread);
    Thread::current_or_attach().revert_affinity(previous->Mask);
}

KPRIORITY NTAPI KeQueryPriorityThread(PKTHREAD thread) {
    PW_IRQL_LIMIT(KeQueryPriorityThread);
    return ps::Thread::from_nt(thread)->priority();
}
KPRIORITY NTAPI KeSetPriorityThread(PKTHREAD thread, KPRIORITY priority) {
    PW_IRQL_LIMIT(KeSetPriorityThread);
    return ps::Thread::from_nt(thread)->set_priority(priority);
}
BOOLEAN NTAPI KeAlertThread(PKTHREAD thread, KPROCESSOR_MODE mode) { return ps::Thread::from_nt(thread)->alert(mode); }

// x64: drivers may use the floating-point registers at any IRQL, nothing is to be saved.
NTSTATUS NTAPI KeSaveFloatingPointState(PKFLOATING_SAVE) {
    PW_IRQL_LIMIT(KeSaveFloatingPointState);
    return STATUS_SUCCESS;
}
NTSTATUS NTAPI KeRestoreFloatingPointState(PKFLOATING_SAVE) {
    PW_IRQL_LIMIT(KeRestoreFloatingPointState);
    return STATUS_SUCCESS;
}
ULONG NTAPI KeGetRecommendedSharedDataAlignment(void) { return 64; }

PW_NORETURN void NTAPI KeBugCheck(ULONG code) { ke::bug_check(code); }
PW_NORETURN void NTAPI KeBugCheckEx(ULONG code, ULONG_PTR parameter1, ULONG_PTR parameter2, ULONG_PTR parameter3, ULONG_PTR parameter4) {
    ke::bug_check(code, parameter1, parameter2, parameter3, parameter4);
}

}  // extern "C"
