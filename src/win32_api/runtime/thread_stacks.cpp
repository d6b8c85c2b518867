// SPDX-License-Identifier: Apache-2.0
#include "win32_api/runtime/thread_stacks.h"

#include <pthread.h>

#include "platform/private_copy.h"
#include "win32_api/runtime/arena_pages.h"

namespace pw::win32 {
namespace {

thread_local constinit ArenaPages::Stack own_stack;
pthread_key_t gone_key;
pthread_once_t gone_key_once = PTHREAD_ONCE_INIT;

// Runs on the thread's first stack, when nothing is left on the arena's.
void give_back(void*) { arena_pages().give_back_stack(own_stack); }

void make_key() { ::pthread_key_create(&gone_key, give_back); }

}  // namespace

void run_on_arena_stack(void (*function)(void*), void* argument, std::size_t stack_bytes) {
    if (arena_pages().is_open()) {
        ::pthread_once(&gone_key_once, make_key);
        own_stack = arena_pages().take_stack(stack_bytes);
    }
    if (own_stack.lowest == nullptr) return function(argument);
    ::pthread_setspecific(gone_key, &own_stack);
    pw_call_on_stack(function, argument, own_stack.top());
}

}  // namespace pw::win32
