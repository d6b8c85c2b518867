// SPDX-License-Identifier: Apache-2.0
// The keywords of structured exceptions as words of a source, and where a source's words count.
#pragma once

#include <cstddef>
#include <string_view>
#include <utility>

#include "cli/cc/lexical_scanner.h"

namespace pw::cli {

enum class SehKeyword { None, Try, Except, Finally, Leave };

// How sure a word is: plain 'try' in C, say, may be an identifier; in C++ it begins a try block of the language's own.
struct SehWord {
  SehKeyword keyword = SehKeyword::None;
  bool reserved = false;
};

[[nodiscard]] SehWord classify_seh_word(std::string_view text);

// Cheap and never wrong in saying no: does any of the keywords occur at all?
[[nodiscard]] bool may_have_seh_words(std::string_view source);

// Tells which tokens stand in the text of '#if 0'.
class DisabledText {
 public:
  // To be called with each directive; true if it means nothing, being inside such text.
  bool skips(const DirectiveParts& parts) {
    const bool opens = parts.name == "if" || parts.name == "ifdef" || parts.name == "ifndef";
    if (depth_ == 0) {
      if (is_if_zero(parts)) depth_ = 1;
      return false;
    }
    if (opens) {
      ++depth_;
      return true;
    }
    if (parts.name == "endif") return --depth_ > 0;
    if (depth_ > 1 || (parts.name != "else" && parts.name != "elif")) return true;
    depth_ = 0;
    return false;
  }
  [[nodiscard]] bool here() const { return depth_ > 0; }

  static bool is_if_zero(const DirectiveParts& parts) {
    return parts.name == "if" && parts.rest.starts_with('0') &&
           (parts.rest.size() == 1 || !is_identifier_character(parts.rest[1]));
  }

 private:
  int depth_ = 0;
};

// The name, and where the body begins, in what follows "#define".
[[nodiscard]] std::pair<std::string_view, std::size_t> split_definition(std::string_view rest);

}  // namespace pw::cli
