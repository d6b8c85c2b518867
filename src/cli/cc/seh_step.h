// SPDX-License-Identifier: Apache-2.0
// The pre-pass for structured exceptions, as a step of preparing a translation unit.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cc/function_heads.h"

namespace pw::cli {

// What the macros of a translation unit's files do with __try, __except, __finally and __leave.
struct SehMacros {
  std::set<std::string, std::less<>> names;  // macros that hold a whole construct
  bool partial = false;  // some macro holds a part of one: the rewriting must come after the preprocessor
};

[[nodiscard]] SehMacros find_macros_with_seh(const std::vector<std::string_view>& files, SourceLanguage language);

// Returns the source with structured exceptions in the form that include/shared's macros complete. Lines stay where they
// are. Text without structured exceptions comes back unchanged.
[[nodiscard]] std::string run_seh_step(std::string_view source, SourceLanguage language, const SehMacros& macros);

}  // namespace pw::cli
