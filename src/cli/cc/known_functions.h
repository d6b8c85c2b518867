// SPDX-License-Identifier: Apache-2.0
// The functions that Microsoft documents for drivers and applications, whether Partywall has them or not.
#pragma once

#include <set>
#include <string>
#include <string_view>

namespace pw::cli {

class KnownFunctions {
 public:
  KnownFunctions() = default;
  // One name a line; '#' begins a comment. An unreadable file gives an empty list.
  explicit KnownFunctions(const std::string& file);
  static KnownFunctions from_text(std::string_view text);

  // Knows a name also in its A and W forms, and a C++ symbol by the name before its parameters.
  [[nodiscard]] bool contains(std::string_view function) const;

 private:
  std::set<std::string, std::less<>> names_;
};

}  // namespace pw::cli
