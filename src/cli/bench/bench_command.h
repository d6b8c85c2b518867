// SPDX-License-Identifier: Apache-2.0
// 'partywall bench': measures Partywall on this machine, each row beside its floor of the same run.
#pragma once

#include <CLI/CLI.hpp>
#include <string>

namespace pw::cli {

struct BenchOptions {
  bool quick = false;
  bool once = false;  // for tests: goes through everything, says nothing about speed
  bool list = false;
  bool json = false;
  std::string row;     // only rows whose name contains this
  std::string report;  // where the page goes
  std::string from;    // figures of an earlier run instead of measuring
  int near_processor = -1;
  int far_processor = -1;
};

// Adds the 'bench' subcommand, which fills options. The result lives as long as parent.
CLI::App* add_bench_command(CLI::App& parent, BenchOptions& options);

// Returns 0, or 1 if a program ended badly. Throws CliError.
[[nodiscard]] int run_bench(const BenchOptions& options);

}  // namespace pw::cli
