// SPDX-License-Identifier: Apache-2.0
// The names of documented bug checks, and what their parameters mean.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

struct BugCheckDescription {
    ULONG code;
    const char* name;
    const char* parameters[4];  // null: reserved
};

// Null if the code is not in the table.
[[nodiscard]] const BugCheckDescription* describe_bug_check(ULONG code);

}  // namespace pw::ke
