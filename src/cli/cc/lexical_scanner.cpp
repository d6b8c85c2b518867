// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/lexical_scanner.h"

#include <string>

namespace pw::cli {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\f' || c == '\v'; }

bool is_string_prefix(std::string_view word) {
  return word == "L" || word == "u" || word == "U" || word == "u8" || word == "R" || word == "LR" || word == "uR" ||
         word == "UR" || word == "u8R";
}

}  // namespace

bool is_identifier_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || is_digit(c) || c == '_' || c == '$' ||
         static_cast<unsigned char>(c) >= 0x80;
}

bool LexicalScanner::skip_continuation() {
  if (peek() != '\\') return false;
  if (peek(1) == '\n') {
    at_ += 2;
  } else if (peek(1) == '\r' && peek(2) == '\n') {
    at_ += 3;
  } else {
    return false;
  }
  return true;
}

void LexicalScanner::skip_comment() {
  if (peek(1) == '/') {
    while (at_ < source_.size() && peek() != '\n') {
      if (!skip_continuation()) ++at_;
    }
    return;
  }
  const std::size_t end = source_.find("*/", at_ + 2);
  at_ = end == std::string_view::npos ? source_.size() : end + 2;
}

void LexicalScanner::skip_blanks_and_comments() {
  while (at_ < source_.size()) {
    const char c = peek();
    if (c == '\n') {
      line_start_ = true;
      ++at_;
    } else if (is_blank(c)) {
      ++at_;
    } else if (c == '/' && (peek(1) == '/' || peek(1) == '*')) {
      skip_comment();
    } else if (!skip_continuation()) {
      return;
    }
  }
}

void LexicalScanner::skip_quoted(char quote) {
  ++at_;
  while (at_ < source_.size() && peek() != quote && peek() != '\n') {
    if (skip_continuation()) continue;
    at_ += peek() == '\\' && peek(1) != '\n' && peek(1) != '\0' ? 2 : 1;
  }
  if (at_ < source_.size() && peek() == quote) ++at_;
}

void LexicalScanner::skip_raw_string() {
  const std::size_t open = source_.find('(', at_);
  if (open == std::string_view::npos) {
    at_ = source_.size();
    return;
  }
  std::string terminator = ")";
  terminator += source_.substr(at_ + 1, open - at_ - 1);
  terminator += '"';
  const std::size_t end = source_.find(terminator, open);
  at_ = end == std::string_view::npos ? source_.size() : end + terminator.size();
}

Token LexicalScanner::scan_directive() {
  const std::size_t begin = at_;
  while (at_ < source_.size() && peek() != '\n') {
    if (skip_continuation()) continue;
    if (peek() == '/' && (peek(1) == '/' || peek(1) == '*')) {
      skip_comment();
    } else if (peek() == '"' || peek() == '\'') {
      skip_quoted(peek());
    } else {
      ++at_;
    }
  }
  return finish(TokenKind::Directive, begin);
}

Token LexicalScanner::next() {
  skip_blanks_and_comments();
  const std::size_t begin = at_;
  if (at_ >= source_.size()) return finish(TokenKind::End, begin);
  const char c = peek();
  if (c == '#' && line_start_) return scan_directive();
  line_start_ = false;
  if (is_digit(c) || (c == '.' && is_digit(peek(1)))) {
    // A digit separator (1'000) belongs to the number.
    while (is_identifier_character(peek()) || peek() == '.' || (peek() == '\'' && is_identifier_character(peek(1)))) ++at_;
    return finish(TokenKind::Number, begin);
  }
  if (is_identifier_character(c)) {
    while (is_identifier_character(peek())) ++at_;
    const std::string_view word = source_.substr(begin, at_ - begin);
    if ((peek() != '"' && peek() != '\'') || !is_string_prefix(word)) return finish(TokenKind::Identifier, begin);
    if (word.back() == 'R' && peek() == '"') {
      skip_raw_string();
    } else {
      skip_quoted(peek());
    }
    return finish(TokenKind::Literal, begin);
  }
  if (c == '"' || c == '\'') {
    skip_quoted(c);
    return finish(TokenKind::Literal, begin);
  }
  ++at_;
  return finish(TokenKind::Punctuator, begin);
}

DirectiveParts split_directive(std::string_view directive) {
  std::size_t begin = 1;
  while (begin < directive.size() && is_blank(directive[begin])) ++begin;
  std::size_t end = begin;
  while (end < directive.size() && is_identifier_character(directive[end])) ++end;
  std::size_t rest = end;
  while (rest < directive.size() && is_blank(directive[rest])) ++rest;
  return {directive.substr(begin, end - begin), directive.substr(rest)};
}

}  // namespace pw::cli
