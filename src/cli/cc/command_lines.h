// SPDX-License-Identifier: Apache-2.0
// Builds the compiler's command lines: what source written for Microsoft's compiler needs from gcc and clang.
#pragma once

#include <string>
#include <vector>

#include "cli/cc/cc_options.h"
#include "cli/cc/source_tree.h"
#include "cli/cc/toolchain.h"
#include "cli/installation.h"

namespace pw::cli {

// One source on its way through the compiler.
struct CompileStep {
  std::string source;            // as the user named it
  std::string language;          // for -x
  PreparedSource prepared;
  std::vector<std::string> forced_includes;
  std::string output;            // -o; empty: standard output
  std::string dependency_file;   // -MF; empty: none
  std::string dependency_target; // -MT, unless the user gave one
  enum class Phase { Whole, OnlyPreprocess, AfterPreprocess } phase = Phase::Whole;
};

class CommandLines {
 public:
  CommandLines(const CcOptions& options, const Toolchain& toolchain, const Installation& installation);

  // For the rewriting pass: where the compiler will look, in its order.
  [[nodiscard]] IncludeSearchPath search_path() const;

  [[nodiscard]] std::vector<std::string> compile(const CompileStep& step, const SourceTree& tree) const;

  // objects are the link's inputs in order: objects and archives, -l, -L and -Wl flags.
  [[nodiscard]] std::vector<std::string> link(const std::vector<std::string>& objects, const std::string& version_script,
                                              bool needs_cxx_runtime) const;

  [[nodiscard]] const Toolchain& toolchain() const { return toolchain_; }

  // For the small C source that we add to a link.
  [[nodiscard]] std::vector<std::string> compile_support(const std::string& source, const std::string& object) const;

 private:
  void add_dialect(std::vector<std::string>& line, bool cplusplus) const;
  void add_macros(std::vector<std::string>& line) const;
  void add_includes(std::vector<std::string>& line, const CompileStep& step, const SourceTree& tree) const;
  void add_user_flags(std::vector<std::string>& line, const CompileStep& step) const;
  void add_warnings(std::vector<std::string>& line, bool cplusplus) const;

  const CcOptions& options_;
  const Toolchain& toolchain_;
  std::vector<std::string> includes_;
  const Installation& installation_;
};

}  // namespace pw::cli
