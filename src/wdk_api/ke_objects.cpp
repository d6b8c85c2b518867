// SPDX-License-Identifier: Apache-2.0
// Façade: events, semaphores, mutexes, waits (Ke).
#include <nt/ke.h>

#include "exceptions/exceptions.h"
#include "kernel/dispatcher/dispatcher.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using ke::Dispatcher;
using ke::Thread;

namespace {

// These routines tell of some errors by raising them. Nothing with a destructor is alive here.
NTSTATUS raise_errors(Status status) {
    if (status.is_error()) pw_seh_raise_status(static_cast<std::uint32_t>(status.code()));
    return status.code();
}

// "If Wait is TRUE, the caller must be running at IRQL < DISPATCH_LEVEL": a wait is to follow.
KIRQL highest_for(BOOLEAN wait) { return wait ? APC_LEVEL : DISPATCH_LEVEL; }

}  // namespace

extern "C" {

// --- Events ---

void NTAPI KeInitializeEvent(PRKEVENT event, EVENT_TYPE type, BOOLEAN state) { Dispatcher::initialize_event(*event, type, state); }
LONG NTAPI KeSetEvent(PRKEVENT event, KPRIORITY, BOOLEAN wait) {
    PW_IRQL_AT_MOST(KeSetEvent, highest_for(wait));
    return Thread::current_or_attach().dispatcher().set_event(*event);
}
LONG NTAPI KeResetEvent(PRKEVENT event) {
    PW_IRQL_LIMIT(KeResetEvent);
    return Thread::current_or_attach().dispatcher().reset_event(*event);
}
void NTAPI KeClearEvent(PRKEVENT event) {
    PW_IRQL_LIMIT(KeClearEvent);
    Thread::current_or_attach().dispatcher().clear_event(*event);
}
LONG NTAPI KePulseEvent(PRKEVENT event, KPRIORITY, BOOLEAN wait) {
    PW_IRQL_AT_MOST(KePulseEvent, highest_for(wait));
    return Thread::current_or_attach().dispatcher().pulse_event(*event);
}
LONG NTAPI KeReadStateEvent(PRKEVENT event) {
    PW_IRQL_LIMIT(KeReadStateEvent);
    return Dispatcher::read_state(event->Header);
}

// --- Semaphores ---

void NTAPI KeInitializeSemaphore(PRKSEMAPHORE semaphore, LONG count, LONG limit) {
    Dispatcher::initialize_semaphore(*semaphore, count, limit);
}
LONG NTAPI KeReleaseSemaphore(PRKSEMAPHORE semaphore, KPRIORITY, LONG adjustment, BOOLEAN wait) {
    PW_IRQL_AT_MOST(KeReleaseSemaphore, highest_for(wait));
    LONG before = 0;
    raise_errors(Thread::current_or_attach().dispatcher().release_semaphore(*semaphore, adjustment, &before));
    return before;
}
LONG NTAPI KeReadStateSemaphore(PRKSEMAPHORE semaphore) {
    PW_IRQL_LIMIT(KeReadStateSemaphore);
    return Dispatcher::read_state(semaphore->Header);
}

// --- Mutexes and mutants ---

void NTAPI KeInitializeMutex(PRKMUTEX mutex, ULONG) { Dispatcher::initialize_mutex(*mutex); }
void NTAPI KeInitializeMutant(PRKMUTANT mutant, BOOLEAN initial_owner) {
    Thread& thread = Thread::current_or_attach();
    thread.dispatcher().initialize_mutant(*mutant, initial_owner ? &thread : nullptr);
}
LONG NTAPI KeReleaseMutex(PRKMUTEX mutex, BOOLEAN wait) {
    PW_IRQL_AT_MOST(KeReleaseMutex, highest_for(wait));
    Thread& thread = Thread::current_or_attach();
    LONG before = 0;
    raise_errors(thread.dispatcher().release_mutant(*mutex, thread, &before));
    return before;
}
LONG NTAPI KeReleaseMutant(PRKMUTANT mutant, KPRIORITY, BOOLEAN abandoned, BOOLEAN wait) {
    PW_IRQL_AT_MOST(KeReleaseMutant, highest_for(wait));
    if (abandoned) return Thread::current_or_attach().dispatcher().abandon_mutant(*mutant);
    return KeReleaseMutex(mutant, wait);
}
LONG NTAPI KeReadStateMutex(PRKMUTEX mutex) {
    PW_IRQL_LIMIT(KeReadStateMutex);
    return Dispatcher::read_state(mutex->Header);
}
LONG NTAPI KeReadStateMutant(PRKMUTANT mutant) {
    PW_IRQL_LIMIT(KeReadStateMutant);
    return Dispatcher::read_state(mutant->Header);
}

// --- Waits ---

NTSTATUS NTAPI KeWaitForSingleObject(PVOID object, KWAIT_REASON, KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER timeout) {
    return raise_errors(Thread::current_or_attach().dispatcher().wait(*static_cast<DISPATCHER_HEADER*>(object), mode, alertable, timeout));
}
NTSTATUS NTAPI KeWaitForMultipleObjects(ULONG count, PVOID objects[], WAIT_TYPE type, KWAIT_REASON, KPROCESSOR_MODE mode,
                                        BOOLEAN alertable, PLARGE_INTEGER timeout, PKWAIT_BLOCK blocks) {
    return raise_errors(Thread::current_or_attach().dispatcher().wait_multiple(
        count, reinterpret_cast<DISPATCHER_HEADER* const*>(objects), type, mode, alertable, timeout, blocks));
}
NTSTATUS NTAPI KeDelayExecutionThread(KPROCESSOR_MODE mode, BOOLEAN alertable, PLARGE_INTEGER interval) {
    return Thread::current_or_attach().dispatcher().delay(mode, alertable, *interval).code();
}
BOOLEAN NTAPI KeTestAlertThread(KPROCESSOR_MODE mode) { return Thread::current_or_attach().test_alert(mode); }

}  // extern "C"
