// SPDX-License-Identifier: Apache-2.0
// Makes malloc take its memory from the process's arena, where drivers reach it without a copy (design D4).
#pragma once

#include "win32_api/runtime/transport.h"

namespace pw::win32 {

// Before main, on the main thread: from now on malloc allocates in the arena. Does nothing without an arena, or where the
// program brings another malloc (sanitizers): such memory stays the program's own and is copied when a driver uses it.
void enter_heap_arena(const ProcessSlot& slot);
// On each new thread, before it runs the program's code.
void enter_heap_arena_on_this_thread();

}  // namespace pw::win32
