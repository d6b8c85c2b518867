// SPDX-License-Identifier: Apache-2.0
// Façade: Ex timers, the timer's resolution, local time, cache-aware rundown protection, small questions (Ex).
#include <nt/ex.h>

#include "kernel/dispatcher/ex_timer.h"
#include "kernel/dispatcher/kernel_time.h"
#include "kernel/dispatcher/rundown_cache_aware.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Thread;

extern "C" {

// --- Timers ---

PEX_TIMER NTAPI ExAllocateTimer(PEXT_CALLBACK callback, PVOID context, ULONG attributes) {
    PW_IRQL_LIMIT(ExAllocateTimer);
    return _EX_TIMER::create(Thread::current_or_attach().dispatcher(), callback, context, attributes);
}
BOOLEAN NTAPI ExSetTimer(PEX_TIMER timer, LONGLONG due_time, LONGLONG period, PEXT_SET_PARAMETERS) {
    PW_IRQL_LIMIT(ExSetTimer);
    (void)Thread::current_or_attach();
    return timer->set(due_time, period);
}
BOOLEAN NTAPI ExCancelTimer(PEX_TIMER timer, PVOID) {
    PW_IRQL_LIMIT(ExCancelTimer);
    (void)Thread::current_or_attach();
    return timer->cancel();
}
BOOLEAN NTAPI ExDeleteTimer(PEX_TIMER timer, BOOLEAN cancel, BOOLEAN wait, PEXT_DELETE_PARAMETERS parameters) {
    PW_IRQL_AT_MOST(ExDeleteTimer, wait ? APC_LEVEL : DISPATCH_LEVEL);
    return timer->remove(cancel, wait, parameters ? parameters->DeleteCallback : nullptr,
                         parameters ? parameters->DeleteContext : nullptr);
}

ULONG NTAPI ExSetTimerResolution(ULONG desired, BOOLEAN set) {
    PW_IRQL_LIMIT(ExSetTimerResolution);
    return ke::TimerResolution::change(desired, set != FALSE);
}
void NTAPI ExQueryTimerResolution(PULONG maximum, PULONG minimum, PULONG current) {
    *maximum = ke::time_increment;
    *minimum = ke::finest_resolution;
    *current = ke::TimerResolution::current();
}

// --- Local time: by the host's time zone, as it is now ---

void NTAPI ExSystemTimeToLocalTime(PLARGE_INTEGER system, PLARGE_INTEGER local) {
    local->QuadPart = system->QuadPart + ke::local_time_offset_100ns();
}
void NTAPI ExLocalTimeToSystemTime(PLARGE_INTEGER local, PLARGE_INTEGER system) {
    system->QuadPart = local->QuadPart - ke::local_time_offset_100ns();
}

// --- Cache-aware rundown protection ---

PEX_RUNDOWN_REF_CACHE_AWARE NTAPI ExAllocateCacheAwareRundownProtection(POOL_TYPE pool_type, ULONG tag) {
    const unsigned count = Thread::current_or_attach().dispatcher().processors().count();
    void* const memory = ExAllocatePoolWithTag(pool_type, _EX_RUNDOWN_REF_CACHE_AWARE::size_bytes(count), tag);
    return memory ? _EX_RUNDOWN_REF_CACHE_AWARE::create(memory, count) : nullptr;
}
void NTAPI ExFreeCacheAwareRundownProtection(PEX_RUNDOWN_REF_CACHE_AWARE rundown) { ExFreePool(rundown); }
BOOLEAN NTAPI ExAcquireRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE rundown) {
    (void)Thread::current_or_attach();
    return rundown->acquire();
}
void NTAPI ExReleaseRundownProtectionCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE rundown) {
    (void)Thread::current_or_attach();
    rundown->release();
}
void NTAPI ExWaitForRundownProtectionReleaseCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE rundown) {
    PW_IRQL_LIMIT(ExWaitForRundownProtectionReleaseCacheAware);
    (void)Thread::current_or_attach();
    rundown->wait();
}
void NTAPI ExRundownCompletedCacheAware(PEX_RUNDOWN_REF_CACHE_AWARE rundown) { rundown->complete(); }

// --- Questions ---

// A workstation with one user at a time.
BOOLEAN NTAPI ExVerifySuite(SUITE_TYPE suite) { return suite == SingleUserTS; }

int NTAPI ExSystemExceptionFilter(void) {
    constexpr int execute_handler = 1;
    constexpr int continue_search = 0;
    return Thread::current_or_attach().previous_mode() == UserMode ? execute_handler : continue_search;
}

}  // extern "C"
