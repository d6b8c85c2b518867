// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_prepass.h"

#include <algorithm>
#include <cstddef>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "cli/cc/lexical_scanner.h"
#include "cli/cc/seh_function_heads.h"
#include "cli/cc/text_edits.h"

namespace pw::cli {
namespace {

constexpr std::size_t npos = std::string::npos;

enum class Keyword { None, Try, Except, Finally, Leave };

// How sure a word is: plain 'try' in C, say, may be an identifier; in C++ it begins a try block of the language's own.
struct Word {
  Keyword keyword = Keyword::None;
  bool reserved = false;
};

Word classify_word(std::string_view text) {
  if (text.empty()) return {};
  const std::size_t letters = std::min(text.find_first_not_of('_'), text.size());
  if (letters > 2) return {};
  const std::string_view stem = text.substr(letters);
  const bool reserved = letters > 0;
  if (stem == "try") return {Keyword::Try, reserved};
  if (stem == "except") return {Keyword::Except, reserved};
  if (stem == "finally") return {Keyword::Finally, reserved};
  if (stem == "leave") return {Keyword::Leave, reserved};
  return {};
}

// Cheap and never wrong in saying no: does any keyword that begins a construct occur at all?
bool may_have_keywords(std::string_view source) {
  constexpr std::string_view stems[] = {"try", "except", "finally", "leave"};
  for (const std::string_view stem : stems) {
    for (std::size_t at = source.find(stem); at != npos; at = source.find(stem, at + 1)) {
      std::size_t begin = at;
      while (begin > 0 && source[begin - 1] == '_') --begin;
      const std::size_t end = at + stem.size();
      const bool whole = (begin == 0 || !is_identifier_character(source[begin - 1])) &&
                         (end == source.size() || !is_identifier_character(source[end]));
      if (whole) return true;
    }
  }
  return false;
}

struct Scope {
  enum class Kind { Declarations, Code, Parenthesis, Filter, TryBody, Handler, Finally };
  Kind kind = Kind::Declarations;
  BraceRole role = BraceRole::Namespace;
  std::size_t open = 0;                  // its bracket
  std::size_t begin = 0;                 // first token of the current declaration or statement
  std::size_t try_token = npos;          // TryBody
  std::vector<BraceHead> heads;          // a function's: one, or one for each branch of an #if around its head
};

// What the next token has to be.
enum class Expect { Anything, TryBrace, Clause, FilterParenthesis, HandlerBrace, FinallyBrace };

struct State {
  std::vector<Scope> scopes;
  Expect expect = Expect::Anything;
  std::size_t try_token = npos;
};

struct Branch {
  State at_if;
  std::optional<State> after_first;
};

class Rewriter {
 public:
  Rewriter(std::string_view text, std::size_t offset, const SehPrepassOptions& options, TextEdits& edits)
      : text_(text), offset_(offset), options_(options), edits_(edits) {}

  // A whole file, or the body of a macro, which is part of some function.
  void run(bool macro_body);

  [[nodiscard]] bool found() const { return found_; }
  // Some keyword stands without the rest of its construct, or braces do not match.
  [[nodiscard]] bool partial() const { return partial_; }

 private:
  void take(const Token& token);
  void take_directive(const Token& token);
  void take_definition(std::string_view rest, std::size_t rest_offset);
  void take_identifier(std::size_t index);
  void open_brace(std::size_t index);
  void close_brace(std::size_t index);
  void close_parenthesis(std::size_t index);
  void end_statement(std::size_t next) { scope().begin = next; }

  bool is_keyword_try(std::size_t index, const Word& word) const;
  bool is_keyword_leave(std::size_t index, const Word& word) const;
  void confirm_try(std::size_t try_token, Keyword clause);
  void replace_tries();
  void mark_function();
  void mark_head(const BraceHead& head);
  bool inside(Scope::Kind kind) const;

  Scope& scope() { return state_.scopes.back(); }
  const Token& next(std::size_t index) const { return index + 1 < all_.size() ? all_[index + 1] : end_; }
  void replace(const Token& token, std::string text) { edits_.replace(offset_ + token.offset, token.text.size(), std::move(text)); }
  void insert(std::size_t at, std::string text) { edits_.replace(offset_ + at, 0, std::move(text)); }
  static std::size_t end_of(const Token& token) { return token.offset + token.text.size(); }

  std::string_view text_;
  std::size_t offset_;
  const SehPrepassOptions& options_;
  TextEdits& edits_;

  std::vector<Token> all_;     // without directives; tokens_ is what was taken of it
  std::vector<Token> tokens_;
  Token end_;
  State state_;
  std::vector<Branch> branches_;
  int disabled_depth_ = 0;     // in the text of '#if 0'
  bool found_ = false;
  bool partial_ = false;
  std::set<std::size_t> marked_heads_;  // offsets
  std::set<std::size_t> marked_bodies_; // by the offset of the first head
  // Which clauses each try token has: one, or both kinds in the branches of an #if.
  struct Clauses {
    bool except = false;
    bool finally = false;
  };
  std::map<std::size_t, Clauses> tries_;
};

void Rewriter::run(bool macro_body) {
  Scope outermost;
  if (macro_body) outermost.kind = Scope::Kind::Code;
  state_.scopes.push_back(outermost);

  // The scanner is run ahead, so that a token can look at the next one; directives keep their place in the sequence.
  struct Item {
    Token token;
    std::size_t before;  // how many tokens precede a directive
  };
  std::vector<Item> directives;
  LexicalScanner scanner(text_);
  for (Token token = scanner.next(); token.kind != TokenKind::End; token = scanner.next()) {
    if (token.kind == TokenKind::Directive) {
      directives.push_back({token, all_.size()});
    } else {
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

void Rewriter::take(const Token& token) {
  const std::size_t index = tokens_.size();
  tokens_.push_back(token);
  if (disabled_depth_ > 0) {
    tokens_.back().text = {};  // keeps the numbering, means nothing
    tokens_.back().kind = TokenKind::Punctuator;
    return;
  }
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
    Scope inner;
    inner.kind = filter ? Scope::Kind::Filter : Scope::Kind::Parenthesis;
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

bool Rewriter::inside(Scope::Kind kind) const {
  for (auto scope = state_.scopes.rbegin(); scope != state_.scopes.rend(); ++scope) {
    if (scope->kind == kind) return true;
    if (scope->role == BraceRole::Function) return false;
  }
  return false;
}

bool Rewriter::is_keyword_try(std::size_t index, const Word& word) const {
  if (next(index).text != "{") return false;
  if (word.reserved || options_.cplusplus) return true;
  // 'struct try {' and the like are no C of a driver's.
  return state_.scopes.back().kind != Scope::Kind::Declarations && state_.scopes.back().kind != Scope::Kind::Parenthesis;
}

bool Rewriter::is_keyword_leave(std::size_t index, const Word& word) const {
  if (next(index).text != ";" && !(word.reserved && next(index).text.empty())) return false;
  if (word.reserved) return true;
  if (options_.cplusplus || !inside(Scope::Kind::TryBody) || index == 0) return false;
  const std::string_view before = tokens_[index - 1].text;
  return before == ";" || before == "{" || before == "}" || before == ")" || before == ":" || before == "else" || before == "do";
}

void Rewriter::take_identifier(std::size_t index) {
  const Token token = tokens_[index];
  const Word word = classify_word(token.text);
  const Expect expect = std::exchange(state_.expect, Expect::Anything);
  if (expect == Expect::Clause && word.keyword == Keyword::Except && next(index).text == "(") {
    confirm_try(state_.try_token, Keyword::Except);
    replace(token, "_PW_SEH_EXCEPT");
    state_.expect = Expect::FilterParenthesis;
  } else if (expect == Expect::Clause && word.keyword == Keyword::Finally && next(index).text == "{") {
    confirm_try(state_.try_token, Keyword::Finally);
    replace(token, "_PW_SEH_FINALLY");
    state_.expect = Expect::FinallyBrace;
  } else if (word.keyword == Keyword::Try && is_keyword_try(index, word)) {
    state_.expect = Expect::TryBrace;
    state_.try_token = index;
  } else if (word.keyword == Keyword::Leave && is_keyword_leave(index, word)) {
    replace(token, "_PW_SEH_LEAVE");
    found_ = true;
  } else if (word.keyword != Keyword::None && word.reserved) {
    found_ = partial_ = true;
  } else if (options_.macros.contains(token.text)) {
    mark_function();
  }
}

void Rewriter::open_brace(std::size_t index) {
  const Expect expect = std::exchange(state_.expect, Expect::Anything);
  Scope inner;
  inner.kind = Scope::Kind::Code;
  inner.role = BraceRole::Block;
  switch (expect) {
    case Expect::TryBrace:
      inner.kind = Scope::Kind::TryBody;
      inner.try_token = state_.try_token;
      break;
    case Expect::HandlerBrace: inner.kind = Scope::Kind::Handler; break;
    case Expect::FinallyBrace: inner.kind = Scope::Kind::Finally; break;
    default: {
      const bool in_declarations = scope().kind == Scope::Kind::Declarations;
      const BraceHead head = classify_brace(tokens_, std::min(scope().begin, index), index, in_declarations, options_.cplusplus);
      inner.role = head.role;
      if (head.role == BraceRole::Namespace || head.role == BraceRole::Aggregate) inner.kind = Scope::Kind::Declarations;
      if (head.role == BraceRole::Function) inner.heads.push_back(head);
      break;
    }
  }
  inner.open = index;
  inner.begin = index + 1;
  state_.scopes.push_back(std::move(inner));
}

void Rewriter::close_brace(std::size_t index) {
  // A parenthesis left open belongs to a branch that was not closed: find the brace.
  while (state_.scopes.size() > 1 && (scope().kind == Scope::Kind::Parenthesis || scope().kind == Scope::Kind::Filter)) {
    state_.scopes.pop_back();
    partial_ = true;
  }
  if (state_.scopes.size() == 1) {
    partial_ = true;
    end_statement(index + 1);
    return;
  }
  const Scope closed = std::move(state_.scopes.back());
  state_.scopes.pop_back();
  if (!closed.heads.empty() && marked_bodies_.contains(closed.heads.front().attribute_offset)) {
    insert(end_of(tokens_[index]), " _PW_SEH_BODY_END");
  }
  if (closed.kind == Scope::Kind::TryBody) {
    state_.expect = Expect::Clause;
    state_.try_token = closed.try_token;
  } else if (closed.kind == Scope::Kind::Handler) {
    insert(end_of(tokens_[index]), " _PW_SEH_END");
  } else if (closed.kind == Scope::Kind::Finally) {
    insert(end_of(tokens_[index]), " _PW_SEH_FINALLY_END");
  }
  const bool ends_declaration = closed.role == BraceRole::Function || closed.role == BraceRole::Namespace;
  if (scope().kind != Scope::Kind::Declarations || ends_declaration) end_statement(index + 1);
}

void Rewriter::close_parenthesis(std::size_t index) {
  const Scope::Kind kind = scope().kind;
  if (kind != Scope::Kind::Parenthesis && kind != Scope::Kind::Filter) {
    partial_ = true;
    return;
  }
  state_.scopes.pop_back();
  if (kind != Scope::Kind::Filter) return;
  insert(end_of(tokens_[index]), " _PW_SEH_HANDLER");
  state_.expect = Expect::HandlerBrace;
  if (next(index).text != "{") partial_ = true;
}

void Rewriter::confirm_try(std::size_t try_token, Keyword clause) {
  found_ = true;
  Clauses& clauses = tries_[try_token];
  (clause == Keyword::Except ? clauses.except : clauses.finally) = true;
  mark_function();
}

void Rewriter::replace_tries() {
  for (const auto& [token, clauses] : tries_) {
    replace(tokens_[token], clauses.finally ? "_PW_SEH_TRY" : "_PW_SEH_TRY_EXCEPT");
  }
}

void Rewriter::mark_function() {
  for (auto scope = state_.scopes.rbegin(); scope != state_.scopes.rend(); ++scope) {
    if (scope->role != BraceRole::Function) continue;
    if (scope->heads.empty()) return;
    for (const BraceHead& head : scope->heads) mark_head(head);
    // One body for all its heads. A lambda is part of an expression, where no pragma can stand.
    const BraceHead& first = scope->heads.front();
    if (!first.is_lambda && marked_bodies_.insert(first.attribute_offset).second) {
      insert(end_of(tokens_[scope->open]), " _PW_SEH_BODY");
    }
    return;
  }
}

void Rewriter::mark_head(const BraceHead& head) {
  if (head.attribute_offset == npos || !marked_heads_.insert(head.attribute_offset).second) return;
  if (head.is_lambda) {
    insert(head.attribute_offset, head.needs_parameter_list ? "() _PW_SEH_LAMBDA_FIRST" : " _PW_SEH_LAMBDA_FIRST");
    insert(head.second_attribute_offset, " _PW_SEH_LAMBDA_LAST ");
    return;
  }
  insert(head.attribute_offset, "_PW_SEH_FUNCTION ");
  bool has_storage = false;
  for (std::size_t i = head.head_begin; i < tokens_.size() && tokens_[i].text != "("; ++i) {
    const std::string_view text = tokens_[i].text;
    if (text == "static" || text == "extern") has_storage = true;
    if (text == "__forceinline" || text == "_forceinline" || text == "FORCEINLINE" || text == "CFORCEINLINE") {
      replace(tokens_[i], has_storage ? "inline" : "_PW_SEH_INLINE");
    }
  }
}

void Rewriter::take_directive(const Token& token) {
  const DirectiveParts parts = split_directive(token.text);
  const std::string_view name = parts.name;
  const bool opens = name == "if" || name == "ifdef" || name == "ifndef";
  if (disabled_depth_ > 0) {
    if (opens) {
      ++disabled_depth_;
    } else if (name == "endif") {
      --disabled_depth_;
    } else if ((name == "else" || name == "elif") && disabled_depth_ == 1) {
      disabled_depth_ = 0;
      branches_.push_back({state_, std::nullopt});
    }
    return;
  }
  if (opens) {
    if (name == "if" && parts.rest.starts_with('0') && (parts.rest.size() == 1 || !is_identifier_character(parts.rest[1]))) {
      disabled_depth_ = 1;
    } else {
      branches_.push_back({state_, std::nullopt});
    }
  } else if ((name == "else" || name == "elif") && !branches_.empty()) {
    // Every branch starts from the same place; the first says where they all end.
    Branch& branch = branches_.back();
    if (!branch.after_first) branch.after_first = std::move(state_);
    state_ = branch.at_if;
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

// The name, and where the body begins, in what follows "#define".
std::pair<std::string_view, std::size_t> split_definition(std::string_view rest) {
  std::size_t at = 0;
  while (at < rest.size() && is_identifier_character(rest[at])) ++at;
  const std::string_view name = rest.substr(0, at);
  if (at < rest.size() && rest[at] == '(') at = std::min(rest.find(')', at), rest.size() - 1) + 1;
  return {name, at};
}

void Rewriter::take_definition(std::string_view rest, std::size_t rest_offset) {
  const auto [name, body] = split_definition(rest);
  if (!may_have_keywords(rest.substr(body))) return;
  TextEdits trial;
  Rewriter inner(rest.substr(body), offset_ + rest_offset + body, options_, trial);
  inner.run(true);
  if (!inner.found() && !inner.partial()) return;
  if (inner.partial()) return;
  found_ = true;
  Rewriter(rest.substr(body), offset_ + rest_offset + body, options_, edits_).run(true);
}

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
    const Word word = classify_word(token.text);
    if (word.keyword != Keyword::None && (word.reserved || (!options.cplusplus && word.keyword == Keyword::Try && following.text == "{"))) return true;
    if (names.contains(token.text)) return true;
    token = following;
  }
  return false;
}

}  // namespace

std::set<std::string, std::less<>> find_seh_macros(std::string_view source, const SehPrepassOptions& options) {
  std::set<std::string, std::less<>> names = options.macros;
  const std::size_t before = names.size();
  if (before == 0 && !may_have_keywords(source)) return {};
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
  if (!may_have_keywords(source)) return false;
  for (const Definition& definition : find_definitions(source)) {
    if (!mentions(definition.body, options, {})) continue;
    TextEdits edits;
    Rewriter rewriter(definition.body, 0, options, edits);
    rewriter.run(true);
    if (rewriter.partial()) return true;
  }
  return false;
}

std::string rewrite_seh(std::string_view source, const SehPrepassOptions& options) {
  if (options.macros.empty() && !may_have_keywords(source)) return std::string(source);
  SehPrepassOptions all = options;
  all.macros.merge(find_seh_macros(source, options));
  TextEdits edits;
  Rewriter(source, 0, all, edits).run(false);
  return edits.apply(source);
}

}  // namespace pw::cli
