// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_prepass.h"

#include <vector>

#include "cli/cc/lexical_scanner.h"
#include "cli/cc/seh_rewriter.h"
#include "cli/cc/seh_words.h"
#include "cli/cc/text_edits.h"

namespace pw::cli {
namespace {

struct Definition {
  std::string_view name;
  std::string_view body;
};

std::vector<Definition> find_definitions(std::string_view source) {
  std::vector<Definition> found;
  LexicalScanner scanner(source);
  for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next()) {
    if (token.kind != TokenKind::Directive) continue;
    const DirectiveParts parts = split_directive(token.text);
    if (parts.name != "define") continue;
    const auto [name, body] = split_definition(parts.rest);
    found.push_back({name, parts.rest.substr(body)});
  }
  return found;
}

// Does the text use a keyword or one of the names?
bool mentions(std::string_view text, const SehPrepassOptions& options, const std::set<std::string, std::less<>>& names) {
  LexicalScanner scanner(text);
  Token token = scanner.next();
  while (token.kind != TokenKind::End) {
    const Token following = scanner.next();
    const SehWord word = classify_seh_word(token.text);
    if (word.keyword != SehKeyword::None && (word.reserved || (!options.cplusplus && word.keyword == SehKeyword::Try && following.text == "{"))) return true;
    if (names.contains(token.text)) return true;
    token = following;
  }
  return false;
}

}  // namespace

std::set<std::string, std::less<>> find_seh_macros(std::string_view source, const SehPrepassOptions& options) {
  std::set<std::string, std::less<>> names = options.macros;
  const std::size_t before = names.size();
  if (before == 0 && !may_have_seh_words(source)) return {};
  const std::vector<Definition> definitions = find_definitions(source);
  for (bool grew = true; grew;) {
    grew = false;
    for (const Definition& definition : definitions) {
      if (!names.contains(definition.name) && mentions(definition.body, options, names)) {
        names.emplace(definition.name);
        grew = true;
      }
    }
  }
  for (const std::string& name : options.macros) names.erase(name);
  return names;
}

bool has_partial_seh_macros(std::string_view source, const SehPrepassOptions& options) {
  if (!may_have_seh_words(source)) return false;
  for (const Definition& definition : find_definitions(source)) {
    if (!mentions(definition.body, options, {})) continue;
    TextEdits edits;
    SehRewriter rewriter(definition.body, 0, options, edits);
    rewriter.run(true);
    if (rewriter.partial()) return true;
  }
  return false;
}

std::string rewrite_seh(std::string_view source, const SehPrepassOptions& options) {
  if (options.macros.empty() && !may_have_seh_words(source)) return std::string(source);
  SehPrepassOptions all = options;
  all.macros.merge(find_seh_macros(source, options));
  TextEdits edits;
  SehRewriter(source, 0, all, edits).run(false);
  return edits.apply(source);
}

}  // namespace pw::cli
