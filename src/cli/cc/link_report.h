// SPDX-License-Identifier: Apache-2.0
// Reads a linker's complaints (GNU ld, gold, lld, mold) and sorts out the functions that are missing.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace pw::cli {

struct MissingFunction {
  std::string name;       // demangled where the linker demangles
  std::string first_use;  // "file:line", or "in function f of file", or a file; as precise as the linker was
};

struct LinkReport {
  std::vector<MissingFunction> missing;  // in the order of first mention, each once
  std::string other;                     // every other line, unchanged
};

// The linker must have run with LC_ALL=C. Nothing is dropped but lines about missing functions, and the compiler driver's
// closing "ld returned 1 exit status" when missing functions explain it.
[[nodiscard]] LinkReport parse_link_output(std::string_view output);

}  // namespace pw::cli
