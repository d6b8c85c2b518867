// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_words.h"

#include <algorithm>

namespace pw::cli {

SehWord classify_seh_word(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t letters = std::min(text.find_first_not_of('_'), text.size());
  if (letters > 2) return {};
  const std::string_view stem = text.substr(letters);
  const bool reserved = letters > 0;
  if (stem == "try") return {SehKeyword::Try, reserved};
  if (stem == "except") return {SehKeyword::Except, reserved};
  if (stem == "finally") return {SehKeyword::Finally, reserved};
  if (stem == "leave") return {SehKeyword::Leave, reserved};
  return {};
}

bool may_have_seh_words(std::string_view source) {
  constexpr std::string_view stems[] = {"try", "except", "finally", "leave"};
  for (const std::string_view stem : stems) {
    for (std::size_t at = source.find(stem); at != std::string_view::npos; at = source.find(stem, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && source[begin - 1] == '_') --begin;
      const std::size_t end = at + stem.size();
      const bool whole = (begin == 0 || !is_identifier_character(source[begin - 1])) &&
                         (end == source.size() || !is_identifier_character(source[end]));
      if (whole) return true;
    }
  }
  return false;
}

std::pair<std::string_view, std::size_t> split_definition(std::string_view rest) {
  std::size_t at = 0;
  while (at < rest.size() && is_identifier_character(rest[at])) ++at;
  const std::string_view name = rest.substr(0, at);
  if (at < rest.size() && rest[at] == '(') at = std::min(rest.find(')', at), rest.size() - 1) + 1;
  return {name, at};
}

}  // namespace pw::cli
