// SPDX-License-Identifier: Apache-2.0
// Walks a source's tokens once and collects the edits that rewrite its structured exceptions.
#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cli/cc/lexical_scanner.h"
#include "cli/cc/seh_function_heads.h"
#include "cli/cc/seh_prepass.h"
#include "cli/cc/seh_words.h"
#include "cli/cc/text_edits.h"

namespace pw::cli {

class SehRewriter {
 public:
  SehRewriter(std::string_view text, std::size_t offset, const SehPrepassOptions& options, TextEdits& edits)
      : text_(text), offset_(offset), options_(options), edits_(edits) {}

  // A whole file, or the body of a macro, which is part of some function.
  void run(bool macro_body);

  [[nodiscard]] bool found() const { return found_; }
  // Some keyword stands without the rest of its construct, or braces do not match.
  [[nodiscard]] bool partial() const { return partial_; }

 private:
  struct FunctionHead {
    BraceHead head;
    std::size_t brace;  // token
  };

  struct SehScope {
    enum class Kind { Declarations, Code, Parenthesis, Filter, TryBody, Handler, Finally };
    Kind kind = Kind::Declarations;
    BraceRole role = BraceRole::Namespace;
    std::size_t begin = 0;                 // first token of the current declaration or statement
    std::size_t try_token = std::string::npos;          // TryBody
    std::vector<FunctionHead> heads;       // a function's: one, or one for each branch of an #if around its head
  };

  // What the next token has to be.
  enum class Expect { Anything, TryBrace, Clause, FilterParenthesis, HandlerBrace, FinallyBrace };

  struct State {
    std::vector<SehScope> scopes;
    Expect expect = Expect::Anything;
    std::size_t try_token = std::string::npos;
  };

  struct Branch {
    State at_if;
    bool disabled = false;             // by 'if 0', and no other branch has begun
    std::optional<State> after_first;  // of the branches that are not disabled
  };

  void take(const Token& token);
  void take_directive(const Token& token);
  void take_definition(std::string_view rest, std::size_t rest_offset);
  void take_identifier(std::size_t index);
  void open_brace(std::size_t index);
  void close_brace(std::size_t index);
  void close_parenthesis(std::size_t index);
  void end_statement(std::size_t next) { scope().begin = next; }

  bool is_keyword_try(std::size_t index, const SehWord& word) const;
  bool is_keyword_leave(std::size_t index, const SehWord& word) const;
  void confirm_try(std::size_t try_token, SehKeyword clause);
  void replace_tries();
  void mark_function();
  void mark_head(const FunctionHead& function);
  bool inside(SehScope::Kind kind) const;

  SehScope& scope() { return state_.scopes.back(); }
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
  bool found_ = false;
  bool partial_ = false;
  std::set<std::size_t> marked_heads_;  // offsets
  // Which clauses each try token has: one, or both kinds in the branches of an #if.
  struct Clauses {
    bool except = false;
    bool finally = false;
  };
  std::map<std::size_t, Clauses> tries_;
};

}  // namespace pw::cli
