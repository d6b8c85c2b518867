// SPDX-License-Identifier: Apache-2.0
#include "harness/interleave.h"
#include "harness/report.h"
#include "harness/sample.h"

#include <gtest/gtest.h>
#include <string>

namespace pw::bench {
namespace {

Sample sample_of(std::initializer_list<double> values) {
  Sample sample;
  for (const double value : values) sample.add(value);
  return sample;
}

TEST(Sample, MedianDoesNotDependOnTheOrder) {
  EXPECT_DOUBLE_EQ(sample_of({9, 1, 5}).median(), 5.0);
  EXPECT_DOUBLE_EQ(sample_of({4, 1, 3, 2}).median(), 2.5);
}

TEST(Sample, PercentilesReachTheEnds) {
  const Sample sample = sample_of({10, 20, 30, 40, 50});
  EXPECT_DOUBLE_EQ(sample.percentile(0.0), 10.0);
  EXPECT_DOUBLE_EQ(sample.percentile(1.0), 50.0);
  EXPECT_DOUBLE_EQ(sample.percentile(0.25), 20.0);
  EXPECT_DOUBLE_EQ(sample.percentile(7.0), 50.0);
}

TEST(Sample, AnEmptySampleHasOnlyZeros) {
  EXPECT_DOUBLE_EQ(Sample().median(), 0.0);
  EXPECT_DOUBLE_EQ(Sample().spread(), 0.0);
}

TEST(Sample, SpreadIsTheMiddleFourFifthsOverTheMedian) {
  Sample sample;
  for (int i = 0; i <= 100; ++i) sample.add(100.0 + i);
  EXPECT_NEAR(sample.spread(), 80.0 / 150.0, 1e-9);
}

TEST(PairedRatio, DividesRoundByRoundAndSkipsZeroFloors) {
  const Sample ratio = paired_ratio(sample_of({10, 30, 8}), sample_of({5, 10, 0}));
  ASSERT_EQ(ratio.size(), 2U);
  EXPECT_DOUBLE_EQ(ratio.values()[0], 2.0);
  EXPECT_DOUBLE_EQ(ratio.values()[1], 3.0);
}

TEST(RunInterleaved, AlternatesWhoGoesFirstAndDropsTheWarmUp) {
  std::string order;
  const auto a = [&] { order += 'a'; return 2.0; };
  const auto b = [&] { order += 'b'; return 1.0; };
  const Comparison result = run_interleaved(a, b, Effort{3, 1});
  EXPECT_EQ(order, "ab" "ab" "ba" "ab");
  EXPECT_EQ(result.a.size(), 3U);
  EXPECT_DOUBLE_EQ(result.ratio.median(), 2.0);
}

TEST(Report, JsonEscapesQuotesAndBackslashes) {
  Report report("a \"quoted\" title");
  report.add(row_of_a_a("x\\y", "0|1", "ns", Comparison{sample_of({1}), sample_of({1}), sample_of({1})}));
  testing::internal::CaptureStdout();
  report.print(true);
  const std::string text = testing::internal::GetCapturedStdout();
  EXPECT_NE(text.find("a \\\"quoted\\\" title"), std::string::npos);
  EXPECT_NE(text.find("x\\\\y"), std::string::npos);
  EXPECT_NE(text.find("\"a_a\": {\"median\": 1.0000"), std::string::npos);
}

} // namespace
} // namespace pw::bench
