// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/command_lines.h"

#include <filesystem>
#include <string_view>
#include <utility>

namespace pw::cli {
namespace {

void append(std::vector<std::string>& line, std::initializer_list<std::string_view> words) {
  for (const std::string_view word : words) line.emplace_back(word);
}

void append(std::vector<std::string>& line, const std::vector<std::string>& words) {
  line.insert(line.end(), words.begin(), words.end());
}

}  // namespace

CommandLines::CommandLines(const CcOptions& options, const Toolchain& toolchain, const Installation& installation)
    : options_(options),
      toolchain_(toolchain),
      includes_(options.kind == ProgramKind::Driver ? installation.driver_includes()
                                                    : installation.application_includes()),
      installation_(installation) {}

IncludeSearchPath CommandLines::search_path() const {
  IncludeSearchPath search;
  search.quote = options_.quote_directories;
  search.user = options_.user_directories;
  search.user_system = options_.system_directories;
  search.partywall = includes_;
  search.system = {"/usr/local/include", "/usr/include/x86_64-linux-gnu", "/usr/include"};
  return search;
}

void CommandLines::add_dialect(std::vector<std::string>& line, bool cplusplus) const {
  const bool driver = options_.kind == ProgramKind::Driver;
  const bool gcc = toolchain_.family == CompilerFamily::Gcc;
  // WCHAR and L"" have 16 bits; anonymous struct members; what Microsoft's optimiser never assumes.
  append(line, {"-fshort-wchar", "-fms-extensions", "-fno-strict-aliasing", "-fwrapv", "-fno-delete-null-pointer-checks"});
  // Line tables let link errors and bug-check reports name lines; -g0 turns them off.
  if (!options_.has_debug_level) line.emplace_back("-g1");
  if (!options_.has_standard) line.emplace_back(cplusplus ? "-std=gnu++17" : "-std=gnu17");
  if (!cplusplus) line.emplace_back("-fcommon");  // a variable "defined" in a header and used by two sources is one
  if (driver) {
    // A driver is a shared object of its own. The version script of its link hides everything but DriverEntry;
    // -fvisibility=hidden would hide DriverEntry, too, which no header declares.
    append(line, {"-fPIC", "-fno-semantic-interposition"});
    if (gcc) line.emplace_back("-fno-gnu-unique");
    if (cplusplus) {
      // As under Microsoft's /kernel: no exceptions, no RTTI, operators new and delete are the driver's own.
      append(line, {"-fno-exceptions", "-fno-rtti", "-fno-threadsafe-statics", "-fsized-deallocation", "-faligned-new"});
    }
  }
}

void CommandLines::add_macros(std::vector<std::string>& line) const {
  using Macro = std::pair<std::string_view, std::string_view>;
  // What Microsoft's compiler predefines for x64. Not _MSC_VER: it promises intrinsics and library internals which the
  // headers of gcc, clang and libstdc++ would then look for.
  std::vector<Macro> macros = {{"_WIN32", "1"}, {"_WIN64", "1"}, {"_M_X64", "100"}, {"_M_AMD64", "100"}};
  if (options_.lp64) macros.emplace_back("PW_LP64", "1");  // <limits.h>
  if (options_.kind == ProgramKind::Driver) {
    // What the WDK's project files define, for Windows 10 (2004).
    const std::vector<Macro> driver = {{"_AMD64_", ""},
                                       {"AMD64", ""},
                                       {"_KERNEL_MODE", "1"},
                                       {"WINNT", "1"},
                                       {"_WIN32_WINNT", "0x0A00"},
                                       {"WINVER", "0x0A00"},
                                       {"NTDDI_VERSION", "0x0A000008"}};
    macros.insert(macros.end(), driver.begin(), driver.end());
    if (!options_.macros.contains("NDEBUG")) macros.emplace_back("DBG", "1");
  } else {
    macros.emplace_back("WIN32", "1");
  }
  for (const auto& [name, value] : macros) {
    if (options_.macros.contains(std::string(name))) continue;
    line.push_back("-D" + std::string(name) + (value.empty() ? "" : "=" + std::string(value)));
  }
}

void CommandLines::add_warnings(std::vector<std::string>& line, bool cplusplus) const {
  // #pragma warning, alloc_text, comment ...; 'Tag1'; #endif NAME; attributes of calling conventions.
  append(line, {"-Wno-unknown-pragmas", "-Wno-multichar", "-Wno-endif-labels", "-Wno-ignored-attributes"});
  if (cplusplus) line.emplace_back("-Wno-write-strings");
  if (toolchain_.family == CompilerFamily::Clang) {
    append(line, {"-Qunused-arguments", "-Wno-unknown-warning-option", "-Wno-extra-tokens", "-Wno-ignored-pragma-intrinsic",
                  "-Wno-microsoft", "-Wno-pragma-pack", "-Wno-nonportable-include-path"});
    if (!cplusplus) line.emplace_back("-Wno-error=implicit-function-declaration");
  } else {
    if (!cplusplus) line.emplace_back("-Wno-error=implicit-function-declaration");
  }
}

void CommandLines::add_includes(std::vector<std::string>& line, const CompileStep& step, const SourceTree& tree) const {
  for (const std::string& directory : includes_) append(line, {"-isystem", directory});
  if (!step.prepared.rewritten) return;
  // For includes that the rewriting cannot see, such as #include MACRO.
  const std::string folder = std::filesystem::path(step.source).parent_path().string();
  append(line, {"-iquote", folder.empty() ? "." : folder});
  const SourceLanguage language = step.language == "c++" ? SourceLanguage::Cxx : SourceLanguage::C;
  line.push_back("-ffile-prefix-map=" + tree.copy_root(language) + "=");
}

void CommandLines::add_user_flags(std::vector<std::string>& line, const CompileStep& step) const {
  if (step.phase == CompileStep::Phase::AfterPreprocess) {
    // Macros, dependencies and forced includes have had their effect; -I has none any more.
    for (std::size_t at = 0; at < options_.compile_flags.size(); ++at) {
      const std::string& flag = options_.compile_flags[at];
      if (flag == "-MT" || flag == "-MQ" || flag == "-MJ" || flag == "-imacros") {
        ++at;
      } else if (!flag.starts_with("-D") && !flag.starts_with("-U") && !flag.starts_with("-M")) {
        line.push_back(flag);
      }
    }
    append(line, {"-include", "pw_seh_macros.h"});
    return;
  }
  append(line, options_.compile_flags);
  for (const std::string& header : step.forced_includes) append(line, {"-include", header});
  if (!step.dependency_file.empty()) {
    append(line, {"-MF", step.dependency_file});
    if (!options_.dependencies.has_target) append(line, {"-MT", step.dependency_target});
  }
}

std::vector<std::string> CommandLines::compile(const CompileStep& step, const SourceTree& tree) const {
  const bool cplusplus = step.language == "c++";
  std::vector<std::string> line = {toolchain_.program};
  if (step.language == "c" || cplusplus) {
    add_dialect(line, cplusplus);
    add_warnings(line, cplusplus);
    if (step.phase != CompileStep::Phase::AfterPreprocess) {
      add_macros(line);
      for (const std::string& rename : step.prepared.entry_renames) line.push_back("-D" + rename);
    }
    add_includes(line, step, tree);
  } else if (options_.kind == ProgramKind::Driver) {
    line.emplace_back("-fPIC");
  }
  add_user_flags(line, step);
  if (step.phase == CompileStep::Phase::OnlyPreprocess || options_.action == CcAction::Preprocess) {
    line.emplace_back("-E");
  } else if (options_.action == CcAction::Assemble) {
    line.emplace_back("-S");
  } else if (options_.action != CcAction::Dependencies) {
    line.emplace_back("-c");
  }
  if (!step.output.empty()) append(line, {"-o", step.output});
  append(line, {"-x", step.language, step.prepared.path});
  return line;
}

std::vector<std::string> CommandLines::link(const std::vector<std::string>& objects, const std::string& version_script,
                                            bool needs_cxx_runtime) const {
  std::vector<std::string> line = {toolchain_.program};
  if (toolchain_.family == CompilerFamily::Clang) line.emplace_back("-Qunused-arguments");
  append(line, options_.link_flags);
  if (options_.kind == ProgramKind::Driver) {
    append(line, {"-shared", "-Wl,-Bsymbolic", "-Wl,--version-script=" + version_script});
    // clang leaves a shared object's calls into a sanitizer's run time open; the host's program resolves them.
    const bool open_calls = options_.has_sanitizer && toolchain_.family == CompilerFamily::Clang;
    if (!open_calls) line.emplace_back("-Wl,-z,defs");
    append(line, objects);
    append(line, {installation_.library("partywall-kernel"), installation_.library("partywall-rt")});
  } else {
    // Before everything else: our C run time must be found before libc's, and stay even if nothing refers to it by name.
    append(line, {"-Wl,--push-state,--no-as-needed", installation_.library("partywall-win32"),
                  installation_.library("partywall-rt"), "-Wl,--pop-state",
                  "-Wl,-rpath," + installation_.library_directory});
    append(line, objects);
    if (needs_cxx_runtime) line.emplace_back("-lstdc++");
    append(line, {"-lm"});
  }
  append(line, {"-o", options_.output});
  return line;
}

std::vector<std::string> CommandLines::compile_support(const std::string& source, const std::string& object) const {
  std::vector<std::string> line = {toolchain_.program};
  append(line, options_.link_flags);
  append(line, {"-w", "-O1", "-fno-builtin", "-fno-sanitize=all", "-fPIC", "-x", "c", "-c", source, "-o", object});
  return line;
}

}  // namespace pw::cli
