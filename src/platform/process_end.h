// SPDX-License-Identifier: Apache-2.0
// Ending the process at once, and the last words before it.
#pragma once

#include <cstddef>

namespace pw::platform {

// _exit: no destructors, no atexit handlers.
[[noreturn]] void end_process(int exit_code);
// The calling thread sleeps until the process ends.
[[noreturn]] void park_for_ever();
// Unbuffered; gives up silently when standard error is closed.
void write_standard_error(const char* text, std::size_t length_bytes);

}  // namespace pw::platform
