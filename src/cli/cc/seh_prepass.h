// SPDX-License-Identifier: Apache-2.0
// Rewrites __try, __except, __finally and __leave into the macros of include/shared/pw_seh_macros.h.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pw::cli {

struct SehPrepassOptions {
  bool cplusplus = false;
  // Macros of included headers that find_seh_macros named: functions that use them are treated like functions with __try.
  std::set<std::string, std::less<>> macros;
};

// Returns the source with
//  - each complete construct rewritten, also inside a macro's definition. Keywords are __try, _try and so on; in C also try,
//    except, finally and leave where they cannot be identifiers; in C++ also a 'try' that __except or __finally follows (so
//    text after the preprocessor works, where libstdc++ has replaced __try by try);
//  - an attribute at each function (or lambda) that has such a construct: see the decision record on why;
//  - line numbers as they were. Text without constructs comes back unchanged.
// What cannot be understood (a construct that several macros make up between them) stays as it is, for the compiler to report.
[[nodiscard]] std::string rewrite_seh(std::string_view source, const SehPrepassOptions& options);

// The names of macros defined in the source whose expansion contains a structured-exception keyword, directly or through
// one another or through options.macros.
[[nodiscard]] std::set<std::string, std::less<>> find_seh_macros(std::string_view source, const SehPrepassOptions& options);

// True if the source defines a macro that has a part of a construct only ('#define TRY __try {'). Such sources need the
// pre-pass after the preprocessor: compile with -E, rewrite, compile the result with -include pw_seh_macros.h.
[[nodiscard]] bool has_partial_seh_macros(std::string_view source, const SehPrepassOptions& options);

}  // namespace pw::cli
