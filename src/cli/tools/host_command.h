// SPDX-License-Identifier: Apache-2.0
// 'partywall host': a driver host that stays, for many applications, until it is asked to end.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace pw::cli {

struct HostOptions {
  std::string name;  // a name, or a socket's path
  bool daemon = false;
  bool quiet = false;
  bool all_users = false;
  bool verifier = false;
  std::string registry;  // a file that keeps the registry; empty: it goes with the host
  std::vector<std::string> limits;  // of each application: "handles=100", "commit=1G" …
  int start_timeout_seconds = 30;
  std::vector<std::string> drivers;
};

// Adds the 'host' subcommand, which fills options. The result lives as long as parent.
CLI::App* add_host_command(CLI::App& parent, HostOptions& options);

// In the foreground this process becomes the host; in the background it returns when the host is ready. Throws CliError.
[[nodiscard]] int run_host(const HostOptions& options);

}  // namespace pw::cli
