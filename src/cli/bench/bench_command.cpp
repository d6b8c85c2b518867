// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/bench_command.h"

#include <fmt/format.h>

#include <chrono>
#include <cstdio>
#include <ctime>
#include <fstream>

#include "cli/bench/bench_programs.h"
#include "cli/bench/bench_results.h"
#include "cli/bench/bench_table.h"
#include "cli/bench/report_page.h"
#include "cli/cli_error.h"
#include "cli/installation.h"
#include "cli/run/exit_codes.h"
#include "cli/terminal.h"
#include "platform/processor_affinity.h"

namespace pw::cli {
namespace {

constexpr const char* command_name = "partywall bench";

constexpr const char* bench_footer = R"(Examples:
  partywall bench --quick                      a look, one or two minutes
  partywall bench --report out.html            everything, with a page of curves
  partywall bench --row METHOD_BUFFERED        rows whose name contains it
  partywall bench --json > now.json            for scripts
  partywall bench --from now.json --report out.html

Every row is measured in turns with its floor, in one run: read the ratio, not the nanoseconds. A/A is the row against itself:
a difference smaller than that says nothing. Keep the machine quiet meanwhile.

Exit code: 0, also when a goal is not met; 1 if a program ended badly; 120 to 125 as for partywall run.
)";

constexpr BenchMode all_modes[] = {BenchMode::embedded, BenchMode::awake, BenchMode::asleep, BenchMode::peer};

BenchPlacement choose_placement(const BenchOptions& options) {
  const std::vector<unsigned> usable = platform::usable_processors();
  BenchPlacement placement;
  placement.near = options.near_processor >= 0 ? options.near_processor : usable.empty() ? 0 : static_cast<int>(usable[0]);
  placement.far = placement.near;
  for (const unsigned processor : usable) {
    if (static_cast<int>(processor) == placement.near) continue;
    placement.far = static_cast<int>(processor);
    break;
  }
  if (options.far_processor >= 0) placement.far = options.far_processor;
  return placement;
}

std::string time_now() {
  const std::time_t now = std::chrono::system_clock::to_time_t(std::chrono::system_clock::now());
  char text[40] = "";
  std::tm parts{};
  if (gmtime_r(&now, &parts) != nullptr) std::strftime(text, sizeof text, "%Y-%m-%d %H:%M UTC", &parts);
  return text;
}

nlohmann::json about_run(const BenchOptions& options, const BenchPlacement& placement) {
  nlohmann::json about = about_machine();
  about["version"] = PW_VERSION;
  about["when"] = time_now();
  about["effort"] = options.once ? "once" : options.quick ? "quick" : "full";
  about["cpu_a"] = placement.near;
  about["cpu_b"] = placement.far;
#ifdef __OPTIMIZE__
  about["optimised"] = true;
#else
  about["optimised"] = false;
#endif
  return about;
}

void write_file(const std::string& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw CliError(exit_wrapper_failed, path, "cannot be written");
}

int print_list(BenchPrograms& programs, bool json) {
  nlohmann::json all = nlohmann::json::array();
  for (const BenchMode mode : all_modes) {
    for (nlohmann::json& row : programs.list(mode)) {
      row.erase("kind");
      all.push_back(std::move(row));
    }
  }
  if (json) {
    fmt::print("{}\n", nlohmann::json{{"rows", all}}.dump());
    return 0;
  }
  for (const nlohmann::json& row : all) {
    const std::string axis = row["axis"];
    const std::string from = size_text(axis, row["from"]);
    const std::string to = size_text(axis, row["to"]);
    const std::string sizes = axis.empty() ? "" : axis == "bytes" ? "" : " " + axis;
    const std::string range = from == to ? from : from + " to " + to;
    fmt::print("{}: {}, {}{}{}\n", row["chart"].get<std::string>(), row["row"].get<std::string>(),
               row["mode"].get<std::string>(), range.empty() ? "" : "  [" + range + sizes + "]",
               row["floor"].get<std::string>().empty() ? "" : "  beside: " + row["floor"].get<std::string>());
  }
  return 0;
}

// Tells on standard error what is being measured, while it takes long.
class Progress {
 public:
  void starting(const nlohmann::json& line) {
    const std::string size = size_text(line.value("axis", ""), line.value("size", 0.0));
    what_ = fmt::format("{}, {}{}", line.value("row", ""), line.value("mode", ""), size.empty() ? "" : ", " + size);
    say_if_late();
  }
  void say_if_late() {
    const auto now = std::chrono::steady_clock::now();
    if (now - last_ < std::chrono::seconds(2)) return;
    last_ = now;
    const auto elapsed = std::chrono::duration_cast<std::chrono::seconds>(now - start_).count();
    print_note(command_name, fmt::format("{} s: {}", elapsed, what_));
  }
  // Something was printed: nobody wonders.
  void printed() { last_ = std::chrono::steady_clock::now(); }

 private:
  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  std::chrono::steady_clock::time_point last_ = start_;
  std::string what_ = "starting";
};

int measure(const BenchOptions& options, BenchPrograms& programs, const BenchPlacement& placement, BenchResults& results) {
  std::size_t rows = 0;
  int exit_code = 0;
  BenchTable table;
  Progress progress;
  for (const BenchMode mode : all_modes) {
    const std::size_t wanted = programs.list(mode).size();
    rows += wanted;
    if (wanted == 0 || programs.interrupted()) continue;
    const auto on_line = [&](const nlohmann::json& line) {
      if (line.value("kind", "") == "starting") return progress.starting(line);
      const std::size_t before = results.figures.size();
      results.add(line);
      if (options.json || results.figures.size() == before) return;
      fmt::print("{}", table.lines(results.figures.back(), placement.text(mode)));
      std::fflush(stdout);
      progress.printed();
    };
    const std::string wrong = programs.run(mode, on_line, [&] { progress.say_if_late(); });
    if (wrong.empty()) continue;
    print_error(command_name, wrong);
    exit_code = 1;
  }
  if (rows == 0) {
    throw CliError(exit_wrapper_failed, options.row, "no row's name contains this", "partywall bench --list shows them");
  }
  return exit_code;
}

}  // namespace

CLI::App* add_bench_command(CLI::App& parent, BenchOptions& options) {
  CLI::App* bench = parent.add_subcommand("bench", "Measure Partywall on this machine, beside the machine's own floors");
  bench->add_flag("--quick", options.quick, "Fewer rounds, sizes up to 64 MiB");
  bench->add_flag("--once", options.once, "Everything once, for tests: the figures say nothing");
  bench->add_flag("--list", options.list, "List the rows");
  bench->add_flag("--json", options.json, "Print the figures as JSON");
  bench->add_option("--row", options.row, "Only rows whose chart, name or mode contains this")->type_name("TEXT");
  bench->add_option("--report", options.report, "Write a page with curves")->type_name("FILE");
  bench->add_option("--from", options.from, "Take the figures from an earlier run's --json instead of measuring")->type_name("FILE");
  bench->add_option("--cpu-a", options.near_processor, "Processor of the side that measures")->type_name("N")->check(CLI::Range(0, 1023));
  bench->add_option("--cpu-b", options.far_processor, "Processor of the other side")->type_name("N")->check(CLI::Range(0, 1023));
  bench->footer(bench_footer);
  return bench;
}

int run_bench(const BenchOptions& options) {
  BenchResults results;
  int exit_code = 0;
  if (!options.from.empty()) {
    results = BenchResults::read(options.from);
    if (!options.json && options.report.empty()) {
      BenchTable table;
      for (const Figure& figure : results.figures) fmt::print("{}", table.lines(figure, figure.mode));
    }
  } else {
    const Installation installation = Installation::locate();
    BenchPrograms::Settings settings;
    settings.directory = installation.bench_directory;
    settings.host_program = installation.host_program;
    settings.pattern = options.row;
    settings.once = options.once;
    settings.quick = options.quick;
    settings.placement = choose_placement(options);
    BenchPrograms programs(settings);
    if (options.list) return print_list(programs, options.json);
    results.about = about_run(options, settings.placement);
    exit_code = measure(options, programs, settings.placement, results);
  }
  if (!options.report.empty()) write_file(options.report, report_page(results));
  if (options.json) {
    fmt::print("{}\n", results.document().dump(1));
  } else {
    fmt::print("{}", summary(results.figures));
    if (!options.report.empty()) print_note(command_name, "the page is " + options.report);
  }
  return exit_code;
}

}  // namespace pw::cli
