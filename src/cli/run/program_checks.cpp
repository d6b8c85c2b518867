// SPDX-License-Identifier: Apache-2.0
#include "cli/run/program_checks.h"

#include <filesystem>

#include "cli/cc/source_text.h"
#include "cli/cc/toolchain.h"
#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "platform/process_spawn.h"

namespace pw::cli {
namespace {

constexpr const char* build_driver = "build it with: partywall cc --driver";
constexpr const char* build_application = "build it with: partywall cc --app";

bool is_windows_image(const std::string& path) { return read_file(path).value_or("").compare(0, 2, "MZ") == 0; }

}  // namespace

void judge_driver(const std::string& path, const platform::ElfImage& image) {
  using platform::ElfProblem;
  const auto fail = [&path](const std::string& reason, const std::string& remedy) {
    throw CliError(exit_bad_driver_file, path, reason, remedy);
  };
  switch (image.problem) {
    case ElfProblem::CannotRead: fail("the driver file cannot be read", "check its permissions"); break;
    case ElfProblem::NotElf:
      if (is_windows_image(path)) fail("is a Windows binary", std::string(build_driver) + " from its source");
      fail("is no driver: not an ELF file", build_driver);
      break;
    case ElfProblem::WrongMachine: fail("is built for another processor", std::string(build_driver) + " on x86-64"); break;
    case ElfProblem::Damaged: fail("is damaged or incomplete", "build it again"); break;
    case ElfProblem::None: break;
  }
  if (image.type != platform::ElfImage::Type::Shared) fail("is no driver: not a shared object", build_driver);
  if (!image.exports_symbol("DriverEntry")) {
    fail(image.has_interpreter ? "is a program, not a driver" : "is no driver: it exports no DriverEntry", build_driver);
  }
}

void check_driver_file(const std::string& path) {
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    throw CliError(exit_bad_driver_file, path, "no such driver file", "check the path given with --driver");
  }
  if (std::filesystem::is_directory(path, error)) {
    throw CliError(exit_bad_driver_file, path, "is a folder, not a driver file", "name the .sys file in it");
  }
  judge_driver(path, platform::read_elf_image(path));
}

void judge_application(const std::string& path, const platform::ElfImage& image) {
  using platform::ElfProblem;
  const auto fail = [&path](const std::string& reason, const std::string& remedy) {
    throw CliError(exit_not_runnable, path, reason, remedy);
  };
  switch (image.problem) {
    case ElfProblem::CannotRead: fail("the application cannot be read", "check its permissions"); break;
    case ElfProblem::NotElf: fail("is no program for Linux", build_application); break;
    case ElfProblem::WrongMachine: fail("is built for another processor", build_application); break;
    case ElfProblem::Damaged: fail("is damaged or incomplete", "build it again"); break;
    case ElfProblem::None: break;
  }
  if (!image.has_interpreter) fail("is not a program that can be started", build_application);
  if (!image.needs("libpartywall-win32.so")) fail("is not built for Partywall", build_application);
}

std::string check_application(const std::string& name) {
  std::error_code error;
  const std::string path = find_program(name);
  if (path.empty()) {
    if (name.find('/') == std::string::npos && !std::filesystem::is_directory(name, error)) {
      const bool here = std::filesystem::exists(name, error);
      throw CliError(exit_not_found, name, "no such application on PATH",
                     here ? "for the one in this folder write ./" + name : "check the name behind --");
    }
    if (!std::filesystem::exists(name, error)) {
      throw CliError(exit_not_found, name, "no such application", "check the path behind --");
    }
    if (std::filesystem::is_directory(name, error)) {
      throw CliError(exit_not_runnable, name, "is a folder, not an application", "name the program in it");
    }
    if (is_windows_image(name)) {
      throw CliError(exit_not_runnable, name, "is a Windows binary", std::string(build_application) + " from its source");
    }
    throw CliError(exit_not_runnable, name, "is not executable", "chmod +x " + name);
  }
  const std::string start = read_file(path).value_or("").substr(0, 2);
  if (start == "#!") return path;
  if (start == "MZ") {
    throw CliError(exit_not_runnable, name, "is a Windows binary", std::string(build_application) + " from its source");
  }
  judge_application(name, platform::read_elf_image(path));
  return path;
}

}  // namespace pw::cli
