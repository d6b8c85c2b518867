// SPDX-License-Identifier: Apache-2.0
// CallerChain: a few return addresses of the calling thread, cheap enough to be recorded where something is taken.
#pragma once

#include <array>
#include <cstdint>

namespace pw::platform {

// Innermost first; null from the first unknown one on.
using CallerChain = std::array<const void*, 4>;

// `first`: an address in the calling code, such as __builtin_return_address(0); `frame`: __builtin_frame_address(0) of the
// function that has it. The rest comes from the chain of frame pointers (our code and drivers are compiled with them) as far
// as it stays in the thread's stack. Some loads; no call of Linux after a thread's first time. Any IRQL.
[[nodiscard]] CallerChain callers_from(const void* first, const void* frame);

}  // namespace pw::platform
