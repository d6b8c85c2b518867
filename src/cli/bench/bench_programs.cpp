// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/bench_programs.h"

#include <fmt/format.h>

#include <filesystem>
#include <system_error>
#include <utility>

#include "cli/cc/temporary_folder.h"
#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "cli/run/host_process.h"
#include "platform/processor_affinity.h"

namespace pw::cli {
namespace {

namespace fs = std::filesystem;

using Environment = std::vector<std::pair<std::string, std::string>>;

// The populations of the growth rows are larger than what one process may have by default.
constexpr const char* limits =
    "handles=1000000,threads=2000,pending-requests=200000,segments=200000,named-objects=100000";

// Children inherit it: the host and an embedded kernel's threads run there; the application pins its own thread itself.
void pin_to(int processor) {
  if (!platform::pin_current_thread(static_cast<unsigned>(processor))) {
    throw CliError(exit_wrapper_failed, fmt::format("processor {}", processor), "not available", "choose with --cpu-a and --cpu-b");
  }
}

}  // namespace

std::string mode_word(BenchMode mode) {
  switch (mode) {
    case BenchMode::embedded: return "embedded";
    case BenchMode::awake: return "awake";
    case BenchMode::asleep: return "asleep";
    default: return "peer";
  }
}

std::string BenchPlacement::text(BenchMode mode) const {
  switch (mode) {
    case BenchMode::embedded: return fmt::format("embedded: application on processor {}, floors' other side on {}", near, far);
    case BenchMode::awake: return fmt::format("hosted, awake: application on processor {}, host on {}", near, far);
    case BenchMode::asleep: return fmt::format("hosted, asleep: application and host on processor {}", near);
    default: return fmt::format("peers: on processors {} and {}", near, far);
  }
}

BenchPrograms::BenchPrograms(Settings settings) : settings_(std::move(settings)) {
  for (const char* name : {"bench.sys", "bench_app", "bench_peers"}) {
    const fs::path path = fs::path(settings_.directory) / name;
    if (!fs::exists(path)) {
      throw CliError(exit_wrapper_failed, path.string(), "the benchmark's programs are not there",
                     "build or install Partywall completely");
    }
  }
}

std::vector<std::string> BenchPrograms::command(BenchMode mode) const {
  const char* program = mode == BenchMode::peer ? "bench_peers" : "bench_app";
  std::vector<std::string> words = {(fs::path(settings_.directory) / program).string(), "--mode", mode_word(mode)};
  const auto add = [&words](const char* name, const std::string& value) {
    words.emplace_back(name);
    words.push_back(value);
  };
  add("--cpu-a", std::to_string(settings_.placement.near));
  add("--cpu-b", std::to_string(settings_.placement.far));
  if (!settings_.pattern.empty()) add("--row", settings_.pattern);
  if (settings_.once) words.emplace_back("--once");
  if (settings_.quick) words.emplace_back("--quick");
  return words;
}

std::string BenchPrograms::start_and_read(const std::vector<std::string>& words, const Environment& environment,
                                          const LineHandler& on_line, const std::function<void()>& on_quiet) {
  platform::LinePipe lines;
  if (const int error = lines.open(); error != 0) return "no pipe: " + std::generic_category().message(error);
  platform::SpawnRequest request;
  request.program = words.front();
  request.arguments = words;
  request.arguments.emplace_back("--results");
  request.arguments.push_back(std::to_string(lines.write_end()));
  request.environment = environment;
  request.inherited_descriptors = {lines.write_end()};
  platform::ChildProcess program;
  if (const int error = program.start(request); error != 0) {
    return words.front() + " cannot be started: " + std::generic_category().message(error);
  }
  lines.close_write_end();
  signals_.set_target(program.pid());
  std::string line;
  for (;;) {
    const auto outcome = lines.read_line(2000, line);
    if (outcome == platform::LinePipe::ReadOutcome::EndOfFile) break;
    if (outcome == platform::LinePipe::ReadOutcome::TimedOut) on_quiet();
    if (outcome != platform::LinePipe::ReadOutcome::Line) continue;
    const nlohmann::json parsed = nlohmann::json::parse(line, nullptr, false);
    if (parsed.is_object()) on_line(parsed);
  }
  const platform::ExitStatus status = program.wait();
  signals_.set_target(-1);
  const std::string name = fs::path(words.front()).filename().string();
  if (status.signaled) return fmt::format("{} was ended by signal {}", name, status.value);
  return status.value == 0 ? std::string() : fmt::format("{} ended with exit code {}", name, status.value);
}

std::vector<nlohmann::json> BenchPrograms::list(BenchMode mode) {
  std::vector<nlohmann::json> rows;
  std::vector<std::string> words = command(mode);
  words.emplace_back("--list");
  const std::string wrong =
      start_and_read(words, {{"PARTYWALL_EMBEDDED", "1"}}, [&](const nlohmann::json& line) { rows.push_back(line); }, [] {});
  if (!wrong.empty()) throw CliError(exit_wrapper_failed, "partywall bench", wrong);
  return rows;
}

std::string BenchPrograms::run_hosted(BenchMode mode, const LineHandler& on_line, const std::function<void()>& on_quiet) {
  const TemporaryFolder folder("pw-bench-");
  HostProcess::Settings host_settings;
  host_settings.program = settings_.host_program;
  host_settings.socket = folder.path() + "/host";
  host_settings.environment = {{"PARTYWALL_LIMITS", limits}};
  HostProcess host(host_settings);
  host.load_driver((fs::path(settings_.directory) / "bench.sys").string());
  host.start();
  std::vector<std::string> words = command(mode);
  words.emplace_back("--host-process");
  words.push_back(std::to_string(host.process_id()));
  const std::string wrong = start_and_read(words, {{"PARTYWALL_SOCKET", host_settings.socket}}, on_line, on_quiet);
  const int host_code = host.stop();
  if (host_code != 0) throw CliError(host_code, "the driver host", "ended badly", wrong);
  return wrong;
}

std::string BenchPrograms::run(BenchMode mode, const LineHandler& on_line, const std::function<void()>& on_quiet) {
  pin_to(mode == BenchMode::asleep ? settings_.placement.near : settings_.placement.far);
  if (mode == BenchMode::peer) return start_and_read(command(mode), {}, on_line, on_quiet);
  if (mode != BenchMode::embedded) return run_hosted(mode, on_line, on_quiet);
  const std::string driver = (fs::path(settings_.directory) / "bench.sys").string();
  return start_and_read(command(mode), {{"PARTYWALL_EMBEDDED", "1"}, {"PARTYWALL_DRIVERS", driver}, {"PARTYWALL_LIMITS", limits}}, on_line, on_quiet);
}

}  // namespace pw::cli
