// SPDX-License-Identifier: Apache-2.0
// Façade: DPCs and timers (Ke).
#include <nt/ke.h>

#include "kernel/dispatcher/dispatcher.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Dispatcher;
using ke::Thread;

extern "C" {

void NTAPI KeInitializeDpc(PRKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context) { ke::initialize_dpc(*dpc, routine, context); }
void NTAPI KeInitializeThreadedDpc(PRKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context) {
    ke::initialize_threaded_dpc(*dpc, routine, context);
}
BOOLEAN NTAPI KeInsertQueueDpc(PRKDPC dpc, PVOID argument1, PVOID argument2) {
    (void)Thread::current_or_attach();
    return ke::insert_dpc(*dpc, argument1, argument2);
}
BOOLEAN NTAPI KeRemoveQueueDpc(PRKDPC dpc) { return ke::remove_dpc(*dpc); }
BOOLEAN NTAPI KeRemoveQueueDpcEx(PRKDPC dpc, BOOLEAN wait_if_active) {
    (void)Thread::current_or_attach();
    const bool removed = ke::remove_dpc(*dpc);
    if (!removed && wait_if_active) ke::flush_dpcs();
    return removed;
}
void NTAPI KeSetImportanceDpc(PRKDPC dpc, KDPC_IMPORTANCE importance) { ke::set_dpc_importance(*dpc, importance); }
void NTAPI KeSetTargetProcessorDpc(PRKDPC dpc, CCHAR number) { ke::set_dpc_target(*dpc, static_cast<UCHAR>(number)); }
NTSTATUS NTAPI KeSetTargetProcessorDpcEx(PKDPC dpc, PPROCESSOR_NUMBER number) {
    const unsigned count = Thread::current_or_attach().dispatcher().processors().count();
    if (number->Group != 0 || number->Number >= count || number->Reserved != 0) return STATUS_INVALID_PARAMETER;
    ke::set_dpc_target(*dpc, number->Number);
    return STATUS_SUCCESS;
}
void NTAPI KeFlushQueuedDpcs(void) {
    PW_IRQL_LIMIT(KeFlushQueuedDpcs);
    (void)Thread::current_or_attach();
    ke::flush_dpcs();
}
LOGICAL NTAPI KeIsExecutingDpc(void) { return Thread::current_or_attach().in_dpc(); }

void NTAPI KeInitializeTimer(PKTIMER timer) { Dispatcher::initialize_timer(*timer, NotificationTimer); }
void NTAPI KeInitializeTimerEx(PKTIMER timer, TIMER_TYPE type) { Dispatcher::initialize_timer(*timer, type); }
BOOLEAN NTAPI KeSetTimer(PKTIMER timer, LARGE_INTEGER due_time, PKDPC dpc) {
    PW_IRQL_LIMIT(KeSetTimer);
    return Thread::current_or_attach().dispatcher().set_timer(*timer, due_time, 0, dpc);
}
BOOLEAN NTAPI KeSetTimerEx(PKTIMER timer, LARGE_INTEGER due_time, LONG period, PKDPC dpc) {
    PW_IRQL_LIMIT(KeSetTimerEx);
    return Thread::current_or_attach().dispatcher().set_timer(*timer, due_time, static_cast<ULONG>(period), dpc);
}
BOOLEAN NTAPI KeSetCoalescableTimer(PKTIMER timer, LARGE_INTEGER due_time, ULONG period, ULONG, PKDPC dpc) {
    PW_IRQL_LIMIT(KeSetCoalescableTimer);
    return Thread::current_or_attach().dispatcher().set_timer(*timer, due_time, period, dpc);
}
BOOLEAN NTAPI KeCancelTimer(PKTIMER timer) {
    PW_IRQL_LIMIT(KeCancelTimer);
    return Thread::current_or_attach().dispatcher().cancel_timer(*timer);
}
BOOLEAN NTAPI KeReadStateTimer(PKTIMER timer) {
    PW_IRQL_LIMIT(KeReadStateTimer);
    return Dispatcher::read_state(timer->Header) != 0;
}

}  // extern "C"
