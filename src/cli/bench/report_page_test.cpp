// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/report_page.h"

#include <gtest/gtest.h>

#include "cli/bench/chart_svg.h"

namespace pw::cli {
namespace {

Chart chart_of(std::vector<Curve::Point> points) {
  Chart chart;
  chart.title = "a <chart>";
  chart.axis = "bytes";
  chart.unit = "ns/request";
  chart.curves.push_back({"pipes & sockets", false, true, std::move(points)});
  return chart;
}

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1)) ++count;
  return count;
}

TEST(ChartSvg, DrawsEveryPointWithinThePicture) {
  const std::string svg = chart_svg(chart_of({{0, 100}, {64, 120}, {1 << 30, 9e9}}));
  EXPECT_EQ(count_of(svg, "<circle"), 3U);
  EXPECT_NE(svg.find("data-points=\"3\""), std::string::npos);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
  EXPECT_EQ(svg.find("inf"), std::string::npos);
  EXPECT_EQ(svg.find("\"-"), std::string::npos); // no negative place
}

TEST(ChartSvg, TakesASinglePoint) {
  const std::string svg = chart_svg(chart_of({{64, 120}}));
  EXPECT_EQ(count_of(svg, "<circle"), 1U);
  EXPECT_EQ(svg.find("nan"), std::string::npos);
}

TEST(ChartSvg, OfNothingIsNothing) { EXPECT_EQ(chart_svg(chart_of({})), ""); }

TEST(ChartSvg, EscapesNames) {
  const std::string svg = chart_svg(chart_of({{64, 120}}));
  EXPECT_NE(svg.find("pipes &amp; sockets"), std::string::npos);
  EXPECT_NE(svg.find("a &lt;chart&gt;"), std::string::npos);
}

TEST(ReportPage, SaysWhatIsMissingAndLoadsNothing) {
  BenchResults results;
  results.about = {{"version", "1"}};
  results.add({{"kind", "figure"}, {"chart", "Round trip"}, {"row", "FUSE"}, {"mode", "peer"}, {"missing", "no /dev/fuse here"}});
  const std::string page = report_page(results);
  EXPECT_NE(page.find("not measured: no /dev/fuse here"), std::string::npos);
  for (const char* word : {"<script", "src=", "href=", "@import", "url("}) EXPECT_EQ(page.find(word), std::string::npos) << word;
}

}  // namespace
}  // namespace pw::cli
