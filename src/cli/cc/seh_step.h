// SPDX-License-Identifier: Apache-2.0
// The pre-pass for structured exceptions, as one step of preparing a source.
#pragma once

#include <string>
#include <string_view>

#include "cli/cc/function_heads.h"

namespace pw::cli {

// Returns the source with __try/__except/__finally/__leave in the form that include/shared's macros complete. Lines stay
// where they are. Text without structured exceptions comes back unchanged.
[[nodiscard]] std::string run_seh_step(std::string_view source, SourceLanguage language);

}  // namespace pw::cli
