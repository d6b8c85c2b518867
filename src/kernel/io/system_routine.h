// SPDX-License-Identifier: Apache-2.0
// System routines by name (MmGetSystemRoutineAddress).
#pragma once

#include <string_view>

namespace pw::io {

// The routine of that name that drivers could link, or null: what the image of `facade` exports under NT's names, or the
// run-time library. Names of our own (pw_…, Pw…) are no system routines.
[[nodiscard]] void* find_system_routine(std::u16string_view name, const void* facade);

}  // namespace pw::io
