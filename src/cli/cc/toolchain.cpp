// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/toolchain.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "cli/cc/source_text.h"
#include "cli/cli_error.h"
#include "platform/process_spawn.h"

namespace pw::cli {
namespace {

bool is_program(const std::string& path) {
  std::error_code error;
  return std::filesystem::is_regular_file(path, error) && platform::may_execute(path);
}

// A name such as cc does not say what it is; its --version does.
CompilerFamily ask_family(const std::string& program) {
  const std::string folder = platform::make_private_directory(std::filesystem::temp_directory_path().string() + "/pw-cc-");
  platform::SpawnRequest request;
  request.program = program;
  request.arguments = {program, "--version"};
  request.stdout_file = folder + "/version";
  request.stderr_file = folder + "/error";
  platform::ChildProcess child;
  CompilerFamily family = CompilerFamily::Gcc;
  if (child.start(request) == 0) {
    child.wait();
    const std::string text = read_file(request.stdout_file).value_or("");
    if (text.find("clang") != std::string::npos) family = CompilerFamily::Clang;
  }
  std::error_code error;
  std::filesystem::remove_all(folder, error);
  return family;
}

CompilerFamily family_of(const std::string& program) {
  const std::string name = std::filesystem::path(program).filename().string();
  if (name.find("clang") != std::string::npos) return CompilerFamily::Clang;
  if (name.find("gcc") != std::string::npos || name.find("g++") != std::string::npos) return CompilerFamily::Gcc;
  return ask_family(program);
}

}  // namespace

std::string find_program(const std::string& name) {
  if (name.empty()) return {};
  if (name.find('/') != std::string::npos) return is_program(name) ? name : std::string();
  const char* variable = std::getenv("PATH");
  const std::string path = variable != nullptr ? variable : "/usr/bin:/bin";
  for (std::size_t begin = 0; begin <= path.size();) {
    const std::size_t end = std::min(path.find(':', begin), path.size());
    const std::string directory = end == begin ? "." : path.substr(begin, end - begin);
    if (is_program(directory + "/" + name)) return directory + "/" + name;
    begin = end + 1;
  }
  return {};
}

Toolchain Toolchain::find(const std::string& request) {
  std::string wanted = request;
  if (const char* variable = std::getenv("PARTYWALL_CC"); wanted.empty() && variable != nullptr) wanted = variable;
  if (!wanted.empty()) {
    const std::string program = find_program(wanted);
    if (program.empty()) {
      throw CliError(127, wanted, "no such compiler", "install it, or choose another with --cc gcc|clang|path");
    }
    return {program, family_of(program)};
  }
  for (const char* name : {"gcc", "clang"}) {
    const std::string program = find_program(name);
    if (!program.empty()) return {program, family_of(program)};
  }
  throw CliError(127, "gcc, clang", "no compiler found", "install one: apt-get install gcc");
}

}  // namespace pw::cli
