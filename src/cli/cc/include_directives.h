// SPDX-License-Identifier: Apache-2.0
// Finds the #include lines of a source, in active and inactive branches alike.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace pw::cli {

struct IncludeDirective {
  std::string name;        // as spelled, without its quotes
  bool quoted = false;     // "name" rather than <name>
  std::size_t offset = 0;  // of the opening quote or bracket
  std::size_t length = 0;  // from the opening to the closing mark, both included
};

// Includes whose name is a macro are not listed.
[[nodiscard]] std::vector<IncludeDirective> find_includes(std::string_view source);

}  // namespace pw::cli
