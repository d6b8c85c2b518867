// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/link_report.h"

#include <algorithm>
#include <cctype>
#include <filesystem>

namespace pw::cli {
namespace {

bool starts_with(std::string_view text, std::string_view prefix) { return text.substr(0, prefix.size()) == prefix; }

// The name between a quote of any of the linkers' styles at the front of the text, and what follows.
std::string_view unquote(std::string_view text) {
  if (text.empty()) return text;
  const char open = text.front();
  if (open != '`' && open != '\'' && open != '"') return text.substr(0, text.find_last_not_of(" \r") + 1);
  const std::size_t close = text.find(open == '"' ? '"' : '\'', 1);
  return text.substr(1, close == std::string_view::npos ? close : close - 1);
}

// "/usr/bin/ld: rest" or "ld.lld: rest" or "collect2: ..." -> rest
std::string_view without_linker_name(std::string_view line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string_view::npos) return line;
  std::string_view program = line.substr(0, colon);
  const std::size_t slash = program.rfind('/');
  if (slash != std::string_view::npos) program.remove_prefix(slash + 1);
  const bool linker = program == "ld" || starts_with(program, "ld.") || program == "mold" || program == "ld64.lld" ||
                      (program.size() > 3 && program.substr(program.size() - 3) == "-ld");
  return linker ? line.substr(colon + 2) : line;
}

bool is_line_number(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isdigit(c) != 0; });
}

std::string base_name(std::string_view path) { return std::filesystem::path(path).filename().string(); }

class Parser {
 public:
  LinkReport parse(std::string_view output) {
    while (!output.empty()) {
      const std::size_t end = output.find('\n');
      take(output.substr(0, end));
      output.remove_prefix(end == std::string_view::npos ? output.size() : end + 1);
    }
    flush_context();
    if (report_.missing.empty()) {
      report_.other += closing_;
    }
    return std::move(report_);
  }

 private:
  void take(std::string_view line) {
    const std::string_view text = without_linker_name(line);
    if (starts_with(text, ">>> ") && in_missing_) {
      take_lld_reference(text.substr(4));
    } else if (take_missing(text)) {
      context_.clear();
      in_missing_ = true;
    } else if (is_context(text)) {
      flush_context();
      context_ = std::string(line) + "\n";
      remember_function(text);
    } else if (text.find("ld returned 1 exit status") != std::string_view::npos ||
               text.find("linker command failed with exit code") != std::string_view::npos) {
      closing_ += std::string(line) + "\n";
    } else if (!(line.empty() && in_missing_)) {
      flush_context();
      in_missing_ = false;
      report_.other += std::string(line) + "\n";
    }
  }

  // GNU: "/tmp/a.o: in function `f':", possibly followed on the same line by the complaint itself.
  static bool is_context(std::string_view text) {
    return text.find(": in function `") != std::string_view::npos && !text.empty() && text.back() == ':';
  }

  void remember_function(std::string_view text) {
    const std::size_t at = text.find(": in function `");
    function_ = std::string(unquote(text.substr(at + 14)));
  }

  bool take_missing(std::string_view text) {
    // lld: "error: undefined symbol: f"; mold: "undefined symbol: a.o: f" or "error: undefined symbol: f"
    const std::size_t lld = text.find("undefined symbol: ");
    if (lld != std::string_view::npos && (lld == 0 || starts_with(text, "error: "))) {
      std::string_view name = text.substr(lld + 18);
      std::string place;
      if (const std::size_t object = name.find(".o: "); object != std::string_view::npos) {
        place = base_name(name.substr(0, object + 2));
        name.remove_prefix(object + 4);
      }
      add(std::string(unquote(name)), place);
      return true;
    }
    for (const std::string_view phrase : {"undefined reference to ", "more undefined references to "}) {
      const std::size_t at = text.find(phrase);
      if (at == std::string_view::npos) continue;
      // "undefined reference to" also ends "more undefined references to `f' follow": nothing new then.
      add(std::string(unquote(text.substr(at + phrase.size()))), place_of(text.substr(0, at)));
      return true;
    }
    return false;
  }

  // "/src/a.c:12: " with debug information; "a.c:(.text+0x5): " or "/tmp/a.o:(.data+0x0): " without.
  std::string place_of(std::string_view prefix) {
    if (const std::size_t in = prefix.find(": in function `"); in != std::string_view::npos) {
      remember_function(prefix);
      const std::size_t end = prefix.find("': ", in);
      prefix = end == std::string_view::npos ? std::string_view() : prefix.substr(end + 3);
    }
    for (const std::string_view label : {": error: ", ": warning: "}) {
      if (const std::size_t at = prefix.find(label); at != std::string_view::npos) prefix = prefix.substr(0, at + 2);
    }
    while (!prefix.empty() && (prefix.back() == ' ' || prefix.back() == ':')) prefix.remove_suffix(1);
    const std::size_t colon = prefix.rfind(':');
    if (colon == std::string_view::npos) return base_name(prefix);
    const std::string_view tail = prefix.substr(colon + 1);
    const std::string_view file = prefix.substr(0, colon);
    if (is_line_number(tail)) return std::string(prefix);
    if (starts_with(tail, "(.text") && !function_.empty()) return "in function " + function_ + " of " + base_name(file);
    return base_name(file);
  }

  // lld: "referenced by a.c:12 (/src/a.c:12)", then "              /tmp/a.o:(f)"
  void take_lld_reference(std::string_view text) {
    MissingFunction& missing = report_.missing.back();
    const bool has_line = missing.first_use.find(':') != std::string::npos;
    if (has_line || last_was_repeated_) return;
    text = text.substr(std::min(text.find_first_not_of(' '), text.size()));
    if (starts_with(text, "referenced by ")) text.remove_prefix(14);
    if (starts_with(text, "did you mean") || starts_with(text, "referenced ")) return;
    if (const std::size_t full = text.find(" ("); full != std::string_view::npos && text.back() == ')') {
      missing.first_use = std::string(text.substr(full + 2, text.size() - full - 3));
      return;
    }
    const std::size_t colon = text.rfind(':');
    if (colon != std::string_view::npos && is_line_number(text.substr(colon + 1))) {
      missing.first_use = std::string(text);
    } else if (missing.first_use.empty()) {
      const std::size_t section = text.find(":(");
      const std::string file = base_name(text.substr(0, section));
      const bool named = section != std::string_view::npos && text.back() == ')' && text[section + 2] != '.';
      missing.first_use =
          named ? "in function " + std::string(text.substr(section + 2, text.size() - section - 3)) + " of " + file : file;
    }
  }

  void add(std::string name, std::string place) {
    const auto known = std::find_if(report_.missing.begin(), report_.missing.end(),
                                    [&name](const MissingFunction& missing) { return missing.name == name; });
    last_was_repeated_ = known != report_.missing.end();
    if (!last_was_repeated_) report_.missing.push_back({std::move(name), std::move(place)});
  }

  void flush_context() {
    report_.other += context_;
    context_.clear();
  }

  LinkReport report_;
  std::string context_;   // an "in function" line whose complaint has not come yet
  std::string closing_;   // "collect2: error: ld returned 1 exit status"
  std::string function_;  // of the latest "in function" line
  bool in_missing_ = false;
  bool last_was_repeated_ = false;
};

}  // namespace

LinkReport parse_link_output(std::string_view output) { return Parser().parse(output); }

}  // namespace pw::cli
