// SPDX-License-Identifier: Apache-2.0
// What structured exceptions keep for each thread.
#pragma once

#include <cstdint>

#include "exceptions/exceptions.h"
#include "platform/signals.h"

namespace pw::seh {

// One search for a handler that is under way. Searches nest when a filter, or what it calls, raises.
struct Search {
    Search* outer = nullptr;
    pw_seh_frame* first = nullptr;      // the innermost frame when the search began
    pw_seh_frame* evaluating = nullptr; // whose filter runs
};

// Only its own thread touches it, also in signal context. frame_switch.S knows the first two fields.
struct ThreadState {
    pw_seh_frame* top = nullptr;   // innermost frame
    std::uint32_t attached = 0;
    bool vectored_off = false;
    // Nobody handled the fault of this instruction: it runs again, for the previous signal action.
    std::uint64_t pass_fault_at = 0;
    Search* search = nullptr;      // innermost
    platform::StackRange stack;
    platform::StackRange reserve;  // where an exception is handled when the stack is exhausted
};

}  // namespace pw::seh

// Initial-exec: reached from signal handlers and from frame_switch.S without a call.
extern "C" __attribute__((visibility("hidden"), tls_model("initial-exec"))) __thread pw::seh::ThreadState pw_seh_thread;

namespace pw::seh {

inline ThreadState& thread_state() {
    ThreadState* state = &pw_seh_thread;
#ifdef __SANITIZE_ADDRESS__
    // gcc lets -fsanitize=null test the flags of the addition that makes this address; ld turns that addition into a lea, which
    // sets none. The barrier makes the test an instruction of its own.
    __asm__("" : "+r"(state));
#endif
    return *state;
}

}  // namespace pw::seh
