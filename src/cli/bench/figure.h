// SPDX-License-Identifier: Apache-2.0
// One figure of a benchmark as the bench programs print it, and what it says about its goal.
#pragma once

#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <vector>

namespace pw::cli {

// Of the values of one measurement.
struct Spread {
  double median = 0;
  double p10 = 0;
  double p90 = 0;
  double p99 = 0;
};

// Whether a figure is where the design wants it. A figure above its goal by no more than the A/A run's own noise says nothing;
// of a row whose A/A run differs from itself by more than half, nothing is said at all.
enum class Verdict { none, met, within_noise, above, too_noisy };

struct Figure {
  std::string chart;
  std::string row;
  std::string mode;
  double size = 0;
  std::string axis;  // what size counts; empty: the row has one figure
  std::string unit;
  std::string floor;
  double target = 0;  // of the ratio's median, or of the growth's exponent; 0: none
  bool growth = false;
  std::string missing;  // why there is no value; empty: there is one
  Spread value;
  double rounds = 0;
  std::optional<Spread> floor_value;
  std::optional<Spread> ratio;
  std::optional<Spread> noise;
  double limit = 0;  // the highest median allowed, in the row's unit; 0: target counts
  std::string remark;

  // From a line {"kind": "figure", …}; nothing if it is none.
  [[nodiscard]] static std::optional<Figure> parse(const nlohmann::json& line);

  [[nodiscard]] bool measured() const { return missing.empty(); }
  [[nodiscard]] Verdict verdict() const;
  // What the verdict compares with: "goal 3" or "goal 712 ns"; empty if there is none.
  [[nodiscard]] std::string goal_text() const;
};

// How a curve over a population grows: value ~ size^exponent. A logarithm over five decades has about 0.2.
struct Growth {
  std::string chart;
  std::string row;
  std::string mode;
  double exponent = 0;
  double target = 0;
  std::size_t points = 0;
  bool is_noisy = false;  // a point's A/A run differs from itself by more than half

  [[nodiscard]] Verdict verdict() const;
};

[[nodiscard]] std::vector<Growth> growths_of(const std::vector<Figure>& figures);

[[nodiscard]] std::string verdict_text(Verdict verdict);

// "64 KiB" for bytes, "100,000" for others.
[[nodiscard]] std::string size_text(const std::string& axis, double size);
// "712 ns", "3.4 µs", "64 KiB", by the unit's first word.
[[nodiscard]] std::string value_text(const std::string& unit, double value);

}  // namespace pw::cli
