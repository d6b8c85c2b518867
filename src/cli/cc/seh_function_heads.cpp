// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_function_heads.h"

#include <algorithm>
#include <initializer_list>
#include <string_view>

namespace pw::cli {
namespace {

constexpr std::size_t npos = std::string::npos;
constexpr std::size_t longest_trailing_return = 24;  // tokens

bool is_one_of(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

bool is_open(std::string_view text) { return text == "(" || text == "[" || text == "{"; }
bool is_close(std::string_view text) { return text == ")" || text == "]" || text == "}"; }

// The index behind the bracket that closes the one at `open`, at most `end`.
std::size_t skip_group(const std::vector<Token>& tokens, std::size_t open, std::size_t end) {
  int depth = 0;
  for (std::size_t i = open; i < end; ++i) {
    if (is_open(tokens[i].text)) ++depth;
    if (is_close(tokens[i].text) && --depth == 0) return i + 1;
  }
  return end;
}

std::size_t skip_angles(const std::vector<Token>& tokens, std::size_t open, std::size_t end) {
  int depth = 0;
  for (std::size_t i = open; i < end;) {
    if (is_open(tokens[i].text)) {
      i = skip_group(tokens, i, end);
      continue;
    }
    if (tokens[i].text == "<") ++depth;
    ++i;
    if (tokens[i - 1].text == ">" && --depth == 0) return i;
  }
  return end;
}

// Past what must stay in front of an attribute: template<...>, extern "C", [[...]], macros for linkage.
std::size_t skip_prefix(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  std::size_t at = begin;
  while (at < end) {
    const std::string_view text = tokens[at].text;
    if (text == "template" && at + 1 < end && tokens[at + 1].text == "<") {
      at = skip_angles(tokens, at + 1, end);
    } else if (text == "extern" && at + 1 < end && tokens[at + 1].kind == TokenKind::Literal) {
      at += 2;
    } else if (text == "[" && at + 1 < end && tokens[at + 1].text == "[") {
      at = skip_group(tokens, at, end);
    } else if (is_one_of(text, {"EXTERN_C", "EXTERN_C_START", "EXTERN_C_END", "__BEGIN_DECLS", "__END_DECLS", "__extension__"})) {
      ++at;
    } else {
      break;
    }
  }
  return at;
}

bool follows_parameters(const std::vector<Token>& tokens, std::size_t at, std::size_t end) {
  if (at == end) return true;
  const std::string_view text = tokens[at].text;
  if (text == ":") return at + 1 == end || tokens[at + 1].text != ":";
  return is_one_of(text, {"-", "&", "const", "volatile", "noexcept", "override", "final", "throw", "try", "requires",
                          "__attribute__"});
}

// A class's head: "struct S", "class __declspec(x) S : public B<(1)>", but not "struct S f(int)" or "struct S* f()".
bool is_aggregate_head(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  std::size_t key = npos;
  for (std::size_t i = begin; i < end; ++i) {
    const std::string_view text = tokens[i].text;
    if (text == "(" && key == npos) {
      i = skip_group(tokens, i, end) - 1;
    } else if (is_one_of(text, {"struct", "class", "union"})) {
      if (key == npos) key = i;
    } else if (key != npos) {
      if (text == ":" && (i + 1 == end || tokens[i + 1].text != ":") && tokens[i - 1].text != ":") return true;
      if (text == "*" || text == "&") return false;
      if (text == "(") {
        if (i > key + 2) return false;  // a name stands between the tag and the parenthesis: a function
        i = skip_group(tokens, i, end) - 1;
      }
    }
  }
  return key != npos;
}

// Is the brace at `end` part of a constructor's initialisers, ": a{1}, b{2} {...}"?
bool is_member_initialiser(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  const Token& last = tokens[end - 1];
  if (last.kind != TokenKind::Identifier && last.text != ">") return false;
  for (std::size_t i = begin + 1; i + 1 < end; ++i) {
    if (tokens[i].text == ":" && tokens[i - 1].text == ")" && tokens[i + 1].text != ":") return true;
  }
  return false;
}

bool has_initialiser(const std::vector<Token>& tokens, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) {
    if (is_open(tokens[i].text)) {
      i = skip_group(tokens, i, end) - 1;
    } else if (tokens[i].text == "=") {
      const bool operator_name = i > begin && (tokens[i - 1].text == "operator" || (i > begin + 1 && tokens[i - 2].text == "operator"));
      if (!operator_name) return true;
    }
  }
  return false;
}

BraceHead classify_lambda(const std::vector<Token>& tokens, std::size_t begin, std::size_t brace) {
  BraceHead head;
  std::size_t at = brace;
  for (std::size_t steps = 0; at > begin && steps < longest_trailing_return; ++steps) {
    const Token& token = tokens[at - 1];
    if (token.text == ")" || token.text == "]") break;
    if (token.kind != TokenKind::Identifier && !is_one_of(token.text, {":", "<", ">", "*", "&", "-"})) return head;
    --at;
  }
  if (at == begin || (tokens[at - 1].text != ")" && tokens[at - 1].text != "]")) return head;
  std::size_t introducer = at - 1;  // the closing one of [...]
  const bool parameters = tokens[at - 1].text == ")";
  if (parameters) {
    const std::size_t open = matching_open(tokens, begin, at - 1);
    if (open == npos || open == begin || tokens[open - 1].text != "]") return head;
    introducer = open - 1;
  }
  const std::size_t open = matching_open(tokens, begin, introducer);
  if (open == npos) return head;
  if (open > begin) {
    const Token& before = tokens[open - 1];
    const bool subscript = before.text == ")" || before.text == "]" ||
                           (before.kind == TokenKind::Identifier && !is_one_of(before.text, {"return", "co_return", "co_yield"}));
    if (subscript) return head;
  }
  head.role = BraceRole::Function;
  head.attribute_offset = tokens[at - 1].offset + tokens[at - 1].text.size();
  head.is_lambda = true;
  std::size_t last = at;
  while (last < brace && tokens[last].kind == TokenKind::Identifier) ++last;
  head.second_attribute_offset = tokens[last].offset;
  head.needs_parameter_list = !parameters;
  head.head_begin = brace;
  return head;
}

BraceHead classify_function(const std::vector<Token>& tokens, std::size_t begin, std::size_t brace) {
  BraceHead head;
  const std::size_t start = skip_prefix(tokens, begin, brace);
  // The attribute goes behind the last annotation in parentheses (SAL, __declspec, a macro that stands alone) before the
  // parameter list.
  std::size_t behind_annotation = start;
  for (std::size_t i = start; i < brace; ++i) {
    if (tokens[i].text != "(" && tokens[i].text != "[" && tokens[i].text != "{") continue;
    const std::size_t next = skip_group(tokens, i, brace);
    if (tokens[i].text == "(" && follows_parameters(tokens, next, brace)) {
      head.role = BraceRole::Function;
      head.head_begin = behind_annotation;
      head.attribute_offset = tokens[behind_annotation].offset;
      return head;
    }
    // "void (*f(int a))(int)": what follows is no annotation's end.
    const bool declarator = i > start && next < brace && tokens[next].text == "(";
    if (!declarator && next < brace) behind_annotation = next;
    i = next - 1;
  }
  // A parameter list that the branches of an #if make up between them does not parse.
  if (tokens[brace - 1].text == ")") head = {.role = BraceRole::Function, .attribute_offset = tokens[start].offset, .head_begin = start};
  return head;
}

// "int f(a, b) int a; int b; {": the parameters' declarations have hidden the head.
BraceHead classify_old_style(const std::vector<Token>& tokens, std::size_t brace) {
  BraceHead head;
  std::size_t begin = brace;
  while (begin > 0 && tokens[begin - 1].text != "}" && tokens[begin - 1].text != "{") {
    --begin;
    const bool chunk_begins = begin == 0 || is_one_of(tokens[begin - 1].text, {";", "}", "{"});
    if (!chunk_begins) continue;
    for (std::size_t i = begin; i + 1 < brace && tokens[i].text != ";"; ++i) {
      if (tokens[i].text == "=") break;
      if (tokens[i].text != ")" || tokens[i + 1].kind != TokenKind::Identifier) continue;
      head.role = BraceRole::Function;
      head.head_begin = skip_prefix(tokens, begin, brace);
      head.attribute_offset = tokens[head.head_begin].offset;
      return head;
    }
  }
  return head;
}

}  // namespace

std::size_t matching_open(const std::vector<Token>& tokens, std::size_t begin, std::size_t close) {
  int depth = 0;
  for (std::size_t i = close + 1; i-- > begin;) {
    if (is_close(tokens[i].text)) ++depth;
    if (is_open(tokens[i].text) && --depth == 0) return i;
  }
  return npos;
}

BraceHead classify_brace(const std::vector<Token>& tokens, std::size_t begin, std::size_t brace, bool in_declarations,
                         bool cplusplus) {
  if (cplusplus) {
    const BraceHead lambda = classify_lambda(tokens, begin, brace);
    if (lambda.role == BraceRole::Function) return lambda;
  }
  if (begin == brace) return in_declarations && !cplusplus ? classify_old_style(tokens, brace) : BraceHead{};
  const std::string_view first = tokens[begin].text;
  const bool linkage = first == "extern" && tokens[brace - 1].kind == TokenKind::Literal;
  const bool opens_namespace = first == "namespace" || (first == "inline" && begin + 1 < brace && tokens[begin + 1].text == "namespace");
  const bool linkage_macro = is_one_of(tokens[brace - 1].text, {"EXTERN_C"});
  if (linkage || opens_namespace || linkage_macro) return {.role = BraceRole::Namespace};
  const std::size_t start = skip_prefix(tokens, begin, brace);
  if (is_aggregate_head(tokens, start, brace)) return {.role = BraceRole::Aggregate};
  if (!in_declarations || has_initialiser(tokens, start, brace)) return {};
  if (cplusplus && is_member_initialiser(tokens, start, brace)) return {};
  return classify_function(tokens, begin, brace);
}

}  // namespace pw::cli
