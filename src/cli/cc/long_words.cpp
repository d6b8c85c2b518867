// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/long_words.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "cli/cc/lexical_scanner.h"

namespace pw::cli {
namespace {

// What may stand around `long` in one type.
constexpr std::array type_words{std::string_view("long"),   std::string_view("int"),      std::string_view("signed"),
                                std::string_view("double"), std::string_view("unsigned"), std::string_view("const"),
                                std::string_view("volatile")};

bool is_type_word(const Token& token) {
  return token.kind == TokenKind::Identifier &&
         std::find(type_words.begin(), type_words.end(), token.text) != type_words.end();
}

class LongReplacer {
 public:
  LongReplacer(std::string_view source, std::size_t base, TextEdits& edits) : source_(source), base_(base), edits_(edits) {}

  void run() {
    LexicalScanner scanner(source_);
    std::vector<Token> words;
    for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next()) {
      if (is_type_word(token)) {
        words.push_back(token);
        continue;
      }
      end_type(words);
      if (token.kind == TokenKind::Number) shorten_number(token);
      if (token.kind == TokenKind::Directive) scan_directive(token);
    }
    end_type(words);
  }

 private:
  void end_type(std::vector<Token>& words) {
    const auto count = [&words](std::string_view word) {
      return std::count_if(words.begin(), words.end(), [word](const Token& token) { return token.text == word; });
    };
    if (count("long") == 1 && count("double") == 0) {
      bool named = false;
      for (const Token& token : words) {
        if (token.text != "long" && token.text != "int") continue;
        put(token.offset, token.text.size(), named ? "" : "int");
        named = true;
      }
    }
    words.clear();
  }

  // 5L, 5UL, 5LU: one L, a whole number, 32 bits.
  void shorten_number(const Token& token) {
    std::string digits;
    std::copy_if(token.text.begin(), token.text.end(), std::back_inserter(digits), [](char c) { return c != '\''; });
    std::size_t end = digits.size();
    const bool hexadecimal = digits.size() > 2 && digits[0] == '0' && (digits[1] | 0x20) == 'x';
    const bool binary = digits.size() > 2 && digits[0] == '0' && (digits[1] | 0x20) == 'b';
    int longs = 0;
    int unsigneds = 0;
    for (; end > 0 && ((digits[end - 1] | 0x20) == 'l' || (digits[end - 1] | 0x20) == 'u'); --end) {
      ((digits[end - 1] | 0x20) == 'l' ? longs : unsigneds) += 1;
    }
    if (longs != 1 || unsigneds > 1) return;
    const int radix = hexadecimal ? 16 : binary ? 2 : digits[0] == '0' ? 8 : 10;
    const char* const first = digits.data() + (hexadecimal || binary ? 2 : 0);
    std::uint64_t value = 0;
    const auto [stop, error] = std::from_chars(first, digits.data() + end, value, radix);
    if (error != std::errc() || stop != digits.data() + end) return;  // 1.0L, 1e5L
    // A decimal number without U that needs the 32nd bit is longer for both compilers.
    const std::uint64_t most = radix == 10 && unsigneds == 0 ? 0x7fffffff : 0xffffffff;
    if (value > most) return;
    const std::size_t suffix = digits.size() - end;
    put(token.offset + token.text.size() - suffix, suffix, unsigneds != 0 ? "U" : "");
  }

  // Blanks keep the columns of what follows, for the compiler's messages.
  void put(std::size_t offset, std::size_t length, std::string word) {
    word.resize(length, ' ');
    edits_.replace(base_ + offset, length, std::move(word));
  }

  void scan_directive(const Token& token) {
    const DirectiveParts parts = split_directive(token.text);
    if (parts.name == "include" || parts.name == "pragma" || parts.name == "error") return;
    LongReplacer(parts.rest, base_ + static_cast<std::size_t>(parts.rest.data() - source_.data()), edits_).run();
  }

  std::string_view source_;
  std::size_t base_;
  TextEdits& edits_;
};

}  // namespace

void replace_long(std::string_view source, TextEdits& edits) { LongReplacer(source, 0, edits).run(); }

}  // namespace pw::cli
