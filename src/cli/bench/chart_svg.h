// SPDX-License-Identifier: Apache-2.0
// Curves as an SVG picture, both axes logarithmic. Colours are classes s0 … s7 of the page's style; floors are class "floor".
#pragma once

#include <string>
#include <vector>

namespace pw::cli {

struct Curve {
  struct Point {
    double x = 0;  // 0 stands at the left edge
    double y = 0;
  };
  std::string name;
  bool is_floor = false;  // drawn dashed and grey
  bool is_peer = false;   // drawn dotted
  std::vector<Point> points;
};

struct Chart {
  std::string title;
  std::string axis;  // what x counts: "bytes", "clients" …
  std::string unit;  // of y: "ns/request"
  std::vector<Curve> curves;
};

// The class of a curve's colour: the same in picture and legend.
[[nodiscard]] std::string curve_class(const Chart& chart, std::size_t index);

[[nodiscard]] std::string chart_svg(const Chart& chart);

}  // namespace pw::cli
