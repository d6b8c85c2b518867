// SPDX-License-Identifier: Apache-2.0
// The compiler behind 'partywall cc'.
#pragma once

#include <string>

namespace pw::cli {

enum class CompilerFamily { Gcc, Clang };

struct Toolchain {
  std::string program;  // absolute path, or a path as given
  CompilerFamily family = CompilerFamily::Gcc;

  // request is --cc's argument: gcc, clang, a name on PATH or a path; empty means PARTYWALL_CC, else gcc, else clang.
  // Throws CliError with exit code 127 if there is no such compiler.
  [[nodiscard]] static Toolchain find(const std::string& request);
};

// Looks a program up as a shell does; empty if it is not there or not executable.
[[nodiscard]] std::string find_program(const std::string& name);

}  // namespace pw::cli
