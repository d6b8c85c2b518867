// SPDX-License-Identifier: Apache-2.0
// The command line of 'partywall cc', taken apart: what is ours, what shapes a search, and what is passed on.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

namespace pw::cli {

enum class ProgramKind { Unknown, Driver, Application };
enum class CcAction { Link, Compile, Assemble, Preprocess, Dependencies };

struct CcInput {
  enum class Kind { Source, LinkItem };  // a LinkItem is an object, an archive, -l, -L, -Wl,... : order counts
  Kind kind = Kind::LinkItem;
  std::string text;
  std::string language;  // of a Source: c, c++, or what -x said
};

struct DependencyOptions {
  bool wanted = false;      // -MD or -MMD
  bool has_target = false;  // -MT or -MQ
  std::string file;         // -MF
};

struct CcOptions {
  ProgramKind kind = ProgramKind::Unknown;
  CcAction action = CcAction::Link;
  bool cplusplus = false;  // called as a C++ compiler: inputs without telling extension link as C++
  std::string compiler;    // --cc; empty: environment or default
  std::string output;
  std::vector<CcInput> inputs;
  std::vector<std::string> compile_flags;  // in order, also those that the link gets
  std::vector<std::string> link_flags;     // flags that matter to both steps
  std::vector<std::string> quote_directories;
  std::vector<std::string> user_directories;
  std::vector<std::string> system_directories;
  std::vector<std::string> forced_includes;
  std::set<std::string> macros;  // names that the user defines or undefines
  DependencyOptions dependencies;
  std::vector<std::string> ignored;  // Windows' import libraries, resource scripts ...: accepted, without effect
  unsigned jobs = 0;                 // 0: as many as processors
  bool has_standard = false;
  bool has_debug_level = false;
  bool has_sanitizer = false;
  bool has_optimisation = false;
  bool verbose = false;
  bool json = false;
  bool lp64 = false;  // `long` keeps 64 bits in the user's text
  bool help = false;

  [[nodiscard]] bool has_flag(const std::string& flag) const;
  // No input at all: a question such as --version or -dumpmachine, for the compiler itself.
  [[nodiscard]] bool is_query() const { return inputs.empty(); }
};

// Throws CliError for a flag without its argument, an unknown language, or a response file that cannot be read.
[[nodiscard]] CcOptions parse_cc_options(const std::vector<std::string>& arguments, ProgramKind kind, bool cplusplus);

// Splits a response file's text: white space separates, quotes group, a backslash escapes.
[[nodiscard]] std::vector<std::string> split_response_file(const std::string& text);

}  // namespace pw::cli
