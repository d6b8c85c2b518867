// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/figure.h"

#include <gtest/gtest.h>

namespace pw::cli {
namespace {

nlohmann::json line_with_ratio(double median, double noise) {
  return {{"kind", "figure"}, {"chart", "Round trip"}, {"row", "METHOD_BUFFERED"}, {"mode", "hosted, awake"},
          {"size", 64},       {"axis", "bytes"},       {"unit", "ns/request"},     {"floor", "spin"},
          {"target", 3},      {"rounds", 20},          {"value", {{"median", 700}}},
          {"floor_value", {{"median", 200}}},
          {"ratio", {{"median", median}}},
          {"a_a", {{"median", 1}, {"p10", 1 / noise}, {"p90", noise}}}};
}

Verdict verdict_of(const nlohmann::json& line) { return Figure::parse(line)->verdict(); }

Figure point(double size, double value) {
  Figure figure;
  figure.chart = "Growth", figure.row = "handles", figure.mode = "embedded", figure.growth = true;
  figure.size = size, figure.value.median = value, figure.target = 0.25, figure.rounds = 20;
  return figure;
}

TEST(BenchFigure, IsJudgedByItsRatioAndItsOwnNoise) {
  EXPECT_EQ(verdict_of(line_with_ratio(2.9, 1.02)), Verdict::met);
  EXPECT_EQ(verdict_of(line_with_ratio(3.1, 1.05)), Verdict::within_noise);
  EXPECT_EQ(verdict_of(line_with_ratio(3.3, 1.05)), Verdict::above);
}

TEST(BenchFigure, OfANoisyRunIsNotJudged) {
  EXPECT_EQ(verdict_of(line_with_ratio(2.0, 1.6)), Verdict::too_noisy);
  EXPECT_EQ(verdict_of(line_with_ratio(9.0, 4.0)), Verdict::too_noisy);
}

TEST(BenchFigure, ALimitCountsBeforeTheRatio) {
  nlohmann::json line = line_with_ratio(2.0, 1.02);
  line["limit"] = 600;
  EXPECT_EQ(verdict_of(line), Verdict::above);
  EXPECT_EQ(Figure::parse(line)->goal_text(), "goal 600 ns");
}

TEST(BenchFigure, OfASingleRoundIsNotJudged) {
  nlohmann::json line = line_with_ratio(9.0, 1.0);
  line["rounds"] = 1;
  EXPECT_EQ(verdict_of(line), Verdict::none);
}

TEST(BenchFigure, WithoutAValueNeedsAReason) {
  nlohmann::json line = line_with_ratio(1, 1);
  line.erase("value");
  EXPECT_FALSE(Figure::parse(line));
  line["missing"] = "iceoryx is not installed";
  ASSERT_TRUE(Figure::parse(line));
  EXPECT_FALSE(Figure::parse(line)->measured());
  EXPECT_FALSE(Figure::parse(nlohmann::json::array()));
  EXPECT_FALSE(Figure::parse({{"row", 7}}));
}

TEST(BenchGrowth, OfAFlatCurveIsZeroAndOfALineOne) {
  const auto flat = growths_of({point(1, 50), point(10, 50), point(100, 50)});
  ASSERT_EQ(flat.size(), 1U);
  EXPECT_NEAR(flat[0].exponent, 0.0, 1e-9);
  EXPECT_EQ(flat[0].verdict(), Verdict::met);
  const auto line = growths_of({point(1, 50), point(10, 500), point(100, 5000)});
  EXPECT_NEAR(line[0].exponent, 1.0, 1e-9);
  EXPECT_EQ(line[0].verdict(), Verdict::above);
}

TEST(BenchGrowth, OfANoisyCurveIsNotJudged) {
  std::vector<Figure> figures = {point(1, 50), point(10, 500)};
  figures[1].noise = Spread{1, 0.3, 1.1, 1.2};
  EXPECT_EQ(growths_of(figures)[0].verdict(), Verdict::too_noisy);
}

TEST(BenchGrowth, OfALogarithmIsMet) {
  std::vector<Figure> figures;
  for (double size = 1, steps = 1; size <= 100000; size *= 10, steps += 3.32) figures.push_back(point(size, 100 + 20 * steps));
  EXPECT_EQ(growths_of(figures)[0].verdict(), Verdict::met);
}

TEST(BenchText, ScalesTimesAndSizes) {
  EXPECT_EQ(value_text("ns/request", 712.4), "712 ns");
  EXPECT_EQ(value_text("ns/request", 3420), "3.42 µs");
  EXPECT_EQ(value_text("ns/request", 2.5e9), "2.50 s");
  EXPECT_EQ(value_text("ns/request", 9000e9), "9000 s");
  EXPECT_EQ(value_text("bytes/client", 65536), "64 KiB");
  EXPECT_EQ(size_text("bytes", 1 << 30), "1 GiB");
  EXPECT_EQ(size_text("handles", 100000), "100,000");
  EXPECT_EQ(size_text("", 1), "");
}

}  // namespace
}  // namespace pw::cli
