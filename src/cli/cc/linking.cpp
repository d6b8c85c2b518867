// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/linking.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <utility>

#include "cli/cc/known_functions.h"
#include "cli/cc/source_text.h"
#include "cli/cc/start_object.h"
#include "cli/cli_error.h"
#include "cli/terminal.h"

namespace pw::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view command_name = "partywall cc";

std::string_view judgement(const std::string& name, const KnownFunctions& known) {
  if (name == "main") return "the program has no main, wmain or WinMain";
  if (name.starts_with("operator new") || name.starts_with("operator delete")) {
    return "a C++ driver defines its own, on top of ExAllocatePool2 and ExFreePool";
  }
  return known.contains(name) ? "known, not provided yet" : "unknown";
}

// Paths below the working directory as the user would type them.
std::string below_working_directory(const std::string& place) {
  std::error_code error;
  const std::string here = fs::current_path(error).string() + "/";
  return place.compare(0, here.size(), here) == 0 ? place.substr(here.size()) : place;
}

}  // namespace

Linking::Linking(const CcOptions& options, const CommandLines& lines, const Installation& installation,
                 const SourceTree& tree, std::string folder, JobRunner& runner)
    : options_(options),
      lines_(lines),
      installation_(installation),
      tree_(tree),
      folder_(std::move(folder)),
      runner_(runner) {}

void Linking::check_libraries() const {
  const char* side = options_.kind == ProgramKind::Driver ? "partywall-kernel" : "partywall-win32";
  for (const char* name : {side, "partywall-rt"}) {
    const std::string path = installation_.library(name);
    if (!fs::exists(path)) {
      throw CliError(1, path, "Partywall's library is not there", "build Partywall first, or set PARTYWALL_ROOT");
    }
  }
}

void Linking::read_objects(const std::vector<std::string>& items) {
  for (const std::string& item : items) {
    if (item.empty() || item.front() == '-') continue;
    platform::ElfImage image = platform::read_elf_image(item);
    if (image.type == platform::ElfImage::Type::Relocatable) objects_.push_back(std::move(image));
  }
}

bool Linking::defined(std::string_view name) const {
  return std::any_of(objects_.begin(), objects_.end(),
                     [name](const platform::ElfImage& object) { return object.defines(std::string(name)); });
}

bool Linking::needed(std::string_view name) const {
  return std::any_of(objects_.begin(), objects_.end(), [name](const platform::ElfImage& object) {
    return std::any_of(object.symbols.begin(), object.symbols.end(),
                       [name](const platform::ElfSymbol& symbol) { return !symbol.defined && symbol.name == name; });
  });
}

bool Linking::undefined_matches(std::initializer_list<std::string_view> prefixes) const {
  for (const platform::ElfImage& object : objects_) {
    for (const platform::ElfSymbol& symbol : object.symbols) {
      if (symbol.defined) continue;
      for (const std::string_view prefix : prefixes) {
        if (std::string_view(symbol.name).substr(0, prefix.size()) == prefix) return true;
      }
    }
  }
  return false;
}

void Linking::add_support(std::vector<std::string>& items, const std::string& source) {
  if (source.empty()) return;
  const std::string path = folder_ + "/support.c";
  const std::string object = folder_ + "/support.o";
  write_file(path, source);
  std::vector<Job> jobs(1);
  jobs[0].command = lines_.compile_support(path, object);
  runner_.run(jobs);
  if (jobs[0].status.shell_code() != 0) {
    throw CliError(1, "start object", "the compiler failed on Partywall's own part: " + jobs[0].errors);
  }
  items.push_back(object);
}

int Linking::run(std::vector<std::string> items, const std::vector<CompiledObject>& compiled) {
  check_libraries();
  read_objects(items);
  const bool driver = options_.kind == ProgramKind::Driver;
  if (options_.output.empty()) {
    const std::string first = compiled.empty() ? "a" : fs::path(compiled.front().source).filename().string();
    options_.output = driver ? fs::path(first).replace_extension(".sys").string() : "a.out";
  }
  const std::string version_script = folder_ + "/driver.map";
  if (driver) {
    write_file(version_script, "{ global: DriverEntry; local: *; };\n");
    const std::string support = driver_cxx_source([this](std::string_view name) { return defined(name); },
                                                  [this](std::string_view name) { return needed(name); });
    if (!support.empty()) add_support(items, support);
  } else {
    add_support(items, start_source([this](std::string_view name) { return defined(name); }));
  }
  const bool needs_cxx =
      options_.cplusplus || undefined_matches({"_ZSt", "_ZNSt", "_ZNKSt", "_Znw", "_Zna", "_Zdl", "_Zda", "__cxa_",
                                               "__gxx_personality", "_ZTVN10__cxxabiv1"});
  std::vector<Job> jobs(1);
  CommandLines link_lines(options_, lines_.toolchain(), installation_);
  jobs[0].command = link_lines.link(items, version_script, needs_cxx);
  runner_.run(jobs);
  fmt::print("{}", jobs[0].output);
  const int exit_code = report(jobs[0], compiled);
  return exit_code == 0 && driver ? check_driver_entry() : exit_code;
}

std::string Linking::readable_place(const MissingFunction& missing, const std::vector<CompiledObject>& compiled) const {
  std::string place = tree_.restore_paths(missing.first_use);
  for (const CompiledObject& object : compiled) {
    const std::string name = fs::path(object.object).filename().string();
    if (const std::size_t at = place.find(name); at != std::string::npos) place.replace(at, name.size(), object.source);
  }
  place = below_working_directory(place);
  return place.empty() ? "-" : place;
}

int Linking::report(const Job& job, const std::vector<CompiledObject>& compiled) const {
  const LinkReport report = parse_link_output(job.errors);
  fmt::print(stderr, "{}", tree_.restore_paths(report.other));
  if (job.status.shell_code() == 0) return 0;
  if (!report.missing.empty()) {
    const KnownFunctions known(installation_.share_directory + "/known_functions.txt");
    print_error(command_name, fmt::format("{}: {} {} missing", options_.output, report.missing.size(),
                                          report.missing.size() == 1 ? "function is" : "functions are"));
    std::size_t name_width = 0;
    std::size_t place_width = 0;
    nlohmann::json list = nlohmann::json::array();
    std::vector<std::string> places;
    for (const MissingFunction& missing : report.missing) {
      places.push_back(readable_place(missing, compiled));
      name_width = std::max(name_width, missing.name.size());
      place_width = std::max(place_width, places.back().size());
    }
    for (std::size_t at = 0; at < report.missing.size(); ++at) {
      const std::string& name = report.missing[at].name;
      fmt::print(stderr, "  {:<{}}  {:<{}}  {}\n", name, name_width, places[at], place_width, judgement(name, known));
      list.push_back({{"function", name}, {"first_use", places[at]}, {"known", known.contains(name)}});
    }
    if (options_.json) fmt::print("{}\n", nlohmann::json{{"output", options_.output}, {"missing", list}}.dump());
  }
  return job.status.signaled ? job.status.shell_code() : 1;
}

int Linking::check_driver_entry() const {
  if (platform::read_elf_image(options_.output).exports_symbol("DriverEntry")) return 0;
  std::error_code error;
  fs::remove(options_.output, error);
  bool mangled = false;
  for (const platform::ElfImage& object : objects_) {
    for (const platform::ElfSymbol& symbol : object.symbols) {
      mangled = mangled || (symbol.defined && symbol.name.starts_with("_Z11DriverEntry"));
    }
  }
  if (mangled) {
    throw CliError(1, options_.output, "DriverEntry has C++ linkage",
                   "declare it extern \"C\", as Microsoft's linker needs it, too");
  }
  throw CliError(1, options_.output, "none of the sources defines DriverEntry",
                 "add NTSTATUS DriverEntry(PDRIVER_OBJECT, PUNICODE_STRING), or build with --app");
}

}  // namespace pw::cli
