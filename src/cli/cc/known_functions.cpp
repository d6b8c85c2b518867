// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/known_functions.h"

#include "cli/cc/source_text.h"

namespace pw::cli {

KnownFunctions::KnownFunctions(const std::string& file) : KnownFunctions(from_text(read_file(file).value_or(""))) {}

KnownFunctions KnownFunctions::from_text(std::string_view text) {
  KnownFunctions known;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    line = line.substr(0, line.find('#'));
    while (!line.empty() && (line.back() == ' ' || line.back() == '\r' || line.back() == '\t')) line.remove_suffix(1);
    if (!line.empty()) known.names_.emplace(line);
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  return known;
}

bool KnownFunctions::contains(std::string_view function) const {
  function = function.substr(0, function.find('('));
  if (names_.contains(function)) return true;
  if (function.empty()) return false;
  const std::string base(function.substr(0, function.size() - 1));
  if ((function.back() == 'A' || function.back() == 'W') && names_.contains(base)) return true;
  return names_.contains(std::string(function) + "W");
}

}  // namespace pw::cli
