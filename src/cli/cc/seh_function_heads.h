// SPDX-License-Identifier: Apache-2.0
// Says what an opening brace begins, and where an attribute for the function that it begins has to stand.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "cli/cc/lexical_scanner.h"

namespace pw::cli {

enum class BraceRole {
  Function,   // a function's or lambda's body
  Namespace,  // declarations follow; the closing brace ends the declaration: namespace, extern "C"
  Aggregate,  // declarations follow; a declarator may come behind the closing brace: class, struct, union
  Block,      // anything else: statements, enumerators, initialisers
};

struct BraceHead {
  BraceRole role = BraceRole::Block;
  std::size_t attribute_offset = std::string::npos;  // where the function's attribute goes
  // A lambda: gcc wants the attribute behind 'mutable' and 'noexcept', clang before them.
  bool is_lambda = false;
  std::size_t second_attribute_offset = std::string::npos;
  bool needs_parameter_list = false;                 // it has none: an attribute needs "()" before it
  std::size_t head_begin = 0;                        // tokens [head_begin, the brace) are the function's head
};

// `tokens` are without directives. `begin` is the first token of the declaration or statement that the brace at `brace`
// belongs to; `in_declarations` says that it stands among declarations rather than in a function.
[[nodiscard]] BraceHead classify_brace(const std::vector<Token>& tokens, std::size_t begin, std::size_t brace,
                                       bool in_declarations, bool cplusplus);

// The index of the bracket that the closing one at `close` matches, searching back to `begin`; npos if there is none.
[[nodiscard]] std::size_t matching_open(const std::vector<Token>& tokens, std::size_t begin, std::size_t close);

}  // namespace pw::cli
