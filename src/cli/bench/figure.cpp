// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/figure.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <tuple>

namespace pw::cli {
namespace {

std::string text_of(const nlohmann::json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
}

double number_of(const nlohmann::json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number() ? found->get<double>() : 0.0;
}

std::optional<Spread> spread_of(const nlohmann::json& line, const char* key) {
  const auto found = line.find(key);
  if (found == line.end() || !found->is_object()) return std::nullopt;
  return Spread{number_of(*found, "median"), number_of(*found, "p10"), number_of(*found, "p90"), number_of(*found, "p99")};
}

Verdict judge(double value, double goal, double noise) {
  if (goal <= 0) return Verdict::none;
  if (value <= goal) return Verdict::met;
  return value <= goal * std::max(1.0, noise) ? Verdict::within_noise : Verdict::above;
}

constexpr double most_noise = 1.5;

bool is_too_noisy(const std::optional<Spread>& noise) {
  return noise && (noise->p90 > most_noise || noise->p10 < 1 / most_noise);
}

std::string scaled(double value, double step, std::initializer_list<const char*> units) {
  const char* unit = *units.begin();
  for (const char* const next : units) {
    unit = next;
    if (std::abs(value) < step * 0.9995 || next == *(units.end() - 1)) break;
    value /= step;
  }
  const double size = std::abs(value);
  if (size >= 99.95) return fmt::format("{:.0f} {}", value, unit);
  if (size >= 9.995 || value == std::floor(value)) return fmt::format("{:.3g} {}", value, unit);
  return fmt::format("{:.2f} {}", value, unit);
}

}  // namespace

std::optional<Figure> Figure::parse(const nlohmann::json& line) {
  if (!line.is_object() || text_of(line, "row").empty()) return std::nullopt;
  Figure figure;
  figure.chart = text_of(line, "chart");
  figure.row = text_of(line, "row");
  figure.mode = text_of(line, "mode");
  figure.size = number_of(line, "size");
  figure.axis = text_of(line, "axis");
  figure.unit = text_of(line, "unit");
  figure.floor = text_of(line, "floor");
  figure.target = number_of(line, "target");
  figure.growth = line.value("growth", false);
  figure.missing = text_of(line, "missing");
  figure.rounds = number_of(line, "rounds");
  figure.limit = number_of(line, "limit");
  figure.remark = text_of(line, "remark");
  figure.floor_value = spread_of(line, "floor_value");
  figure.ratio = spread_of(line, "ratio");
  figure.noise = spread_of(line, "a_a");
  const auto value = spread_of(line, "value");
  if (value) figure.value = *value;
  if (!value && figure.missing.empty()) return std::nullopt;
  return figure;
}

Verdict Figure::verdict() const {
  if (!measured() || growth || rounds < 3) return Verdict::none;
  const double noise_factor = noise ? noise->p90 : 1.0;
  const bool has_goal = limit > 0 || (ratio && target > 0);
  if (has_goal && is_too_noisy(noise)) return Verdict::too_noisy;
  if (limit > 0) return judge(value.median, limit, noise_factor);
  return ratio ? judge(ratio->median, target, noise_factor) : Verdict::none;
}

std::string Figure::goal_text() const {
  if (growth) return {};
  if (limit > 0) return "goal " + value_text(unit, limit);
  return target > 0 ? fmt::format("goal {:.3g}x", target) : std::string();
}

Verdict Growth::verdict() const {
  if (points < 2 || target <= 0) return Verdict::none;
  return is_noisy ? Verdict::too_noisy : judge(exponent, target, 1.0);
}

std::vector<Growth> growths_of(const std::vector<Figure>& figures) {
  std::map<std::tuple<std::string, std::string, std::string>, std::vector<const Figure*>> curves;
  for (const Figure& figure : figures) {
    const bool usable = figure.growth && figure.rounds >= 3 && figure.measured() && figure.size > 0 && figure.value.median > 0;
    if (usable) curves[{figure.chart, figure.row, figure.mode}].push_back(&figure);
  }
  std::vector<Growth> result;
  for (const auto& [name, points] : curves) {
    Growth growth;
    std::tie(growth.chart, growth.row, growth.mode) = name;
    growth.target = points.front()->target;
    growth.points = points.size();
    double sum_x = 0, sum_y = 0, sum_xx = 0, sum_xy = 0;
    for (const Figure* point : points) {
      const double x = std::log(point->size);
      const double y = std::log(point->value.median);
      growth.is_noisy = growth.is_noisy || is_too_noisy(point->noise);
      sum_x += x, sum_y += y, sum_xx += x * x, sum_xy += x * y;
    }
    const auto count = static_cast<double>(points.size());
    const double width = count * sum_xx - sum_x * sum_x;
    growth.exponent = width > 1e-9 ? (count * sum_xy - sum_x * sum_y) / width : 0.0;
    result.push_back(growth);
  }
  return result;
}

std::string verdict_text(Verdict verdict) {
  switch (verdict) {
    case Verdict::met: return "met";
    case Verdict::within_noise: return "within the noise";
    case Verdict::above: return "ABOVE";
    case Verdict::too_noisy: return "not judged, too noisy";
    default: return {};
  }
}

std::string size_text(const std::string& axis, double size) {
  if (axis.empty()) return {};
  if (axis == "bytes") return scaled(size, 1024, {"B", "KiB", "MiB", "GiB", "TiB"});
  std::string digits = fmt::format("{:.0f}", size);
  for (std::size_t at = digits.size(); at > 3;) digits.insert(at -= 3, ",");
  return digits;
}

std::string value_text(const std::string& unit, double value) {
  const std::string first = unit.substr(0, unit.find('/'));
  if (first == "ns") return scaled(value, 1000, {"ns", "µs", "ms", "s"});
  if (first == "bytes") return scaled(value, 1024, {"B", "KiB", "MiB", "GiB"});
  return fmt::format("{:.4g} {}", value, first);
}

}  // namespace pw::cli
