// SPDX-License-Identifier: Apache-2.0
// Starting a thread of the application: detached, with the starter's signal mask, and a stack of a wanted size.
#pragma once

#include <cstddef>

namespace pw::platform {

// stack_bytes 0: the system's default. False when the system refuses.
[[nodiscard]] bool start_application_thread(void (*routine)(void*), void* argument, std::size_t stack_bytes);

}  // namespace pw::platform
