// SPDX-License-Identifier: Apache-2.0
// Which driver called us: for diagnostics that name the culprit.
#pragma once

#include <string>

namespace pw::ke {

// The innermost driver on the calling thread's stack (as BugCheckHooks::driver_of names it); empty when there is none. Slow;
// no lock held.
[[nodiscard]] std::string driver_on_stack();

}  // namespace pw::ke
