// SPDX-License-Identifier: Apache-2.0
// Makes sources that were written for Microsoft's compiler readable for gcc and clang without touching them.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "cli/cc/function_heads.h"
#include "cli/cc/include_resolver.h"
#include "cli/cc/seh_step.h"
#include "cli/cc/text_edits.h"

namespace pw::cli {

struct PreparedSource {
  std::string path;                        // what the compiler is given
  bool rewritten = false;                  // path is a copy
  std::vector<std::string> entry_renames;  // name=value macros for the entry points
  // The source's macros hold parts of structured exceptions: preprocess, rewrite the result, compile that.
  bool rewrite_preprocessed = false;
};

// Follows the user's own #includes from a source. If any file on the way needs a change (wrong case, backslashes, UTF-16,
// structured exceptions, an unusual main ...), the source and all user headers it reaches are copied, changed, into a
// temporary tree that mirrors their absolute paths; each copy begins with a #line naming the user's file, and no edit adds
// or drops a line, so diagnostics, __FILE__ and debug information speak of the user's files. Otherwise the compiler reads
// the user's files themselves.
class SourceTree {
 public:
  // Copies go below temporary_root, which exists.
  // `long_has_32_bits`: in the user's own files, see long_words.h.
  SourceTree(IncludeSearchPath search, std::string temporary_root, bool long_has_32_bits);

  // Throws CliError if the source cannot be read.
  [[nodiscard]] PreparedSource prepare(const std::string& source, SourceLanguage language);

  // The same for a header that the command line includes by force; the name itself if it is not the user's own file.
  [[nodiscard]] std::string prepare_forced_include(const std::string& name, SourceLanguage language);

  // Puts the user's own paths in place of the copies', in a compiler's output or a dependency file.
  [[nodiscard]] std::string restore_paths(std::string_view text) const;

  // For -ffile-prefix-map: what to cut from the front of a copy's path to get the user's.
  [[nodiscard]] std::string copy_root(SourceLanguage language) const;

 private:
  struct File;
  struct UserInclude {
    IncludeDirective directive;
    File* file = nullptr;
  };
  struct File {
    std::string display;  // the path as the user and the compiler would name it
    std::string absolute;
    HeaderOwner owner = HeaderOwner::User;
    SourceLanguage language = SourceLanguage::C;
    std::string text;
    TextEdits edits;
    std::vector<UserInclude> includes;
    CFunctionHeads functions;
    FunctionHeadFindings entry;
    bool needs_copy = false;
    bool copied = false;
    std::string copy_path;
  };

  File* scan(const std::string& display, HeaderOwner owner, SourceLanguage language, bool is_source);
  void scan_includes(File& file);
  static void collect(File* file, std::vector<File*>& reached);
  void write_copy(File& file, const std::set<std::string>& plain_declarations, const SehMacros& macros);
  [[nodiscard]] PreparedSource finish(File& root);

  IncludeResolver resolver_;
  std::string temporary_root_;
  bool long_has_32_bits_;
  std::map<std::string, std::unique_ptr<File>> files_;  // by language and absolute path
};

}  // namespace pw::cli
