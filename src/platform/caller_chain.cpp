// SPDX-License-Identifier: Apache-2.0
#include "platform/caller_chain.h"

#include <pthread.h>

namespace pw::platform {
namespace {

struct StackEnd {
    std::uintptr_t top = 0;
    bool asked = false;
};
thread_local StackEnd own_stack;

std::uintptr_t stack_top() {
    if (own_stack.asked) return own_stack.top;
    own_stack.asked = true;
    pthread_attr_t attributes;
    if (::pthread_getattr_np(::pthread_self(), &attributes) != 0) return 0;
    void* base = nullptr;
    std::size_t bytes = 0;
    if (::pthread_attr_getstack(&attributes, &base, &bytes) == 0) {
        own_stack.top = reinterpret_cast<std::uintptr_t>(base) + bytes;
    }
    ::pthread_attr_destroy(&attributes);
    return own_stack.top;
}

}  // namespace

CallerChain callers_from(const void* first, const void* frame) {
    CallerChain chain{first};
    // Not the address of `chain`, which may be the caller's.
    const std::uintptr_t here = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
    const std::uintptr_t top = stack_top();
    // Another stack than the thread's own (an application's main stack in the arena): nothing is known of its end.
    if (here >= top || top - here > (std::uintptr_t{1} << 30)) return chain;
    auto at = reinterpret_cast<std::uintptr_t>(frame);
    // The frame of the function that was given holds `first`; go to its caller's.
    for (std::size_t i = 1; i < chain.size(); ++i) {
        if (at < here || at % sizeof(void*) != 0 || at + 2 * sizeof(void*) > top) return chain;
        const auto next = *reinterpret_cast<const std::uintptr_t*>(at);
        if (next <= at || next % sizeof(void*) != 0 || next + 2 * sizeof(void*) > top) return chain;
        chain[i] = *reinterpret_cast<void* const*>(next + sizeof(void*));
        at = next;
    }
    return chain;
}

}  // namespace pw::platform
