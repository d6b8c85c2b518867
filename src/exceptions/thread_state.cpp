// SPDX-License-Identifier: Apache-2.0
#include "exceptions/thread_state.h"

#include <cstddef>
#include <utility>

using pw::seh::ThreadState;

__thread constinit ThreadState pw_seh_thread;

static_assert(offsetof(ThreadState, top) == 0 && offsetof(ThreadState, attached) == 8, "frame_switch.S");

extern "C" {

void pw_faults_thread_attach(void) {
    ThreadState& thread = pw::seh::thread_state();
    if (thread.attached != 0) return;
    thread.stack = pw::platform::current_stack();
    thread.reserve = pw::platform::attach_fault_stacks();
    thread.attached = 1;
}

__attribute__((visibility("hidden"))) void pw_seh_thread_first_use(void) { pw_faults_install(); }

pw_seh_frame* pw_seh_exchange_frames(pw_seh_frame* new_top) { return std::exchange(pw_seh_thread.top, new_top); }

int pw_seh_exchange_vectored(int enabled) {
    return std::exchange(pw_seh_thread.vectored_off, enabled == 0) ? 0 : 1;
}

}  // extern "C"
