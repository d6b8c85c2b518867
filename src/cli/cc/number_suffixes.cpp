// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/number_suffixes.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

#include "cli/cc/lexical_scanner.h"

namespace pw::cli {
namespace {

struct Suffix {
  std::string_view microsofts;
  std::string_view standard;
};

// The longer ones first: "ui64" ends in "i64", too.
constexpr std::array suffixes{Suffix{"ui64", "ULL"}, Suffix{"ui32", "U"}, Suffix{"ui16", "U"}, Suffix{"ui8", "U"},
                              Suffix{"i64", "LL"},   Suffix{"i32", ""},   Suffix{"i16", ""},   Suffix{"i8", ""}};

bool ends_with_ignoring_case(std::string_view text, std::string_view end) {
  return text.size() > end.size() &&
         std::equal(end.begin(), end.end(), text.end() - static_cast<std::ptrdiff_t>(end.size()), [](char wanted, char c) {
           return std::tolower(static_cast<unsigned char>(c)) == wanted;
         });
}

void scan(std::string_view source, std::size_t base, TextEdits& edits) {
  LexicalScanner scanner(source);
  for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next()) {
    if (token.kind == TokenKind::Directive) {
      const std::string_view rest = split_directive(token.text).rest;
      scan(rest, base + static_cast<std::size_t>(rest.data() - source.data()), edits);
    }
    if (token.kind != TokenKind::Number) continue;
    for (const Suffix& suffix : suffixes) {
      if (!ends_with_ignoring_case(token.text, suffix.microsofts)) continue;
      std::string standard(suffix.standard);
      standard.resize(suffix.microsofts.size(), ' ');  // the columns of what follows stay
      edits.replace(base + token.offset + token.text.size() - standard.size(), standard.size(), standard);
      break;
    }
  }
}

}  // namespace

void replace_number_suffixes(std::string_view source, TextEdits& edits) { scan(source, 0, edits); }

}  // namespace pw::cli
