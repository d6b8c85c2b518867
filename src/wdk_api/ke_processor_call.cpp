// SPDX-License-Identifier: Apache-2.0
// Façade: routines on all processors, extended processor state, stacks, run times, base priorities, bug-check callbacks (Ke).
#include <nt/ke.h>
#include <nt/ps.h>

#include "kernel/dispatcher/bug_check_callbacks.h"
#include "kernel/dispatcher/extended_state.h"
#include "kernel/dispatcher/kernel_time.h"
#include "kernel/dispatcher/stack_expansion.h"
#include "kernel/processes/attach.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Thread;

extern "C" {

void NTAPI KeGenericCallDpc(PKDEFERRED_ROUTINE routine, PVOID context) {
    Thread::current_or_attach().dispatcher().processor_calls().call_dpc(routine, context);
}
void NTAPI KeSignalCallDpcDone(PVOID argument1) { ke::ProcessorCalls::signal_done(argument1); }
LOGICAL NTAPI KeSignalCallDpcSynchronize(PVOID argument2) { return ke::ProcessorCalls::synchronize(argument2); }
ULONG_PTR NTAPI KeIpiGenericCall(PKIPI_BROADCAST_WORKER routine, ULONG_PTR context) {
    return Thread::current_or_attach().dispatcher().processor_calls().broadcast(routine, context);
}

// Nothing watches how long DPCs take: "zero when the watchdog is disabled".
NTSTATUS NTAPI KeQueryDpcWatchdogInformation(PKDPC_WATCHDOG_INFORMATION information) {
    if (ke::current_irql() > DISPATCH_LEVEL) return STATUS_UNSUCCESSFUL;
    *information = {};
    return STATUS_SUCCESS;
}

// x64 keeps its caches coherent, and there is no device behind them here.
void NTAPI KeInvalidateAllCaches(void) {}

NTSTATUS NTAPI KeSaveExtendedProcessorState(ULONG64 mask, PXSTATE_SAVE save) {
    (void)Thread::current_or_attach();
    return ke::save_extended_state(mask, *save).code();
}
void NTAPI KeRestoreExtendedProcessorState(PXSTATE_SAVE save) {
    (void)Thread::current_or_attach();
    ke::restore_extended_state(*save);
}

NTSTATUS NTAPI KeExpandKernelStackAndCallout(PEXPAND_STACK_CALLOUT callout, PVOID parameter, SIZE_T size_bytes) {
    PW_IRQL_LIMIT(KeExpandKernelStackAndCallout);
    return ke::call_on_expanded_stack(Thread::current_or_attach(), callout, parameter, size_bytes).code();
}
NTSTATUS NTAPI KeExpandKernelStackAndCalloutEx(PEXPAND_STACK_CALLOUT callout, PVOID parameter, SIZE_T size_bytes, BOOLEAN,
                                               PVOID context) {
    PW_IRQL_LIMIT(KeExpandKernelStackAndCalloutEx);
    if (context) return STATUS_INVALID_PARAMETER_5;  // "Reserved, must be NULL"
    return ke::call_on_expanded_stack(Thread::current_or_attach(), callout, parameter, size_bytes).code();
}

// Ticks, of the user half too: it cannot be told apart.
ULONG NTAPI KeQueryRuntimeThread(PKTHREAD thread, PULONG user_time) {
    *user_time = 0;
    return static_cast<ULONG>(ps::Thread::from_nt(thread)->run_time_100ns() / ke::time_increment);
}
LONG NTAPI KeSetBasePriorityThread(PKTHREAD thread, LONG increment) {
    PW_IRQL_LIMIT(KeSetBasePriorityThread);
    return ps::Thread::from_nt(thread)->set_base_priority(increment);
}

void NTAPI KeAttachProcess(PRKPROCESS process) { ps::attach_process_once(wdk::current_thread(), *ps::Process::from_nt(process)); }
void NTAPI KeDetachProcess(void) { ps::detach_process_once(wdk::current_thread()); }

BOOLEAN NTAPI KeRegisterBugCheckCallback(PKBUGCHECK_CALLBACK_RECORD record, PKBUGCHECK_CALLBACK_ROUTINE routine, PVOID buffer,
                                         ULONG length, PUCHAR component) {
    return ke::register_bug_check_callback(*record, routine, buffer, length, component);
}
BOOLEAN NTAPI KeDeregisterBugCheckCallback(PKBUGCHECK_CALLBACK_RECORD record) { return ke::deregister_bug_check_callback(*record); }
BOOLEAN NTAPI KeRegisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record, PKBUGCHECK_REASON_CALLBACK_ROUTINE routine,
                                               KBUGCHECK_CALLBACK_REASON reason, PUCHAR component) {
    return ke::register_bug_check_reason_callback(*record, routine, reason, component);
}
BOOLEAN NTAPI KeDeregisterBugCheckReasonCallback(PKBUGCHECK_REASON_CALLBACK_RECORD record) {
    return ke::deregister_bug_check_reason_callback(*record);
}

}  // extern "C"
