// SPDX-License-Identifier: Apache-2.0
// Façade: attaching to processes, the system's version, what became of processes and threads.
#include <nt/ke.h>
#include <nt/ps.h>
#include <ntverp.h>

#include "kernel/processes/attach.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

extern "C" {

PEPROCESS PsInitialSystemProcess = nullptr;  // set with the default kernel (current.cpp)
unsigned short NtBuildNumber = VER_PRODUCTBUILD;

void NTAPI KeStackAttachProcess(PRKPROCESS process, PRKAPC_STATE state) {
    ps::attach_process(wdk::current_thread(), *ps::Process::from_nt(process), *state);
}

void NTAPI KeUnstackDetachProcess(PRKAPC_STATE state) {
    ps::detach_process(wdk::current_thread(), *state);
}

// Returns whether this is a checked build.
BOOLEAN NTAPI PsGetVersion(PULONG major, PULONG minor, PULONG build, PUNICODE_STRING service_pack) {
    PW_IRQL_LIMIT(PsGetVersion);
    if (major) *major = VER_PRODUCTMAJORVERSION;
    if (minor) *minor = VER_PRODUCTMINORVERSION;
    if (build) *build = VER_PRODUCTBUILD;
    if (service_pack) *service_pack = {};
    return FALSE;
}

NTSTATUS NTAPI PsGetProcessExitStatus(PEPROCESS process) {
    return ps::Process::from_nt(process)->state() == ps::ProcessState::alive ? STATUS_PENDING : STATUS_SUCCESS;
}

NTSTATUS NTAPI PsGetThreadExitStatus(PETHREAD thread) {
    return static_cast<NTSTATUS>(ps::Thread::from_nt(thread)->exit_code());  // STATUS_PENDING while it runs
}

}  // extern "C"
