// SPDX-License-Identifier: Apache-2.0
// Random bytes from the OS.
#pragma once

#include <cstddef>

namespace pw::platform {

// Fit for identifiers and keys. Blocks at most until the machine has collected entropy after its start.
void fill_random(void* target, std::size_t bytes);

}  // namespace pw::platform
