// SPDX-License-Identifier: Apache-2.0
// Gives the program's threads the arena's heap and a stack in the arena; makes fork() safe with both.
#include "win32_api/library/library_only.h"

#if defined(PW_WIN32_LIBRARY) && !defined(PW_FOREIGN_HEAP)

#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <new>

#include <dlfcn.h>
#include <pthread.h>

#include "win32_api/runtime/fork_guard.h"
#include "win32_api/runtime/heap_arena.h"
#include "win32_api/runtime/internal_threads.h"
#include "win32_api/runtime/thread_stacks.h"

namespace {

using CreateThread = int (*)(pthread_t*, const pthread_attr_t*, void* (*)(void*), void*);

CreateThread next_create() {
    static const auto next = reinterpret_cast<CreateThread>(::dlsym(RTLD_NEXT, "pthread_create"));
    return next;
}

struct Start {
    void* (*routine)(void*);
    void* argument;
    std::size_t stack_bytes;  // 0: the program chose the stack itself
    void* result;
};

void call_routine(void* context) {
    auto* start = static_cast<Start*>(context);
    start->result = start->routine(start->argument);
}

void* run_thread(void* context) {
    Start start = *static_cast<Start*>(context);
    delete static_cast<Start*>(context);
    pw::win32::enter_heap_arena_on_this_thread();
    if (start.stack_bytes == 0) return start.routine(start.argument);
    pw::win32::run_on_arena_stack(call_routine, &start, start.stack_bytes);
    return start.result;
}

// The size of the stack that the C library would give; 0 when the attributes name a stack.
std::size_t wanted_stack_bytes(const pthread_attr_t* attributes) {
    pthread_attr_t defaults;
    const bool use_defaults = attributes == nullptr;
    if (use_defaults && ::pthread_getattr_default_np(&defaults) != 0) return 0;
    const pthread_attr_t* const from = use_defaults ? &defaults : attributes;
    void* address = nullptr;
    std::size_t length = 0;
    std::size_t size = 0;
    const bool known = ::pthread_attr_getstack(from, &address, &length) == 0 && ::pthread_attr_getstacksize(from, &size) == 0;
    // Without a stack of the program's own, the address reported is "0 - length".
    const bool own_stack = reinterpret_cast<std::uintptr_t>(address) + length != 0;
    if (use_defaults) ::pthread_attr_destroy(&defaults);
    return known && !own_stack ? size : 0;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) int pthread_create(pthread_t* thread, const pthread_attr_t* attributes,
                                                                     void* (*routine)(void*), void* argument) {
    if (pw::win32::InternalThreadScope::is_active()) return next_create()(thread, attributes, routine, argument);
    auto* start = new (std::nothrow) Start{routine, argument, wanted_stack_bytes(attributes), nullptr};
    if (start == nullptr) return EAGAIN;
    const int error = next_create()(thread, attributes, run_thread, start);
    if (error != 0) delete start;
    return error;
}

extern "C" __attribute__((visibility("default"))) int fork() {
    static const auto next = reinterpret_cast<int (*)()>(::dlsym(RTLD_NEXT, "fork"));
    return pw::win32::fork_on_private_stack(next);
}

// Within this library only the allocator calls it, when it starts. Its handlers run inside ours.
extern "C" __attribute__((visibility("hidden"))) int pthread_atfork(void (*prepare)(), void (*parent)(), void (*child)()) {
    pw::win32::set_allocator_fork_handlers({prepare, parent, child});
    pw::win32::install_fork_guard();
    return 0;
}

#endif
