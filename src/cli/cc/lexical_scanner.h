// SPDX-License-Identifier: Apache-2.0
// A light scanner over C and C++ source: just enough tokens to find #include lines and function heads without a compiler.
#pragma once

#include <cstddef>
#include <string_view>

namespace pw::cli {

enum class TokenKind { Identifier, Number, Literal, Punctuator, Directive, End };

struct Token {
  TokenKind kind = TokenKind::End;
  std::string_view text;   // Directive: from '#' to the end of its last line
  std::size_t offset = 0;  // of text in the source
};

// Skips comments and white space. Knows line continuations (also with CRLF), raw strings, and that an unpaired quote ends
// with its line (as in text that #if 0 disables).
class LexicalScanner {
 public:
  explicit LexicalScanner(std::string_view source) : source_(source) {}

  [[nodiscard]] Token next();

 private:
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return at_ + ahead < source_.size() ? source_[at_ + ahead] : '\0';
  }
  void skip_blanks_and_comments();
  void skip_comment();
  // Steps over a backslash and the line end behind it; false if there is none here.
  bool skip_continuation();
  void skip_quoted(char quote);
  void skip_raw_string();
  Token finish(TokenKind kind, std::size_t begin) const { return {kind, source_.substr(begin, at_ - begin), begin}; }
  Token scan_directive();

  std::string_view source_;
  std::size_t at_ = 0;
  bool line_start_ = true;  // nothing but blanks and comments since the line began
};

// The word after '#' of a Directive token ("include", "if", ...), and what follows it.
struct DirectiveParts {
  std::string_view name;
  std::string_view rest;
};
[[nodiscard]] DirectiveParts split_directive(std::string_view directive);

[[nodiscard]] bool is_identifier_character(char c);

}  // namespace pw::cli
