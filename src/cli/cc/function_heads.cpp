// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/function_heads.h"

#include <algorithm>
#include <utility>

#include "cli/cc/lexical_scanner.h"

namespace pw::cli {
namespace {

// One declaration or definition at file scope as far as its first '(...)', e.g. "static int f(int a)".
struct Head {
  std::vector<Token> before;  // tokens before the function's name
  Token name;
  std::vector<Token> parameters;
  bool has_body = false;
};

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Walks the file-scope declarations of a source. Braces of extern "C" and namespace blocks do not leave file scope; the
// branches of #if/#else start from the same depth, since each may open the same brace.
class HeadWalker {
 public:
  explicit HeadWalker(std::string_view source) : scanner_(source) {}

  // The next function head at file scope; false at the end.
  bool next(Head& head) {
    std::vector<Token> declaration;
    for (Token token = take(); token.kind != TokenKind::End; token = take()) {
      if (token.text == "{") {
        if (is_transparent(declaration)) {
          ++transparent_depth_;
        } else {
          skip_block();
        }
        declaration.clear();
      } else if (token.text == "}" || token.text == ";") {
        if (token.text == "}" && transparent_depth_ > 0) --transparent_depth_;
        declaration.clear();
      } else if (token.text == "(" && !declaration.empty() && declaration.back().kind == TokenKind::Identifier &&
                 !is_annotation(declaration.back().text)) {
        head.name = declaration.back();
        declaration.pop_back();
        head.before = std::move(declaration);
        head.parameters = take_parameters();
        head.has_body = skip_to_body();
        return true;
      } else if (token.text == "(") {
        take_parameters();  // of __declspec, __attribute__, _IRQL_requires_max_ ...
      } else {
        declaration.push_back(token);
      }
    }
    return false;
  }

 private:
  static bool is_annotation(std::string_view word) {
    return word == "__attribute__" || word == "__declspec" || word == "_Pragma" || word == "__pragma" ||
           word == "alignas" || word == "_Alignas" || word == "static_assert" || word == "_Static_assert" ||
           word == "C_ASSERT" || (word.size() > 2 && word.front() == '_' && word[1] >= 'A' && word[1] <= 'Z') ||
           word == "__drv_maxIRQL" || word == "__drv_requiresIRQL" || word == "__success" || word == "__checkReturn";
  }

  static bool is_transparent(const std::vector<Token>& declaration) {
    if (declaration.empty()) return false;
    const bool linkage = declaration.front().text == "extern" && declaration.back().kind == TokenKind::Literal;
    return linkage || declaration.front().text == "namespace" ||
           (declaration.front().text == "inline" && declaration.size() > 1 && declaration[1].text == "namespace");
  }

  // The next token that is no directive; keeps the brace depth right across conditional branches.
  Token take() {
    if (pending_.kind != TokenKind::End) return std::exchange(pending_, {});
    for (;;) {
      const Token token = scanner_.next();
      if (token.kind != TokenKind::Directive) return token;
      const std::string_view name = split_directive(token.text).name;
      if (name == "if" || name == "ifdef" || name == "ifndef") {
        branch_depths_.push_back(depth_);
      } else if ((name == "else" || name == "elif") && !branch_depths_.empty()) {
        depth_ = branch_depths_.back();
      } else if (name == "endif" && !branch_depths_.empty()) {
        branch_depths_.pop_back();
      }
    }
  }

  void skip_block() {
    depth_ = 1;
    while (depth_ > 0) {
      const Token token = take();
      if (token.kind == TokenKind::End) return;
      if (token.text == "{") ++depth_;
      if (token.text == "}") --depth_;
    }
  }

  std::vector<Token> take_parameters() {
    std::vector<Token> tokens;
    for (int open = 1; open > 0;) {
      const Token token = take();
      if (token.kind == TokenKind::End) break;
      if (token.text == "(") ++open;
      if (token.text == ")") --open;
      if (open > 0) tokens.push_back(token);
    }
    return tokens;
  }

  // After a parameter list: true if a body follows (also behind K&R parameter declarations), which is then skipped.
  bool skip_to_body() {
    Token token = take();
    bool old_style = false;
    while (token.kind == TokenKind::Identifier || (old_style && token.kind != TokenKind::End && token.text != "{")) {
      old_style = true;
      token = take();
    }
    if (token.text == "{") {
      skip_block();
      return true;
    }
    pending_ = token;
    return false;
  }

  LexicalScanner scanner_;
  Token pending_;
  int depth_ = 0;
  int transparent_depth_ = 0;
  std::vector<int> branch_depths_;
};

// Words before a function's name that say nothing about its type.
bool is_decoration(std::string_view word) {
  return is_one_of(word, {"static", "extern", "inline", "__inline", "__cdecl", "_cdecl", "__stdcall", "_stdcall", "WINAPI",
                          "CDECL", "__CRTDECL", "APIENTRY", "CALLBACK", "NTAPI", "DECLSPEC_NORETURN", "const"});
}

bool returns_void(const Head& head) {
  return std::any_of(head.before.begin(), head.before.end(),
                     [](const Token& token) { return token.text == "void" || token.text == "VOID"; });
}

// True for what every C compiler takes as main: int main(), (void), (int ...).
bool is_plain_main(const Head& head) {
  for (const Token& token : head.before) {
    const bool linkage = token.kind == TokenKind::Literal || is_decoration(token.text);
    if (!linkage && token.text != "int" && token.text != "INT") return false;
  }
  const auto first = std::find_if(head.parameters.begin(), head.parameters.end(), [](const Token& token) {
    return token.kind == TokenKind::Identifier && !is_one_of(token.text, {"IN", "OUT", "const", "CONST", "_In_", "__in"});
  });
  if (first == head.parameters.end()) return true;
  // K&R: "int main(argc, argv) int argc; ..." names no type here.
  const bool old_style = std::next(first) != head.parameters.end() && std::next(first)->text == ",";
  return is_one_of(first->text, {"int", "INT", "void", "VOID", "signed"}) || (old_style && first->text == "argc");
}

}  // namespace

FunctionHeadFindings scan_entry_points(std::string_view source, SourceLanguage language, TextEdits& edits) {
  FunctionHeadFindings findings;
  HeadWalker walker(source);
  for (Head head; walker.next(head);) {
    const std::string_view name = head.name.text;
    if (!is_one_of(name, {"main", "wmain", "_tmain", "WinMain", "wWinMain", "_tWinMain"})) continue;
    // "x = main(": not a function head.
    if (std::any_of(head.before.begin(), head.before.end(), [](const Token& t) { return t.text == "="; })) continue;
    findings.defines_entry = findings.defines_entry || head.has_body;

    // Each head is judged by itself: a source may have several in the branches of #if.
    const bool is_void = returns_void(head);
    std::string_view new_name = name;
    if (name == "main" && !is_plain_main(head)) new_name = is_void ? entry_main_void : entry_main_value;
    if (name == "wmain" && is_void) new_name = entry_wmain_void;
    if (name == "_tmain" && !is_plain_main(head) && head.has_body) {
      // tchar.h makes it main or wmain, whichever UNICODE asks for.
      findings.entry_renames = {"main=" + std::string(is_void ? entry_main_void : entry_main_value)};
      if (is_void) findings.entry_renames.push_back("wmain=" + std::string(entry_wmain_void));
    }
    const bool plain = name == "main" && new_name == name;
    const bool has_linkage = !head.before.empty() && head.before.front().text == "extern";
    if (language == SourceLanguage::Cxx && !plain && !has_linkage) {
      const Token& first = head.before.empty() ? head.name : head.before.front();
      edits.replace(first.offset, 0, "extern \"C\" ");
    }
    if (new_name != name) edits.replace(head.name.offset, name.size(), std::string(new_name));
  }
  return findings;
}

CFunctionHeads scan_c_functions(std::string_view source) {
  CFunctionHeads heads;
  HeadWalker walker(source);
  for (Head head; walker.next(head);) {
    const auto has = [&head](std::initializer_list<std::string_view> words) {
      return std::find_if(head.before.begin(), head.before.end(),
                          [&words](const Token& token) { return is_one_of(token.text, words); });
    };
    const auto none = head.before.end();
    const auto found = has({"inline", "__inline", "_inline", "__inline__", "__forceinline", "_forceinline", "FORCEINLINE"});
    if (has({"static", "extern", "typedef"}) != none) {
      continue;
    }
    if (found == none) {
      heads.plain_declarations.emplace_back(head.name.text);
    } else if (head.has_body) {
      heads.inline_functions.push_back({std::string(head.name.text), found->offset});
    }
  }
  return heads;
}

}  // namespace pw::cli
