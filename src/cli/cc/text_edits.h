// SPDX-License-Identifier: Apache-2.0
// Replacements in a text, collected by offset and applied together; none may add or drop a line.
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace pw::cli {

class TextEdits {
 public:
  // Replaces length bytes at offset; length 0 inserts, before what is replaced at the same place. Edits must not overlap.
  void replace(std::size_t offset, std::size_t length, std::string replacement) {
    edits_.push_back({offset, length, std::move(replacement)});
  }

  [[nodiscard]] bool empty() const { return edits_.empty(); }

  [[nodiscard]] std::string apply(std::string_view text) {
    std::stable_sort(edits_.begin(), edits_.end(), [](const Edit& a, const Edit& b) { return std::pair(a.offset, a.length) < std::pair(b.offset, b.length); });
    std::string out;
    std::size_t at = 0;
    for (const Edit& edit : edits_) {
      out += text.substr(at, edit.offset - at);
      out += edit.replacement;
      at = edit.offset + edit.length;
    }
    out += text.substr(at);
    return out;
  }

 private:
  struct Edit {
    std::size_t offset;
    std::size_t length;
    std::string replacement;
  };
  std::vector<Edit> edits_;
};

}  // namespace pw::cli
