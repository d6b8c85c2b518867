// SPDX-License-Identifier: Apache-2.0
#include "cli/run/host_process.h"

#include <csignal>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <system_error>
#include <utility>

#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "cli/terminal.h"

namespace pw::cli {
namespace {

std::string end_text(const platform::ExitStatus& status) {
  if (status.signaled) return "was ended by signal " + std::to_string(status.value);
  return "ended with exit code " + std::to_string(status.value);
}

}  // namespace

std::string judge_ready_line(const std::string& line, std::string& kind) {
  const nlohmann::json answer = nlohmann::json::parse(line, nullptr, false);
  if (!answer.is_object()) return "the driver host gave an answer that is not JSON: " + line;
  if (const auto ready = answer.find("ready"); ready != answer.end() && *ready == true) return {};
  if (const auto found = answer.find("kind"); found != answer.end() && found->is_string()) kind = *found;
  if (const auto error = answer.find("error"); error != answer.end() && error->is_string()) return *error;
  return "the driver host gave an answer that is neither ready nor an error: " + line;
}

int judge_host_end(const platform::ExitStatus& status) {
  if (!status.signaled && status.value == 0) return 0;
  if (!status.signaled && status.value == host_exit_bug_check) return exit_bug_check;
  return exit_host_lost;
}

HostProcess::~HostProcess() {
  if (process_.running()) static_cast<void>(stop());
}

void HostProcess::load_driver(const std::string& path) { drivers_.push_back(path); }

void HostProcess::check_program() const {
  if (std::filesystem::exists(settings_.program)) return;
  throw CliError(exit_wrapper_failed, settings_.program, "Partywall's driver host is not there",
                 settings_.standing ? "build or install Partywall completely"
                                    : "build or install Partywall completely, or use --embedded");
}

std::vector<std::string> HostProcess::arguments() const {
  std::vector<std::string> words = {settings_.program, "--socket", settings_.socket};
  if (const auto& standing = settings_.standing) {
    for (const std::string& word : {std::string("--name"), standing->name, std::string("--admin"), standing->admin_socket,
                                    std::string("--lock"), standing->lock_file}) {
      words.push_back(word);
    }
  }
  if (ready_.write_end() >= 0) {
    words.emplace_back("--ready-fd");
    words.push_back(std::to_string(ready_.write_end()));
  }
  if (settings_.quiet) words.emplace_back("--quiet");
  if (settings_.all_users) words.emplace_back("--all-users");
  for (const std::string& driver : drivers_) {
    words.emplace_back("--driver");
    words.push_back(driver);
  }
  return words;
}

std::vector<std::pair<std::string, std::string>> HostProcess::environment() const {
  std::vector<std::pair<std::string, std::string>> variables = settings_.environment;
  if (settings_.verifier) variables.emplace_back("PARTYWALL_VERIFIER", "1");
  if (!settings_.registry.empty()) variables.emplace_back("PARTYWALL_REGISTRY", settings_.registry);
  if (!settings_.limits.empty()) variables.emplace_back("PARTYWALL_LIMITS", settings_.limits);
  return variables;
}

void HostProcess::become() {
  check_program();
  const int error = platform::replace_process(settings_.program, arguments(), environment());
  throw CliError(exit_wrapper_failed, settings_.program, "cannot be started: " + std::generic_category().message(error));
}

void HostProcess::start() {
  check_program();
  if (const int error = ready_.open(); error != 0) {
    throw CliError(exit_wrapper_failed, "pipe", std::generic_category().message(error));
  }
  platform::SpawnRequest request;
  request.program = settings_.program;
  request.arguments = arguments();
  request.environment = environment();
  request.inherited_descriptors = {ready_.write_end()};
  if (settings_.standing) {
    request.own_session = true;
    request.stdin_file = "/dev/null";
    request.stdout_file = request.stderr_file = settings_.standing->log_file;
    request.append_output = true;  // it may be the file of a host that runs already
  } else {
    request.own_process_group = true;  // a Ctrl-C is for the application; the host ends after it
  }
  if (const int error = process_.start(request); error != 0) {
    throw CliError(exit_wrapper_failed, settings_.program, "cannot be started: " + std::generic_category().message(error));
  }
  ready_.close_write_end();
  std::string line;
  switch (ready_.read_line(settings_.start_timeout_ms, line)) {
    case platform::LinePipe::ReadOutcome::Line: break;
    case platform::LinePipe::ReadOutcome::EndOfFile: fail_silent_start();
    case platform::LinePipe::ReadOutcome::Interrupted:
      kill_now();
      throw CliError(exit_wrapper_failed, "driver host", "interrupted while it started");
    case platform::LinePipe::ReadOutcome::TimedOut:
      kill_now();
      throw CliError(exit_wrapper_failed, "driver host",
                     "not ready within " + std::to_string(settings_.start_timeout_ms / 1000) + " s",
                     "a DriverEntry may hang; give more time with --start-timeout");
  }
  std::string kind;
  const std::string problem = judge_ready_line(line, kind);
  if (problem.empty()) return;
  process_.send_signal(SIGTERM);
  process_.wait();
  const int code = kind == "driver_entry"  ? exit_driver_entry_failed
                   : kind == "driver_file" ? exit_bad_driver_file
                   : kind == "running"     ? exit_refused
                                           : exit_wrapper_failed;
  // The host's line has its thing and its reason already.
  const std::size_t colon = problem.find(": ");
  if (colon == std::string::npos) throw CliError(code, "driver host", problem);
  throw CliError(code, problem.substr(0, colon), problem.substr(colon + 2));
}

void HostProcess::fail_silent_start() {
  const platform::ExitStatus status = process_.wait();
  if (!status.signaled && (status.value == host_exit_bug_check || status.value == exit_bug_check)) {
    throw CliError(exit_bug_check, "driver host", "a driver stopped the kernel while it was loaded",
                   settings_.standing ? "see the bug-check report in " + settings_.standing->log_file
                                      : "see the bug-check report above");
  }
  throw CliError(exit_host_lost, "driver host", end_text(status) + " before it was ready");
}

void HostProcess::kill_now() {
  process_.send_signal(SIGKILL);
  process_.wait();
}

int HostProcess::stop() {
  platform::ExitStatus status;
  process_.send_signal(SIGTERM);
  if (!process_.wait_for(settings_.stop_timeout_ms, status)) {
    kill_now();
    print_error("partywall run", "driver host: did not end within " + std::to_string(settings_.stop_timeout_ms / 1000) +
                                     " s after the application and was killed; a DriverUnload may hang");
    return exit_host_lost;
  }
  const int code = judge_host_end(status);
  if (code == exit_host_lost) print_error("partywall run", "driver host: " + end_text(status));
  return code;
}

}  // namespace pw::cli
