// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/bench_table.h"

#include <fmt/format.h>

#include <map>

namespace pw::cli {
namespace {

std::string ratio_text(const Spread& ratio) { return fmt::format("{:.2f}x ({:.2f}..{:.2f})", ratio.median, ratio.p10, ratio.p90); }

// fmt pads by code points, as a terminal does: µ is one.
std::string figure_line(const Figure& figure) {
  const std::string name = fmt::format("    {:<44} {:>8}", figure.row, size_text(figure.axis, figure.size));
  if (!figure.measured()) return fmt::format("{}  not measured: {}\n", name, figure.missing);
  std::string line = fmt::format("{} {:>10}", name, value_text(figure.unit, figure.value.median));
  if (figure.rounds > 1) {
    const double spread = figure.value.median > 0 ? (figure.value.p90 - figure.value.p10) / figure.value.median : 0;
    line += fmt::format(" {:>10} {:>6.0f}%", value_text(figure.unit, figure.value.p99), 100 * spread);
    if (figure.noise) line += fmt::format("  {:.2f}..{:.2f}", figure.noise->p10, figure.noise->p90);
  }
  if (figure.ratio && figure.floor_value) {
    line += fmt::format("  {} {} {}", ratio_text(*figure.ratio), figure.floor, value_text(figure.unit, figure.floor_value->median));
  }
  if (!figure.goal_text().empty()) {
    const std::string judged = verdict_text(figure.verdict());
    line += "; " + figure.goal_text() + (judged.empty() ? "" : ": " + judged);
  }
  if (!figure.remark.empty()) line += "; " + figure.remark;
  return line + "\n";
}

}  // namespace

std::string BenchTable::lines(const Figure& figure, const std::string& placement) {
  std::string result;
  if (figure.mode != mode_) {
    result += fmt::format("{}{}\n", mode_.empty() ? "" : "\n", placement);
    result += fmt::format("    {:<44} {:>8} {:>10} {:>10} {:>7}  {:<10}  {}\n", "", "", "median", "p99", "spread", "A/A",
                          "ratio to the floor (10..90 %)");
    chart_.clear();
  }
  if (figure.chart != chart_) result += "  " + figure.chart + " (" + figure.unit + ")\n";
  mode_ = figure.mode;
  chart_ = figure.chart;
  return result + figure_line(figure);
}

std::string summary(const std::vector<Figure>& figures) {
  std::string result;
  std::map<Verdict, int> counts;
  for (const Figure& figure : figures) ++counts[figure.verdict()];
  for (const Growth& growth : growths_of(figures)) {
    if (growth.points < 2) continue;
    if (result.empty()) result += "\nGrowth: time ~ population^exponent; a logarithm has about 0.2\n";
    result += fmt::format("    {:<44} {:<16} {:>6.2f}  {}\n", growth.row, growth.mode, growth.exponent,
                          verdict_text(growth.verdict()));
    ++counts[growth.verdict()];
  }
  counts.erase(Verdict::none);
  if (counts.empty()) return result;
  return result + fmt::format("\nGoals: {} met, {} within the noise, {} above; {} not judged: the machine was not quiet\n",
                              counts[Verdict::met], counts[Verdict::within_noise], counts[Verdict::above],
                              counts[Verdict::too_noisy]);
}

}  // namespace pw::cli
