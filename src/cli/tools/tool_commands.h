// SPDX-License-Identifier: Apache-2.0
// The commands that ask a running driver host: load, unload, reload, drivers, devices, sections, processes, handles, maps,
// stats, info.
#pragma once

#include <CLI/CLI.hpp>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace pw::cli {

struct ToolOptions {
  std::string host;     // --host: a name or a socket's path
  bool json = false;
  std::string target;   // a file or the name of a driver
  std::string service;  // load --service
  std::optional<double> wait_seconds;
  std::optional<std::uint32_t> process_id;
  bool watch = false;
  double interval_seconds = 1;
  std::uint64_t count = 0;  // stats --watch: so many times; 0: until Ctrl-C
};

// Adds the subcommands, which fill options. Returns them; the options live as long as parent.
std::vector<CLI::App*> add_tool_commands(CLI::App& parent, ToolOptions& options);

// Runs the one of that name. Throws CliError.
[[nodiscard]] int run_tool(const std::string& command, const ToolOptions& options);

}  // namespace pw::cli
