// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/absent_processes.h"

#include "kernel/dispatcher/sleep_observer.h"
#include "kernel/memory/memory_manager.h"
#include "kernel/processes/process.h"
#include "kernel/processes/thread.h"
#include "kernel/services/kernel.h"

namespace pw::nt {
namespace {

// The process whose call the thread runs; null for the System process's threads.
mm::AddressSpace* space_of(ke::Thread& waiting) {
    auto& thread = static_cast<ps::Thread&>(waiting);
    const bool is_clients = thread.is_in_kernel() && !thread.owner().is_system() && thread.owner().has_address_space();
    return is_clients ? &thread.owner().address_space() : nullptr;
}

// A thread that waits in a call is not there: neither the application, which waits, nor its driver uses its memory now.
constexpr ke::SleepObserver observer{
    .sleeps =
        [](ke::Thread& thread) {
            if (mm::AddressSpace* const space = space_of(thread)) space->thread_leaves();
        },
    .goes_on =
        [](ke::Thread& thread) {
            if (mm::AddressSpace* const space = space_of(thread)) space->thread_enters();
        },
};

}  // namespace

void hide_absent_processes(Kernel& kernel) {
    kernel.memory().set_hides_absent_processes();
    ke::set_sleep_observer(&observer);
}

}  // namespace pw::nt
