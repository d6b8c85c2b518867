// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/host_command.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>

#include "cli/cli_error.h"
#include "cli/installation.h"
#include "cli/run/exit_codes.h"
#include "cli/run/host_process.h"
#include "cli/run/limit_option.h"
#include "cli/run/program_checks.h"
#include "cli/tools/slow_notice.h"
#include "platform/host_address.h"
#include "platform/process_spawn.h"

namespace pw::cli {
namespace {

constexpr const char* host_footer = R"(The host's socket lies in $XDG_RUNTIME_DIR/partywall/, for root in /run/partywall/. Applications that 'partywall cc --app'
built find the default host by themselves, another one through PARTYWALL_HOST=NAME or 'partywall run --host NAME'. It ends
with Ctrl-C, SIGTERM or SIGHUP, and unloads its drivers.

Examples:
  partywall host                               in this terminal; then, in another one:
  partywall load foo.sys
  ./foo
  partywall host --daemon --driver foo.sys     in the background; what it prints goes to a file beside its socket
  partywall host --name test --quiet

Exit code: 0 after an orderly end; 1 a host of that name runs already; 120 bad driver file; 121 DriverEntry failed;
122 a driver stopped the kernel (bug check); 123 it ended otherwise; 125 wrong usage or no start. See docs/exit-codes.md.
)";

[[noreturn]] void fail_with_line(int code, const std::string& line) {
  const std::size_t colon = line.find(": ");
  if (colon == std::string::npos) throw CliError(code, "driver host", line);
  throw CliError(code, line.substr(0, colon), line.substr(colon + 2));
}

platform::HostAddress address_of(const std::string& name, bool all_users) {
  platform::HostAddress address;
  std::string why;
  std::string asked = name;
  // A path must mean the same to the tools wherever they are called.
  if (asked.find('/') != std::string::npos) asked = std::filesystem::absolute(asked).lexically_normal().string();
  if (!platform::find_host_address(asked, &address, &why) || !platform::prepare_host_folder(address, &why, all_users)) {
    fail_with_line(exit_wrapper_failed, why);
  }
  return address;
}

}  // namespace

CLI::App* add_host_command(CLI::App& parent, HostOptions& options) {
  CLI::App* host = parent.add_subcommand("host", "Run a driver host that stays, for many applications");
  host->add_option("--name,--host", options.name, "Its name, or a path for its socket (default: PARTYWALL_HOST, else 'default')")
      ->type_name("NAME|PATH");
  host->add_option("--driver", options.drivers, "Driver file to load at the start; may be given several times")
      ->allow_extra_args(false)
      ->type_name("FILE");
  host->add_flag("--daemon", options.daemon, "Go to the background once it is ready");
  host->add_flag("--all-users", options.all_users, "Serve programs of every user, each with his own rights");
  host->add_flag("--quiet", options.quiet, "Drop the drivers' DbgPrint output");
  host->add_option("--registry", options.registry, "A file that keeps the registry from one run to the next")->type_name("FILE");
  host->add_flag("--verifier", options.verifier, "Watch the drivers and stop where one breaks the rules (Driver Verifier)");
  add_limit_option(*host, options.limits);
  host->add_option("--start-timeout", options.start_timeout_seconds, "With --daemon: seconds that loading the drivers may take")
      ->capture_default_str()
      ->check(CLI::Range(1, 86400))
      ->type_name("SECONDS");
  host->footer(host_footer);
  return host;
}

int run_host(const HostOptions& options) {
  for (const std::string& driver : options.drivers) check_driver_file(driver);
  const platform::HostAddress address = address_of(options.name, options.all_users);
  HostProcess::Settings settings;
  settings.program = Installation::locate().host_program;
  settings.socket = address.socket;
  settings.quiet = options.quiet;
  settings.all_users = options.all_users;
  settings.verifier = options.verifier;
  if (!options.registry.empty()) settings.registry = std::filesystem::absolute(options.registry).string();
  settings.limits = limits_text(options.limits);
  settings.start_timeout_ms = options.start_timeout_seconds * 1000;
  settings.standing = HostProcess::Standing{address.name, address.admin_socket, address.lock_file, address.log_file};
  HostProcess host(settings);
  for (const std::string& driver : options.drivers) host.load_driver(std::filesystem::absolute(driver).string());
  if (!options.daemon) host.become();
  {
    SlowNotice notice("partywall host", "the drivers are still being loaded");
    host.start();
  }
  fmt::print("driver host '{}' is ready: process {}, socket {}, output in {}\n", address.name, host.process_id(), address.socket,
             address.log_file);
  host.let_go();
  return 0;
}

}  // namespace pw::cli
