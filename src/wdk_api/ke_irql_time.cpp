// SPDX-License-Identifier: Apache-2.0
// Façade: IRQL, processors, time, critical and guarded regions (Ke).
#include <nt/ke.h>

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/kernel_time.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Thread;

extern "C" {

// --- IRQL ---

KIRQL NTAPI KeGetCurrentIrql(void) { return ke::current_irql(); }

KIRQL NTAPI KfRaiseIrql(KIRQL irql) { return Thread::current_or_attach().raise_irql(irql); }
void NTAPI KeRaiseIrql(KIRQL irql, PKIRQL old_irql) { *old_irql = Thread::current_or_attach().raise_irql(irql); }
KIRQL NTAPI KeRaiseIrqlToDpcLevel(void) { return Thread::current_or_attach().raise_irql(DISPATCH_LEVEL); }
KIRQL NTAPI KeRaiseIrqlToSynchLevel(void) { return Thread::current_or_attach().raise_irql(SYNCH_LEVEL); }
void NTAPI KfLowerIrql(KIRQL irql) { Thread::current_or_attach().lower_irql(irql); }
void NTAPI KeLowerIrql(KIRQL irql) { Thread::current_or_attach().lower_irql(irql); }

// --- Critical and guarded regions ---

void NTAPI KeEnterCriticalRegion(void) {
    PW_IRQL_LIMIT(KeEnterCriticalRegion);
    Thread::current_or_attach().enter_critical_region();
}
void NTAPI KeLeaveCriticalRegion(void) {
    PW_IRQL_LIMIT(KeLeaveCriticalRegion);
    Thread::current_or_attach().leave_critical_region();
}
void NTAPI KeEnterGuardedRegion(void) {
    PW_IRQL_LIMIT(KeEnterGuardedRegion);
    Thread::current_or_attach().enter_guarded_region();
}
void NTAPI KeLeaveGuardedRegion(void) {
    PW_IRQL_LIMIT(KeLeaveGuardedRegion);
    Thread::current_or_attach().leave_guarded_region();
}
BOOLEAN NTAPI KeAreApcsDisabled(void) {
    PW_IRQL_LIMIT(KeAreApcsDisabled);
    return Thread::current_or_attach().apcs_disabled();
}
BOOLEAN NTAPI KeAreAllApcsDisabled(void) { return Thread::current_or_attach().all_apcs_disabled(); }

// --- Time ---

void NTAPI KeQuerySystemTime(PLARGE_INTEGER time) { time->QuadPart = ke::system_time(); }
void NTAPI KeQuerySystemTimePrecise(PLARGE_INTEGER time) { time->QuadPart = ke::system_time(); }
void NTAPI KeQueryTickCount(PLARGE_INTEGER ticks) {
    ticks->QuadPart = static_cast<LONGLONG>(ke::interrupt_time() / ke::time_increment);
}
ULONG NTAPI KeQueryTimeIncrement(void) { return ke::time_increment; }
ULONGLONG NTAPI KeQueryInterruptTime(void) { return ke::interrupt_time(); }
ULONGLONG NTAPI KeQueryInterruptTimePrecise(PULONG64 performance_counter) {
    *performance_counter = static_cast<ULONG64>(ke::performance_counter());
    return ke::interrupt_time();
}
ULONGLONG NTAPI KeQueryUnbiasedInterruptTime(void) { return ke::interrupt_time(); }
LARGE_INTEGER NTAPI KeQueryPerformanceCounter(PLARGE_INTEGER frequency) {
    if (frequency) frequency->QuadPart = ke::performance_frequency;
    LARGE_INTEGER counter;
    counter.QuadPart = ke::performance_counter();
    return counter;
}
void NTAPI KeStallExecutionProcessor(ULONG microseconds) { ke::stall(microseconds); }

}  // extern "C"
