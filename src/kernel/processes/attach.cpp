// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/attach.h"

#include "kernel/dispatcher/bug_check.h"

namespace pw::ps {
namespace {

constexpr ULONG invalid_process_attach_attempt = 0x05;
constexpr ULONG invalid_process_detach_attempt = 0x06;

}  // namespace

void attach_process(Thread& thread, Process& process, KAPC_STATE& state) {
    if (thread.irql() > APC_LEVEL) {
        ke::bug_check(invalid_process_attach_attempt, reinterpret_cast<ULONG_PTR>(process.nt()),
                      reinterpret_cast<ULONG_PTR>(thread.process().nt()), 0, thread.in_dpc());
    }
    state = {};
    InitializeListHead(&state.ApcListHead[KernelMode]);
    InitializeListHead(&state.ApcListHead[UserMode]);
    state.Process = thread.attach(&process)->nt();
}

void detach_process(Thread& thread, KAPC_STATE& state) {
    Process* previous = state.Process ? Process::from_nt(state.Process) : nullptr;
    // Not attached with this state, or detached already.
    if (!previous || thread.irql() > APC_LEVEL) ke::bug_check(invalid_process_detach_attempt, 0, 0, 0, 0);
    thread.attach(previous);
    state.Process = nullptr;
    thread.deliver_kernel_apcs();  // those of the state that is current again
}

void attach_process_once(Thread& thread, Process& process) {
    Process& current = thread.process();
    if (&current == &process) return;  // nothing to do, as documented
    if (&current != &thread.owner() || thread.irql() > APC_LEVEL) {
        ke::bug_check(invalid_process_attach_attempt, reinterpret_cast<ULONG_PTR>(process.nt()),
                      reinterpret_cast<ULONG_PTR>(current.nt()), &current != &thread.owner(), thread.in_dpc());
    }
    thread.attach(&process);
}

void detach_process_once(Thread& thread) {
    if (thread.irql() > APC_LEVEL) ke::bug_check(invalid_process_detach_attempt, 0, 0, 0, 0);
    thread.attach(&thread.owner());
    thread.deliver_kernel_apcs();
}

}  // namespace pw::ps
