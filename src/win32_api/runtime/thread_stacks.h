// SPDX-License-Identifier: Apache-2.0
// Runs the program's code on stacks in the arena, so that drivers reach buffers on the stack without a copy.
#pragma once

#include <cstddef>

namespace pw::win32 {

// Runs function(argument) on an arena stack, or here when there is no arena. A stack is given back when the thread is
// gone, however it ends (return, pthread_exit, cancellation).
void run_on_arena_stack(void (*function)(void*), void* argument, std::size_t stack_bytes);

}  // namespace pw::win32
