// SPDX-License-Identifier: Apache-2.0
// A signal of our own that makes one thread look at what it is asked for (suspend, end).
#pragma once

#include <cstdint>

namespace pw::platform {

// Installs the handler once; it runs on the thread that was signalled, wherever that thread is: async-signal-safe only.
void install_thread_signal(void (*handler)());
// False when the thread is gone.
bool send_thread_signal(std::uint32_t os_thread_id);

}  // namespace pw::platform
