// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/chart_svg.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "cli/bench/figure.h"
#include "cli/bench/report_page.h"

namespace pw::cli {
namespace {

// The picture's own units; the page scales it to its width.
constexpr double width = 360;
constexpr double height = 250;
constexpr double left = 52;
constexpr double right = 12;
constexpr double top = 10;
constexpr double bottom = 36;
constexpr std::size_t colours = 8;

// One logarithmic axis: from value to place.
struct Scale {
  double low = 1;
  double high = 10;
  double from = 0;
  double to = 1;
  double step = 10;  // between ticks

  [[nodiscard]] double place(double value) const {
    const double share = std::log(std::max(value, low) / low) / std::log(high / low);
    return from + (to - from) * std::clamp(share, 0.0, 1.0);
  }
};

// Whole steps around all values; ticks thinned to at most eight.
Scale scale_around(double least, double most, double base, double from, double to) {
  Scale scale;
  scale.from = from;
  scale.to = to;
  const double first = std::floor(std::log(least) / std::log(base) + 1e-9);
  const double last = std::max(first + 1, std::ceil(std::log(most) / std::log(base) - 1e-9));
  scale.low = std::pow(base, first);
  scale.high = std::pow(base, last);
  const double steps = std::max(1.0, std::ceil((last - first) / 8));
  scale.step = std::pow(base, steps);
  return scale;
}

struct Range {
  double least = 0;
  double most = 0;
  bool has_zero = false;

  void add(double value) {
    if (value <= 0) {
      has_zero = true;
      return;
    }
    least = least == 0 ? value : std::min(least, value);
    most = std::max(most, value);
  }
};

std::string grid(const Chart& chart, const Scale& x, const Scale& y) {
  std::string svg;
  for (double value = y.low; value <= y.high * 1.0001; value *= y.step) {
    svg += fmt::format("<line class=\"grid\" x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>", left, width - right,
                       y.place(value));
    svg += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{}\" y=\"{:.1f}\">{}</text>", left - 5, y.place(value) + 3,
                       html_escaped(value_text(chart.unit, value)));
  }
  double last_label = -100;
  for (double value = x.low; value <= x.high * 1.0001; value *= x.step) {
    const double place = x.place(value);
    svg += fmt::format("<line class=\"grid\" x1=\"{0:.1f}\" x2=\"{0:.1f}\" y1=\"{1}\" y2=\"{2}\"/>", place, top, height - bottom);
    if (place - last_label < 34) continue;
    last_label = place;
    const char* anchor = place > width - right - 20 ? "end" : "middle";
    svg += fmt::format("<text class=\"tick\" text-anchor=\"{}\" x=\"{:.1f}\" y=\"{}\">{}</text>", anchor, place, height - bottom + 13,
                       html_escaped(size_text(chart.axis, value)));
  }
  svg += fmt::format("<text class=\"tick\" text-anchor=\"end\" x=\"{}\" y=\"{}\">{}</text>", width - right, height - 6,
                     html_escaped(chart.axis));
  return svg;
}

std::string draw(const Chart& chart, std::size_t index, const Scale& x, const Scale& y) {
  const Curve& curve = chart.curves[index];
  std::string line;
  std::string dots;
  for (const Curve::Point& point : curve.points) {
    const double at_x = point.x <= 0 ? left : x.place(point.x);
    const double at_y = y.place(point.y);
    line += fmt::format("{}{:.1f},{:.1f}", line.empty() ? "" : " ", at_x, at_y);
    if (curve.is_floor) continue;
    dots += fmt::format("<circle cx=\"{:.1f}\" cy=\"{:.1f}\" r=\"2.6\"><title>{}: {} {}</title></circle>", at_x, at_y,
                        html_escaped(curve.name), html_escaped(size_text(chart.axis, point.x)),
                        html_escaped(value_text(chart.unit, point.y)));
  }
  const std::string shape =
      curve.points.size() > 1 || !curve.is_floor
          ? fmt::format("<polyline points=\"{}\"/>", line)
          : fmt::format("<line x1=\"{0}\" x2=\"{1}\" y1=\"{2:.1f}\" y2=\"{2:.1f}\"/>", left, width - right,
                        y.place(curve.points.front().y));
  return fmt::format("<g class=\"curve {}\" data-name=\"{}\" data-points=\"{}\">{}{}</g>", curve_class(chart, index),
                     html_escaped(curve.name), curve.points.size(), shape, dots);
}

}  // namespace

std::string curve_class(const Chart& chart, std::size_t index) {
  std::size_t colour = 0;
  for (std::size_t i = 0; i < index; ++i) colour += !chart.curves[i].is_floor;
  if (chart.curves[index].is_floor) return "floor";
  return fmt::format("s{}{}{}", colour % colours, colour >= colours ? " again" : "", chart.curves[index].is_peer ? " peer" : "");
}

std::string chart_svg(const Chart& chart) {
  Range x_range;
  Range y_range;
  for (const Curve& curve : chart.curves) {
    for (const Curve::Point& point : curve.points) {
      x_range.add(point.x);
      y_range.add(point.y);
    }
  }
  if (y_range.most <= 0) return {};
  if (x_range.most <= 0) x_range.least = x_range.most = 1;
  const bool bytes = chart.axis == "bytes";
  const Scale x = scale_around(x_range.least, x_range.most, bytes ? 4 : 10, left + (x_range.has_zero ? 18 : 0), width - right);
  const Scale y = scale_around(y_range.least, y_range.most, 10, height - bottom, top);
  std::string svg = fmt::format("<svg class=\"chart\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">", width, height,
                                html_escaped(chart.title));
  svg += grid(chart, x, y);
  if (x_range.has_zero) {
    svg += fmt::format("<text class=\"tick\" text-anchor=\"middle\" x=\"{}\" y=\"{}\">0</text>", left, height - bottom + 13);
  }
  for (const bool floors : {true, false}) {  // what was measured lies over the floors
    for (std::size_t i = 0; i < chart.curves.size(); ++i) {
      if (chart.curves[i].is_floor != floors || chart.curves[i].points.empty()) continue;
      svg += draw(chart, i, x, y);
    }
  }
  return svg + "</svg>";
}

}  // namespace pw::cli
