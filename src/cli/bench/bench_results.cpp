// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/bench_results.h"

#include <fstream>
#include <sstream>

#include "cli/cli_error.h"
#include "cli/run/exit_codes.h"
#include "platform/processor_affinity.h"

namespace pw::cli {
namespace {

constexpr const char* format_name = "partywall bench 1";

std::string first_line(const char* path) {
  std::ifstream file(path);
  std::string line;
  std::getline(file, line);
  return line;
}

std::string processor_name() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const std::size_t colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown";
}

}  // namespace

nlohmann::json about_machine() {
  const std::string load = first_line("/proc/loadavg");
  return {{"processor", processor_name()},
          {"processors", platform::online_processor_count()},
          {"system", "Linux " + first_line("/proc/sys/kernel/osrelease")},
          {"load_average", load.substr(0, load.find(' '))}};
}

void BenchResults::add(const nlohmann::json& line) {
  if (line.value("kind", "figure") != "figure") return;
  std::optional<Figure> figure = Figure::parse(line);
  if (!figure) return;
  figures.push_back(std::move(*figure));
  lines.push_back(line);
}

nlohmann::json BenchResults::document() const {
  nlohmann::json result = about;
  result["format"] = format_name;
  nlohmann::json list = nlohmann::json::array();
  for (std::size_t i = 0; i < lines.size(); ++i) {
    nlohmann::json line = lines[i];
    line.erase("kind");
    if (figures[i].verdict() != Verdict::none) line["verdict"] = verdict_text(figures[i].verdict());
    list.push_back(std::move(line));
  }
  result["figures"] = std::move(list);
  nlohmann::json curves = nlohmann::json::array();
  for (const Growth& growth : growths_of(figures)) {
    curves.push_back({{"chart", growth.chart},
                      {"row", growth.row},
                      {"mode", growth.mode},
                      {"points", growth.points},
                      {"exponent", growth.exponent},
                      {"target", growth.target},
                      {"verdict", verdict_text(growth.verdict())}});
  }
  result["growth"] = std::move(curves);
  return result;
}

BenchResults BenchResults::read(const std::string& file) {
  std::ifstream stream(file);
  std::stringstream text;
  text << stream.rdbuf();
  if (!stream) throw CliError(exit_wrapper_failed, file, "cannot be read");
  nlohmann::json document = nlohmann::json::parse(text.str(), nullptr, false);
  if (!document.is_object() || document.value("format", "") != format_name || !document["figures"].is_array()) {
    throw CliError(exit_wrapper_failed, file, "holds no figures", "write it with partywall bench --json");
  }
  BenchResults results;
  for (const nlohmann::json& line : document["figures"]) results.add(line);
  document.erase("figures");
  document.erase("growth");
  document.erase("format");
  results.about = std::move(document);
  return results;
}

}  // namespace pw::cli
