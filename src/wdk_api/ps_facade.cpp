// SPDX-License-Identifier: Apache-2.0
// Façade: processes and threads (PsCreateSystemThread, PsGetCurrentProcess …).
#include <nt/ps.h>

#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::current_thread;

namespace {

HANDLE id_handle(std::uint32_t id) { return reinterpret_cast<HANDLE>(static_cast<ULONG_PTR>(id)); }
std::uint32_t handle_id(HANDLE handle) { return static_cast<std::uint32_t>(reinterpret_cast<ULONG_PTR>(handle)); }

}  // namespace

extern "C" {

NTSTATUS NTAPI PsCreateSystemThread(PHANDLE handle, ULONG access, POBJECT_ATTRIBUTES attributes, HANDLE process_handle,
                                    PCLIENT_ID client_id, PKSTART_ROUTINE routine, PVOID context) {
    PW_IRQL_LIMIT(PsCreateSystemThread);
    return wdk::create_system_thread(handle, access, attributes, process_handle, client_id, routine, context).code();
}

NTSTATUS NTAPI PsTerminateSystemThread(NTSTATUS status) {
    PW_IRQL_LIMIT(PsTerminateSystemThread);
    return current_thread().owner().processes().terminate_system_thread(status).code();
}

PETHREAD NTAPI PsGetCurrentThread(void) { return current_thread().nt(); }
PKTHREAD NTAPI KeGetCurrentThread(void) { return current_thread().nt(); }
PEPROCESS NTAPI PsGetCurrentProcess(void) { return current_thread().process().nt(); }
PEPROCESS NTAPI IoGetCurrentProcess(void) { return current_thread().process().nt(); }
HANDLE NTAPI PsGetCurrentProcessId(void) { return id_handle(current_thread().owner().id()); }
HANDLE NTAPI PsGetCurrentThreadId(void) { return id_handle(current_thread().id()); }
HANDLE NTAPI PsGetProcessId(PEPROCESS process) { return id_handle(ps::Process::from_nt(process)->id()); }
HANDLE NTAPI PsGetThreadId(PETHREAD thread) { return id_handle(ps::Thread::from_nt(thread)->id()); }
HANDLE NTAPI PsGetThreadProcessId(PETHREAD thread) { return id_handle(ps::Thread::from_nt(thread)->owner().id()); }
PEPROCESS NTAPI PsGetThreadProcess(PETHREAD thread) { return ps::Thread::from_nt(thread)->owner().nt(); }
BOOLEAN NTAPI PsIsSystemThread(PETHREAD thread) { return ps::Thread::from_nt(thread)->owner().is_system(); }
BOOLEAN NTAPI PsIsThreadTerminating(PETHREAD thread) { return ps::Thread::from_nt(thread)->termination_requested(); }
BOOLEAN NTAPI PsIsSystemProcess(PEPROCESS process) { return ps::Process::from_nt(process)->is_system(); }

NTSTATUS NTAPI PsLookupProcessByProcessId(HANDLE id, PEPROCESS* process) {
    PW_IRQL_LIMIT(PsLookupProcessByProcessId);
    Ref<ps::Process> found = wdk::current_kernel().processes().find_process(handle_id(id));
    if (!found) return STATUS_INVALID_CID;
    *process = found.leak()->nt();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI PsLookupThreadByThreadId(HANDLE id, PETHREAD* thread) {
    PW_IRQL_LIMIT(PsLookupThreadByThreadId);
    Ref<ps::Thread> found = wdk::current_kernel().processes().find_thread(handle_id(id));
    if (!found) return STATUS_INVALID_CID;
    *thread = found.leak()->nt();
    return STATUS_SUCCESS;
}

KPROCESSOR_MODE NTAPI ExGetPreviousMode(void) { return current_thread().previous_mode(); }

}  // extern "C"
