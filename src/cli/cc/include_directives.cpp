// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/include_directives.h"

#include "cli/cc/lexical_scanner.h"

namespace pw::cli {

std::vector<IncludeDirective> find_includes(std::string_view source) {
  std::vector<IncludeDirective> found;
  LexicalScanner scanner(source);
  for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next()) {
    if (token.kind != TokenKind::Directive) continue;
    const DirectiveParts parts = split_directive(token.text);
    if (parts.name != "include" || parts.rest.empty()) continue;
    const char open = parts.rest.front();
    if (open != '"' && open != '<') continue;
    const std::size_t close = parts.rest.find(open == '<' ? '>' : '"', 1);
    if (close == std::string_view::npos || close == 1) continue;
    IncludeDirective directive;
    directive.name = parts.rest.substr(1, close - 1);
    directive.quoted = open == '"';
    directive.offset = static_cast<std::size_t>(parts.rest.data() - source.data());
    directive.length = close + 1;
    found.push_back(std::move(directive));
  }
  return found;
}

}  // namespace pw::cli
