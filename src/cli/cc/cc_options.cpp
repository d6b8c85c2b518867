// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/cc_options.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <filesystem>
#include <string_view>
#include <utility>

#include "cli/cc/source_text.h"
#include "cli/cli_error.h"

namespace pw::cli {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

template <std::size_t Count>
bool contains(const std::array<std::string_view, Count>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Flags whose argument is the next word. Those of the first list concern compiling alone.
constexpr std::array<std::string_view, 11> compile_flags_with_argument = {
    "-imacros", "-idirafter",     "-iprefix", "-iwithprefix", "-iwithprefixbefore", "-include-pch",
    "-MT",      "-MQ",            "-MJ",      "-Xpreprocessor", "-Xassembler"};
constexpr std::array<std::string_view, 6> common_flags_with_argument = {"--param", "-target",   "--sysroot",
                                                                        "-arch",   "-Xclang", "-mllvm"};
constexpr std::array<std::string_view, 7> link_flags_with_argument = {"-Xlinker", "-T", "-u", "-z", "-e", "-h", "-L"};

// Import libraries of the Windows SDK and the WDK; what they stand for is in our libraries, or does not link.
constexpr std::array<std::string_view, 33> import_libraries = {
    "kernel32", "kernelbase", "advapi32",        "ntdll",    "user32",      "gdi32",  "shell32",  "ole32",   "oleaut32",
    "uuid",     "setupapi",   "cfgmgr32",        "winmm",    "version",     "shlwapi", "psapi",   "rpcrt4",  "onecore",
    "onecoreuap", "mincore",  "ntoskrnl",        "hal",      "wdm",         "wdmsec", "ntstrsafe", "libcntpr", "strsafe",
    "bufferoverflowk", "bufferoverflowfastfailk", "msvcrt", "libcmt", "ucrt", "vcruntime"};

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; });
  return out;
}

// The language of a file by its extension; empty: the linker's business.
std::string language_of(const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".C" && path.size() > 2) {
    // On Windows FOO.C is a C file; gcc would take it for C++.
    return "c";
  }
  const std::string plain = lower(extension);
  if (plain == ".c") return "c";
  if (plain == ".cpp" || plain == ".cxx" || plain == ".cc" || plain == ".c++" || plain == ".cp") return "c++";
  if (extension == ".S" || plain == ".sx") return "assembler-with-cpp";
  if (extension == ".s") return "assembler";
  if (plain == ".i") return "cpp-output";
  if (plain == ".ii") return "c++-cpp-output";
  return {};
}

class Parser {
 public:
  Parser(ProgramKind kind, bool cplusplus) {
    options_.kind = kind;
    options_.cplusplus = cplusplus;
  }

  CcOptions parse(const std::vector<std::string>& arguments) {
    expand(arguments, 0);
    for (at_ = 0; at_ < words_.size(); ++at_) take(words_[at_]);
    if (options_.kind == ProgramKind::Unknown && lower(options_.output).ends_with(".sys")) {
      options_.kind = ProgramKind::Driver;
    }
    return std::move(options_);
  }

 private:
  void expand(const std::vector<std::string>& arguments, int depth) {
    for (const std::string& word : arguments) {
      if (word.size() < 2 || word.front() != '@') {
        words_.push_back(word);
        continue;
      }
      const auto text = read_file(word.substr(1));
      if (!text) throw CliError(1, word.substr(1), "the response file cannot be read", "check the path behind '@'");
      if (depth > 8) throw CliError(1, word.substr(1), "response files include each other", "break the circle");
      expand(split_response_file(*text), depth + 1);
    }
  }

  // The argument of a flag that stands behind it or in the next word.
  std::string argument(std::string_view word, std::string_view flag) {
    if (word.size() > flag.size()) return std::string(word.substr(flag.size()));
    return next_word(flag);
  }

  std::string next_word(std::string_view flag) {
    if (at_ + 1 >= words_.size()) throw CliError(1, std::string(flag), "needs an argument", "write one behind it");
    return words_[++at_];
  }

  void both(const std::string& word) {
    options_.compile_flags.push_back(word);
    options_.link_flags.push_back(word);
  }

  void link_item(std::string text) { options_.inputs.push_back({CcInput::Kind::LinkItem, std::move(text), {}}); }

  void add_library(const std::string& word, const std::string& name) {
    std::string plain = lower(std::filesystem::path(name).filename().string());
    if (plain.ends_with(".lib")) plain.resize(plain.size() - 4);
    const bool import = contains(import_libraries, plain) || plain == "libcmtd" || plain == "msvcrtd";
    if (import || (word.ends_with(".lib") && !std::filesystem::exists(name))) {
      options_.ignored.push_back(word);
    } else {
      link_item(word);
    }
  }

  void take_input(const std::string& word) {
    const std::string extension = lower(std::filesystem::path(word).extension().string());
    const std::string language = !forced_language_.empty() ? forced_language_ : language_of(word);
    if (word == "-" && language.empty()) throw CliError(1, "-", "needs a language", "give -x c or -x c++ before it");
    if (!language.empty()) {
      options_.inputs.push_back({CcInput::Kind::Source, word, language});
    } else if (extension == ".lib") {
      add_library(word, word);
    } else if (extension == ".rc" || extension == ".def" || extension == ".inf" || extension == ".inx" ||
               extension == ".mc" || extension == ".h" || extension == ".hpp") {
      options_.ignored.push_back(word);
    } else {
      link_item(word);
    }
  }

  bool take_own(const std::string& word) {
    if (word == "--driver") {
      options_.kind = ProgramKind::Driver;
    } else if (word == "--app") {
      options_.kind = ProgramKind::Application;
    } else if (word == "--cc" || starts_with(word, "--cc=")) {
      options_.compiler = word.size() > 4 ? word.substr(5) : next_word(word);
    } else if (word == "--help") {
      options_.help = true;
    } else if (word == "--json") {
      options_.json = true;
    } else if (word == "--lp64") {
      options_.lp64 = true;
    } else if (word == "--verbose") {
      options_.verbose = true;
    } else if (starts_with(word, "-j")) {
      const std::string count = argument(word, "-j");
      const auto [end, error] = std::from_chars(count.data(), count.data() + count.size(), options_.jobs);
      if (error != std::errc() || end != count.data() + count.size() || options_.jobs == 0) {
        throw CliError(1, "-j " + count, "is not a number of jobs", "write for instance -j 2");
      }
    } else {
      return false;
    }
    return true;
  }

  bool take_search(const std::string& word) {
    const auto directory = [&](std::string_view flag, std::vector<std::string>& list) {
      if (!starts_with(word, flag)) return false;
      list.push_back(argument(word, flag));
      options_.compile_flags.push_back(std::string(flag));
      options_.compile_flags.push_back(list.back());
      return true;
    };
    if (directory("-isystem", options_.system_directories) || directory("-iquote", options_.quote_directories) ||
        directory("-I", options_.user_directories)) {
      return true;
    }
    if (word == "-include") {
      options_.forced_includes.push_back(next_word(word));
      return true;
    }
    if (starts_with(word, "-D") || starts_with(word, "-U")) {
      const std::string macro = argument(word, word.substr(0, 2));
      options_.macros.insert(macro.substr(0, macro.find_first_of("=(")));
      options_.compile_flags.push_back(word.substr(0, 2) + macro);
      return true;
    }
    return false;
  }

  bool take_dependencies(const std::string& word) {
    if (!starts_with(word, "-M")) return false;
    if (word == "-MF") {
      options_.dependencies.file = next_word(word);
      return true;
    }
    if (word == "-MD" || word == "-MMD") options_.dependencies.wanted = true;
    if (word == "-M" || word == "-MM") options_.action = CcAction::Dependencies;
    options_.compile_flags.push_back(word);
    if (word == "-MT" || word == "-MQ" || word == "-MJ") {
      options_.dependencies.has_target = options_.dependencies.has_target || word != "-MJ";
      options_.compile_flags.push_back(next_word(word));
    }
    return true;
  }

  void take(const std::string& word) {
    if (word.empty()) return;
    if (word.front() != '-' || word == "-") return take_input(word);
    if (take_own(word) || take_search(word) || take_dependencies(word)) return;
    if (starts_with(word, "-o") && word != "-objc") {
      options_.output = argument(word, "-o");
    } else if (word == "-c") {
      options_.action = CcAction::Compile;
    } else if (word == "-S") {
      options_.action = CcAction::Assemble;
    } else if (word == "-E") {
      options_.action = CcAction::Preprocess;
    } else if (starts_with(word, "-x")) {
      set_language(argument(word, "-x"));
    } else if (word == "-v") {
      options_.verbose = true;
      options_.compile_flags.push_back(word);
    } else if (starts_with(word, "-l")) {
      const std::string name = argument(word, "-l");
      add_library("-l" + name, name);
    } else if (contains(link_flags_with_argument, word)) {
      link_item(word);
      link_item(next_word(word));
    } else if (starts_with(word, "-L") || starts_with(word, "-Wl,")) {
      link_item(word);
    } else if (contains(compile_flags_with_argument, word)) {
      options_.compile_flags.push_back(word);
      options_.compile_flags.push_back(next_word(word));
    } else if (contains(common_flags_with_argument, word)) {
      both(word);
      both(next_word(word));
    } else {
      take_plain(word);
    }
  }

  void take_plain(const std::string& word) {
    if (starts_with(word, "-std=") || word == "-ansi") {
      options_.has_standard = true;
    } else if (starts_with(word, "-g")) {
      options_.has_debug_level = true;
    } else if (starts_with(word, "-fsanitize=")) {
      options_.has_sanitizer = true;
    } else if (starts_with(word, "-O")) {
      options_.has_optimisation = true;
    }
    const bool compile_only = (starts_with(word, "-W") || starts_with(word, "-std=") || starts_with(word, "-Wp,") ||
                               starts_with(word, "-Wa,") || word == "-P" || word == "-C" || word == "-w");
    if (compile_only) {
      options_.compile_flags.push_back(word);
    } else {
      both(word);
    }
  }

  void set_language(const std::string& language) {
    static constexpr std::array<std::string_view, 8> known = {
        "none", "c", "c++", "assembler", "assembler-with-cpp", "cpp-output", "c++-cpp-output", "c-header"};
    if (!contains(known, language)) {
      throw CliError(1, "-x " + language, "is not a language that this wrapper compiles", "use c, c++, assembler or none");
    }
    forced_language_ = language == "none" ? "" : language;
  }

  CcOptions options_;
  std::vector<std::string> words_;
  std::size_t at_ = 0;
  std::string forced_language_;
};

}  // namespace

bool CcOptions::has_flag(const std::string& flag) const {
  return std::find(compile_flags.begin(), compile_flags.end(), flag) != compile_flags.end();
}

CcOptions parse_cc_options(const std::vector<std::string>& arguments, ProgramKind kind, bool cplusplus) {
  return Parser(kind, cplusplus).parse(arguments);
}

std::vector<std::string> split_response_file(const std::string& text) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = '\0';
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    const bool blank = c == ' ' || c == '\t' || c == '\n' || c == '\r';
    if (quote == '\0' && blank) {
      if (in_word) words.push_back(std::exchange(word, {}));
      in_word = false;
    } else if (c == '\\' && at + 1 < text.size()) {
      word += text[++at];
      in_word = true;
    } else if (quote == '\0' && (c == '"' || c == '\'')) {
      quote = c;
      in_word = true;
    } else if (c == quote && quote != '\0') {
      quote = '\0';
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(word);
  return words;
}

}  // namespace pw::cli
