// SPDX-License-Identifier: Apache-2.0
// The one kind of exception of the command line: a failure as one line of thing, reason and remedy, with an exit code.
#pragma once

#include <stdexcept>
#include <string>
#include <utility>

namespace pw::cli {

class CliError : public std::runtime_error {
 public:
  CliError(int exit_code, const std::string& thing, const std::string& reason, const std::string& remedy = {})
      : std::runtime_error(thing + ": " + reason + (remedy.empty() ? "" : "; " + remedy)), exit_code_(exit_code) {}

  [[nodiscard]] int exit_code() const { return exit_code_; }

 private:
  int exit_code_;
};

}  // namespace pw::cli
