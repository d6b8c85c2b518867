// SPDX-License-Identifier: Apache-2.0
// The partywall command: compiles and runs drivers and applications that were written for Windows.
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <exception>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/bench/bench_command.h"
#include "cli/cc/cc_command.h"
#include "cli/cli_error.h"
#include "cli/run/run_command.h"
#include "cli/terminal.h"
#include "cli/tools/host_command.h"
#include "cli/tools/tool_commands.h"

namespace pw::cli {
namespace {

constexpr const char* description = R"(Shares memory between Windows drivers and applications, on Linux.

  partywall cc --driver foo.c -o foo.sys      compile a driver          (partywall cc --help)
  partywall cc --app main.c -o foo            compile an application
  partywall run --driver foo.sys -- ./foo     run both together         (partywall run --help)

A driver host that stays, for many applications:

  partywall host                              start it                  (partywall host --help)
  partywall load foo.sys, then ./foo          load, unload and reload its drivers, run applications
  partywall maps, stats, handles, devices     look into it: who shares which memory, what is copied and why

  partywall bench --quick                     what all this costs on this machine (partywall bench --help)
)";

int print_version(bool json) {
  if (json) {
    fmt::print("{}\n", nlohmann::json{{"name", "partywall"}, {"version", PW_VERSION}}.dump());
  } else {
    fmt::print("partywall {}\n", PW_VERSION);
  }
  return 0;
}

int run_partywall(int argc, char** argv) {
  CLI::App app(description, "partywall");
  bool version = false;
  bool json = false;
  app.add_flag("--version", version, "Print the version");
  app.add_flag("--json", json, "Print data as JSON");
  app.add_subcommand("cc", "Compile and link a driver or an application");
  RunOptions run;
  CLI::App* run_app = add_run_command(app, run);
  HostOptions host;
  CLI::App* host_app = add_host_command(app, host);
  ToolOptions tool;
  const std::vector<CLI::App*> tool_apps = add_tool_commands(app, tool);
  BenchOptions bench;
  CLI::App* bench_app = add_bench_command(app, bench);
  app.failure_message([](const CLI::App*, const CLI::Error& error) {
    return fmt::format("partywall: error: {}; see partywall --help\n", error.what());
  });
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : 125;
  }
  if (version) return print_version(json);
  if (run_app->parsed()) return run_programs(run);
  if (host_app->parsed()) return run_host(host);
  if (bench_app->parsed()) {
    bench.json = bench.json || json;
    return run_bench(bench);
  }
  for (const CLI::App* tool_app : tool_apps) {
    if (!tool_app->parsed()) continue;
    tool.json = tool.json || json;
    return run_tool(tool_app->get_name(), tool);
  }
  fmt::print("{}", app.help());
  return 125;
}

int dispatch(int argc, char** argv) {
  const std::string name = argc > 0 ? std::filesystem::path(argv[0]).filename().string() : "";
  std::vector<std::string> arguments(argv + (argc > 0 ? 1 : 0), argv + argc);
  const auto called = [&name](const char* as) { return name == as; };
  if (called("partywall-driver-cc")) return run_cc(arguments, ProgramKind::Driver, false);
  if (called("partywall-driver-c++")) return run_cc(arguments, ProgramKind::Driver, true);
  if (called("partywall-app-cc")) return run_cc(arguments, ProgramKind::Application, false);
  if (called("partywall-app-c++")) return run_cc(arguments, ProgramKind::Application, true);
  if (!arguments.empty() && arguments.front() == "cc") {
    arguments.erase(arguments.begin());
    return run_cc(arguments, ProgramKind::Unknown, false);
  }
  return run_partywall(argc, argv);
}

}  // namespace
}  // namespace pw::cli

int main(int argc, char** argv) {
  const std::string word = argc > 1 && argv[1][0] != '-' ? argv[1] : "";
  const std::string command = word.empty() ? "partywall" : "partywall " + word;
  try {
    return pw::cli::dispatch(argc, argv);
  } catch (const pw::cli::CliError& error) {
    pw::cli::print_error(command, error.what());
    return error.exit_code();
  } catch (const std::exception& error) {
    pw::cli::print_error(command, error.what());
    return word == "cc" ? 1 : 125;
  }
}
