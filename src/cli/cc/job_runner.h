// SPDX-License-Identifier: Apache-2.0
// Runs compiler commands, several at a time, each with its output kept for itself.
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include "platform/process_spawn.h"

namespace pw::cli {

struct Job {
  std::vector<std::string> command;
  std::string standard_input;  // a file; empty: inherited
  std::string output;          // standard output, after the run
  std::string errors;          // standard error, after the run
  platform::ExitStatus status;
};

class JobRunner {
 public:
  // Output is kept in files below this folder. With echo, each command is written to standard error before it runs.
  JobRunner(std::string folder, unsigned parallel, bool echo)
      : folder_(std::move(folder)), parallel_(parallel), echo_(echo) {}

  // Runs all jobs; the order in which they end does not show. Throws CliError if a command cannot be started.
  void run(std::vector<Job>& jobs);

 private:
  int run_one(Job& job, std::size_t number) const;

  std::string folder_;
  unsigned parallel_;
  bool echo_;
};

// A command as one line that a shell would take back.
[[nodiscard]] std::string command_text(const std::vector<std::string>& command);

}  // namespace pw::cli
