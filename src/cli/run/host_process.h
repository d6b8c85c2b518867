// SPDX-License-Identifier: Apache-2.0
// The driver host's process: the one that 'partywall run' starts for its application alone, or one that stays.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "platform/process_spawn.h"

namespace pw::cli {

// How to start it: <program> --socket <path> [--name NAME --admin PATH --lock PATH] --ready-fd N [--quiet] [--all-users] --driver <path>...
// The host answers on ready-fd with one line of JSON, {"ready":true} or {"error":"...","kind":"driver_entry"|...}. It can
// watch that descriptor for POLLERR: the reader is gone when 'partywall run' is.
class HostProcess {
 public:
  // What a host needs that stays for many applications ('partywall host').
  struct Standing {
    std::string name;
    std::string admin_socket;
    std::string lock_file;
    std::string log_file;  // what it prints when it runs in the background
  };
  struct Settings {
    std::string program;
    std::string socket;
    bool quiet = false;
    bool all_users = false;
    bool verifier = false;
    std::string registry;  // an absolute path, or empty
    std::string limits;  // of its applications; empty: what is usual
    int start_timeout_ms = 30000;
    int stop_timeout_ms = 10000;
    std::optional<Standing> standing;
    std::vector<std::pair<std::string, std::string>> environment;  // variables that are set for it
  };

  explicit HostProcess(Settings settings) : settings_(std::move(settings)) {}
  ~HostProcess();
  HostProcess(const HostProcess&) = delete;
  HostProcess& operator=(const HostProcess&) = delete;

  // Names a driver to load; before start. Drivers are loaded in this order and unloaded in the opposite one.
  void load_driver(const std::string& path);

  // Starts the host and waits until the drivers are loaded. Throws CliError: exit_driver_entry_failed, exit_bug_check,
  // exit_host_lost, or exit_wrapper_failed when it does not start or does not answer in time.
  void start();

  // This process becomes the host. Throws CliError when it cannot.
  [[noreturn]] void become();

  [[nodiscard]] int process_id() const { return process_.pid(); }
  // A started host goes on by itself.
  void let_go() { process_.let_go(); }

  // Asks the host to unload the drivers and to end (SIGTERM), and waits; kills it if it does not end in time.
  // Returns 0, or the exit code that tells what became of the host.
  [[nodiscard]] int stop();

 private:
  [[nodiscard]] std::vector<std::string> arguments() const;
  [[nodiscard]] std::vector<std::pair<std::string, std::string>> environment() const;
  void check_program() const;
  [[noreturn]] void fail_silent_start();
  void kill_now();

  Settings settings_;
  std::vector<std::string> drivers_;
  platform::ChildProcess process_;
  platform::LinePipe ready_;
};

// Judges a host's answer line: empty if it is ready, else the error text; kind receives the answer's "kind".
[[nodiscard]] std::string judge_ready_line(const std::string& line, std::string& kind);

// Judges how a host ended after it was ready: 0, exit_bug_check or exit_host_lost.
[[nodiscard]] int judge_host_end(const platform::ExitStatus& status);

}  // namespace pw::cli
