// SPDX-License-Identifier: Apache-2.0
// How much memory a file of memory (memfd) really takes.
#pragma once

#include <cstdint>

namespace pw::platform {

// Bytes of the pages that have been touched; 0 when the system does not tell.
[[nodiscard]] std::uint64_t allocated_bytes(int descriptor);

}  // namespace pw::platform
