// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_rewriter.h"

#include <algorithm>

namespace pw::cli {
namespace {

constexpr std::size_t npos = std::string::npos;

}  // namespace

void SehRewriter::run(bool macro_body) {
  SehScope outermost;
  if (macro_body) outermost.kind = SehScope::Kind::Code;
  state_.scopes.push_back(outermost);

  // The scanner is run ahead, so that a token can look at the next one; directives keep their place in the sequence.
  struct Item {
    Token token;
    std::size_t before;  // how many tokens precede a directive
  };
  std::vector<Item> directives;
  DisabledText disabled;
  LexicalScanner scanner(text_);
  for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next()) {
    if (token.kind == TokenKind::Directive) {
      if (!disabled.skips(split_directive(token.text))) directives.push_back({token, all_.size()});
    } else if (!disabled.here()) {
      all_.push_back(token);
    }
  }
  auto directive = directives.begin();
  for (std::size_t i = 0; i <= all_.size(); ++i) {
    for (; directive != directives.end() && directive->before == i; ++directive) take_directive(directive->token);
    if (i < all_.size()) take(all_[i]);
  }
  replace_tries();
  if (state_.scopes.size() != 1 || state_.expect != Expect::Anything) partial_ = true;
}

void SehRewriter::take(const Token& token) {
  const std::size_t index = tokens_.size();
  tokens_.push_back(token);
  if (token.kind == TokenKind::Identifier) {
    take_identifier(index);
    return;
  }
  if (state_.expect == Expect::Clause) {
    state_.expect = Expect::Anything;
  }
  if (token.text == "{") {
    open_brace(index);
  } else if (token.text == "}") {
    close_brace(index);
  } else if (token.text == "(" || token.text == "[") {
    const bool filter = state_.expect == Expect::FilterParenthesis;
    state_.expect = Expect::Anything;
    SehScope inner;
    inner.kind = filter ? SehScope::Kind::Filter : SehScope::Kind::Parenthesis;
    inner.begin = index + 1;
    inner.try_token = state_.try_token;
    state_.scopes.push_back(std::move(inner));
  } else if (token.text == ")" || token.text == "]") {
    close_parenthesis(index);
  } else if (token.text == ";") {
    end_statement(index + 1);
  } else if (token.text == ":" && index > 0) {
    const std::string_view before = tokens_[index - 1].text;
    if (before == "public" || before == "protected" || before == "private") end_statement(index + 1);
  }
}

bool SehRewriter::inside(SehScope::Kind kind) const {
  for (auto scope = state_.scopes.rbegin(); scope != state_.scopes.rend(); ++scope) {
    if (scope->kind == kind) return true;
    if (scope->role == BraceRole::Function) return false;
  }
  return false;
}

bool SehRewriter::is_keyword_try(std::size_t index, const SehWord& word) const {
  if (next(index).text != "{") return false;
  if (word.reserved || options_.cplusplus) return true;
  // 'struct try {' and the like are no C of a driver's.
  return state_.scopes.back().kind != SehScope::Kind::Declarations && state_.scopes.back().kind != SehScope::Kind::Parenthesis;
}

bool SehRewriter::is_keyword_leave(std::size_t index, const SehWord& word) const {
  if (next(index).text != ";" && !(word.reserved && next(index).text.empty())) return false;
  if (word.reserved) return true;
  if (options_.cplusplus || !inside(SehScope::Kind::TryBody) || index == 0) return false;
  const std::string_view before = tokens_[index - 1].text;
  return before == ";" || before == "{" || before == "}" || before == ")" || before == ":" || before == "else" || before == "do";
}

void SehRewriter::take_identifier(std::size_t index) {
  const Token token = tokens_[index];
  const SehWord word = classify_seh_word(token.text);
  const Expect expect = std::exchange(state_.expect, Expect::Anything);
  if (expect == Expect::Clause && word.keyword == SehKeyword::Except && next(index).text == "(") {
    confirm_try(state_.try_token, SehKeyword::Except);
    replace(token, "_PW_SEH_EXCEPT");
    state_.expect = Expect::FilterParenthesis;
  } else if (expect == Expect::Clause && word.keyword == SehKeyword::Finally && next(index).text == "{") {
    confirm_try(state_.try_token, SehKeyword::Finally);
    replace(token, "_PW_SEH_FINALLY");
    state_.expect = Expect::FinallyBrace;
  } else if (word.keyword == SehKeyword::Try && is_keyword_try(index, word)) {
    state_.expect = Expect::TryBrace;
    state_.try_token = index;
  } else if (word.keyword == SehKeyword::Leave && is_keyword_leave(index, word)) {
    replace(token, "_PW_SEH_LEAVE");
    found_ = true;
  } else if (word.keyword != SehKeyword::None && word.reserved) {
    found_ = partial_ = true;
  } else if (options_.macros.contains(token.text)) {
    mark_function();
  }
}

void SehRewriter::open_brace(std::size_t index) {
  const Expect expect = std::exchange(state_.expect, Expect::Anything);
  SehScope inner;
  inner.kind = SehScope::Kind::Code;
  inner.role = BraceRole::Block;
  switch (expect) {
    case Expect::TryBrace:
      inner.kind = SehScope::Kind::TryBody;
      inner.try_token = state_.try_token;
      break;
    case Expect::HandlerBrace: inner.kind = SehScope::Kind::Handler; break;
    case Expect::FinallyBrace: inner.kind = SehScope::Kind::Finally; break;
    default: {
      const bool in_declarations = scope().kind == SehScope::Kind::Declarations;
      const BraceHead head = classify_brace(tokens_, std::min(scope().begin, index), index, in_declarations, options_.cplusplus);
      inner.role = head.role;
      if (head.role == BraceRole::Namespace || head.role == BraceRole::Aggregate) inner.kind = SehScope::Kind::Declarations;
      if (head.role == BraceRole::Function) inner.heads.push_back({head, index});
      break;
    }
  }
  inner.begin = index + 1;
  state_.scopes.push_back(std::move(inner));
}

void SehRewriter::close_brace(std::size_t index) {
  // A parenthesis left open belongs to a branch that was not closed: find the brace.
  while (state_.scopes.size() > 1 && (scope().kind == SehScope::Kind::Parenthesis || scope().kind == SehScope::Kind::Filter)) {
    state_.scopes.pop_back();
    partial_ = true;
  }
  if (state_.scopes.size() == 1) {
    partial_ = true;
    end_statement(index + 1);
    return;
  }
  const SehScope closed = std::move(state_.scopes.back());
  state_.scopes.pop_back();
  const BraceHead* const head = closed.heads.empty() ? nullptr : &closed.heads.front().head;
  if (head != nullptr && !head->is_lambda && marked_heads_.contains(head->attribute_offset)) {
    insert(end_of(tokens_[index]), " _PW_SEH_BODY_END");
  }
  if (closed.kind == SehScope::Kind::TryBody) {
    state_.expect = Expect::Clause;
    state_.try_token = closed.try_token;
  } else if (closed.kind == SehScope::Kind::Handler) {
    insert(end_of(tokens_[index]), " _PW_SEH_END");
  } else if (closed.kind == SehScope::Kind::Finally) {
    insert(end_of(tokens_[index]), " _PW_SEH_FINALLY_END");
  }
  const bool ends_declaration = closed.role == BraceRole::Function || closed.role == BraceRole::Namespace;
  if (scope().kind != SehScope::Kind::Declarations || ends_declaration) end_statement(index + 1);
}

void SehRewriter::close_parenthesis(std::size_t index) {
  const SehScope::Kind kind = scope().kind;
  if (kind != SehScope::Kind::Parenthesis && kind != SehScope::Kind::Filter) {
    partial_ = true;
    return;
  }
  state_.scopes.pop_back();
  if (kind != SehScope::Kind::Filter) return;
  insert(end_of(tokens_[index]), " _PW_SEH_HANDLER");
  state_.expect = Expect::HandlerBrace;
  if (next(index).text != "{") partial_ = true;
}

void SehRewriter::confirm_try(std::size_t try_token, SehKeyword clause) {
  found_ = true;
  Clauses& clauses = tries_[try_token];
  (clause == SehKeyword::Except ? clauses.except : clauses.finally) = true;
  mark_function();
}

void SehRewriter::replace_tries() {
  for (const auto& [token, clauses] : tries_) {
    replace(tokens_[token], clauses.finally ? "_PW_SEH_TRY" : "_PW_SEH_TRY_EXCEPT");
  }
}

void SehRewriter::mark_function() {
  for (auto scope = state_.scopes.rbegin(); scope != state_.scopes.rend(); ++scope) {
    if (scope->role != BraceRole::Function) continue;
    for (const FunctionHead& function : scope->heads) mark_head(function);
    return;
  }
}

void SehRewriter::mark_head(const FunctionHead& function) {
  const BraceHead& head = function.head;
  if (head.attribute_offset == npos || !marked_heads_.insert(head.attribute_offset).second) return;
  if (head.is_lambda) {
    insert(head.attribute_offset, head.needs_parameter_list ? "() _PW_SEH_LAMBDA_FIRST" : " _PW_SEH_LAMBDA_FIRST");
    insert(head.second_attribute_offset, "_PW_SEH_LAMBDA_LAST ");
    // A lambda is part of an expression, behind which no pragma can stand.
    insert(end_of(tokens_[function.brace]), " _PW_SEH_MARK");
    return;
  }
  insert(head.attribute_offset, "_PW_SEH_FUNCTION ");
  insert(end_of(tokens_[function.brace]), " _PW_SEH_BODY");
  bool has_storage = false;
  for (std::size_t i = head.head_begin; i < tokens_.size() && tokens_[i].text != "("; ++i) {
    const std::string_view text = tokens_[i].text;
    if (text == "static" || text == "extern") has_storage = true;
    if (text == "__forceinline" || text == "_forceinline" || text == "FORCEINLINE" || text == "CFORCEINLINE") {
      replace(tokens_[i], has_storage ? "inline" : "_PW_SEH_INLINE");
    }
  }
}

void SehRewriter::take_directive(const Token& token) {
  const DirectiveParts parts = split_directive(token.text);
  const std::string_view name = parts.name;
  const bool opens = name == "if" || name == "ifdef" || name == "ifndef";
  if (opens) {
    branches_.push_back({state_, DisabledText::is_if_zero(parts), std::nullopt});
  } else if ((name == "else" || name == "elif") && !branches_.empty()) {
    // Every branch starts from the same place; the first says where they all end.
    Branch& branch = branches_.back();
    if (!branch.disabled && !branch.after_first) branch.after_first = std::move(state_);
    branch.disabled = false;
    state_ = branch.at_if;
    end_statement(tokens_.size());  // what the other branch says is no part of this one
  } else if (name == "endif" && !branches_.empty()) {
    Branch branch = std::move(branches_.back());
    branches_.pop_back();
    if (!branch.after_first) return;
    const State last = std::exchange(state_, std::move(*branch.after_first));
    for (std::size_t i = 0; i < std::min(last.scopes.size(), state_.scopes.size()); ++i) {
      auto& heads = state_.scopes[i].heads;
      heads.insert(heads.end(), last.scopes[i].heads.begin(), last.scopes[i].heads.end());
    }
  } else if (name == "define") {
    take_definition(parts.rest, token.offset + static_cast<std::size_t>(parts.rest.data() - token.text.data()));
  }
}

void SehRewriter::take_definition(std::string_view rest, std::size_t rest_offset) {
  const auto [name, body] = split_definition(rest);
  if (!may_have_seh_words(rest.substr(body))) return;
  TextEdits trial;
  SehRewriter inner(rest.substr(body), offset_ + rest_offset + body, options_, trial);
  inner.run(true);
  if (!inner.found() && !inner.partial()) return;
  if (inner.partial()) return;
  found_ = true;
  SehRewriter(rest.substr(body), offset_ + rest_offset + body, options_, edits_).run(true);
}

}  // namespace pw::cli
