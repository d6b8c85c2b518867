// SPDX-License-Identifier: Apache-2.0
#include "cli/run/run_command.h"

#include <fmt/format.h>

#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/cc/temporary_folder.h"
#include "cli/cli_error.h"
#include "cli/installation.h"
#include "cli/run/exit_codes.h"
#include "cli/run/host_process.h"
#include "cli/run/limit_option.h"
#include "cli/run/program_checks.h"
#include "cli/terminal.h"
#include "cli/tools/admin_client.h"
#include "platform/process_spawn.h"

namespace pw::cli {
namespace {

constexpr const char* run_footer = R"(Examples:
  partywall run --driver foo.sys -- ./foo --count 3
  partywall run --embedded --driver bus.sys --driver disk.sys -- ./test
  partywall run --host default -- ./foo        with the drivers of a running host (partywall host)

Exit code: the application's own, or 128+n if signal n ended it. Of partywall itself:
  120  a driver file is missing, no ELF file, or exports no DriverEntry
  121  DriverEntry returned an error
  122  bug check: a driver stopped the kernel
  123  the driver host ended for another reason
  124  the host of --host does not answer
  125  wrong usage, or the driver host could not be started
  126  the application cannot be run, or is not built for Partywall
  127  no such application
)";

using Environment = std::vector<std::pair<std::string, std::string>>;

platform::ExitStatus run_application(const RunOptions& options, const std::string& program, Environment environment,
                                     platform::SignalForwarder& signals) {
  platform::SpawnRequest request;
  request.program = program;
  request.arguments = options.command;
  request.environment = std::move(environment);
  if (options.quiet) request.environment.emplace_back("PARTYWALL_QUIET", "1");
  if (options.verifier) request.environment.emplace_back("PARTYWALL_VERIFIER", "1");
  if (!options.registry.empty()) {
    request.environment.emplace_back("PARTYWALL_REGISTRY", std::filesystem::absolute(options.registry).string());
  }
  if (!options.limits.empty()) request.environment.emplace_back("PARTYWALL_LIMITS", limits_text(options.limits));
  platform::ChildProcess application;
  if (const int error = application.start(request); error != 0) {
    throw CliError(exit_not_runnable, options.command.front(),
                   "cannot be started: " + std::generic_category().message(error));
  }
  signals.set_target(application.pid());
  const platform::ExitStatus status = application.wait();
  signals.set_target(-1);
  return status;
}

int run_embedded(const RunOptions& options, const std::string& program, platform::SignalForwarder& signals) {
  std::string drivers;
  for (const std::string& driver : options.drivers) {
    const std::string path = std::filesystem::absolute(driver).string();
    if (path.find(':') != std::string::npos) {
      throw CliError(exit_bad_driver_file, path, "a path with a colon cannot be passed to an embedded kernel",
                     "rename it, or run without --embedded");
    }
    drivers += (drivers.empty() ? "" : ":") + path;
  }
  return run_application(options, program, {{"PARTYWALL_EMBEDDED", "1"}, {"PARTYWALL_DRIVERS", drivers}}, signals)
      .shell_code();
}

int run_hosted(const RunOptions& options, const std::string& program, platform::SignalForwarder& signals) {
  const TemporaryFolder folder("pw-run-");
  HostProcess::Settings settings;
  settings.program = Installation::locate().host_program;
  settings.socket = folder.path() + "/host";
  settings.quiet = options.quiet;
  settings.verifier = options.verifier;
  if (!options.registry.empty()) settings.registry = std::filesystem::absolute(options.registry).string();
  settings.limits = limits_text(options.limits);
  settings.start_timeout_ms = options.start_timeout_seconds * 1000;
  HostProcess host(settings);
  for (const std::string& driver : options.drivers) host.load_driver(std::filesystem::absolute(driver).string());
  host.start();
  const platform::ExitStatus status =
      run_application(options, program, {{"PARTYWALL_SOCKET", settings.socket}}, signals);
  const int host_code = host.stop();
  if (host_code != 0 && status.shell_code() != 0) {
    print_note("partywall run", fmt::format("the application's own exit code was {}", status.shell_code()));
  }
  return host_code != 0 ? host_code : status.shell_code();
}

}  // namespace

namespace {

int run_with_standing_host(const RunOptions& options, const std::string& program, platform::SignalForwarder& signals) {
  const AdminClient client(options.host);  // says what is wrong if nobody answers
  return run_application(options, program, {{"PARTYWALL_SOCKET", std::filesystem::absolute(client.socket()).string()}}, signals)
      .shell_code();
}

}  // namespace

CLI::App* add_run_command(CLI::App& parent, RunOptions& options) {
  CLI::App* run = parent.add_subcommand("run", "Run an application with its drivers");
  CLI::Option* driver = run->add_option("--driver", options.drivers, "Driver file to load; may be given several times")
                            ->allow_extra_args(false)
                            ->type_name("FILE");
  CLI::Option* limits = add_limit_option(*run, options.limits);
  CLI::Option* embedded = run->add_flag("--embedded", options.embedded, "Run the kernel inside the application's process");
  run->add_option("--host", options.host, "Use the drivers of a running host: its name or its socket's path")
      ->excludes(driver)
      ->excludes(embedded)
      ->excludes(limits)
      ->type_name("NAME|PATH");
  run->add_option("--registry", options.registry, "A file that keeps the registry from one run to the next")->type_name("FILE");
  run->add_flag("--verifier", options.verifier, "Watch the drivers and stop where one breaks the rules (Driver Verifier)");
  run->add_flag("--quiet", options.quiet, "Drop the drivers' DbgPrint output");
  run->add_option("--start-timeout", options.start_timeout_seconds, "Seconds that loading the drivers may take")
      ->capture_default_str()
      ->check(CLI::Range(1, 86400))
      ->type_name("SECONDS");
  run->add_option("command", options.command, "The application and its arguments, behind --")->type_name("APPLICATION");
  run->footer(run_footer);
  run->positionals_at_end();
  return run;
}

int run_programs(const RunOptions& options) {
  if (options.command.empty()) {
    throw CliError(exit_wrapper_failed, "no application", "nothing to run",
                   "write it behind --: partywall run --driver foo.sys -- ./foo");
  }
  for (const std::string& driver : options.drivers) check_driver_file(driver);
  const std::string program = check_application(options.command.front());
  platform::SignalForwarder signals;
  if (!options.host.empty()) return run_with_standing_host(options, program, signals);
  return options.embedded ? run_embedded(options, program, signals) : run_hosted(options, program, signals);
}

}  // namespace pw::cli
