// SPDX-License-Identifier: Apache-2.0
// 'partywall run': starts the drivers, runs the application, unloads the drivers, returns the application's exit code.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace pw::cli {

struct RunOptions {
  bool embedded = false;
  bool quiet = false;
  bool verifier = false;
  std::string registry;  // a file that keeps the registry; empty: it goes with the host
  std::vector<std::string> limits;  // of each application: "handles=100", "commit=1G" …
  std::string host;  // a standing host to use; empty: a private one
  int start_timeout_seconds = 30;
  std::vector<std::string> drivers;
  std::vector<std::string> command;  // the application and its arguments
};

// Adds the 'run' subcommand, which fills options. The result lives as long as parent.
CLI::App* add_run_command(CLI::App& parent, RunOptions& options);

// Throws CliError with one of RunExitCode.
[[nodiscard]] int run_programs(const RunOptions& options);

}  // namespace pw::cli
