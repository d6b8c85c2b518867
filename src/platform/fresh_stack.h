// SPDX-License-Identifier: Apache-2.0
// A stack for one call.
#pragma once

#include <cstddef>

namespace pw::platform {

// Calls function(argument) on a stack of its own, with a page below that nothing can touch. False, and nothing was called,
// when there is no memory for it. The function returns: it is not left by longjmp or an exception.
[[nodiscard]] bool run_on_fresh_stack(std::size_t size_bytes, void (*function)(void*), void* argument);

}  // namespace pw::platform
