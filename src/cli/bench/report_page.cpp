// SPDX-License-Identifier: Apache-2.0
#include "cli/bench/report_page.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>

#include "cli/bench/chart_svg.h"
#include "cli/bench/report_style.h"

namespace pw::cli {
namespace {

// The figures of one chart, in the order in which they were measured.
struct Section {
  std::string title;
  std::vector<const Figure*> figures;
};

std::vector<Section> sections_of(const BenchResults& results) {
  std::vector<Section> sections;
  for (const Figure& figure : results.figures) {
    auto found = std::find_if(sections.begin(), sections.end(), [&](const Section& s) { return s.title == figure.chart; });
    if (found == sections.end()) found = sections.insert(sections.end(), Section{figure.chart, {}});
    found->figures.push_back(&figure);
  }
  return sections;
}

Curve& curve_named(Chart& chart, const std::string& name, bool is_floor, bool is_peer) {
  for (Curve& curve : chart.curves) {
    if (curve.name == name && curve.is_floor == is_floor) return curve;
  }
  chart.curves.push_back(Curve{name, is_floor, is_peer, {}});
  return chart.curves.back();
}

bool holds(const Curve& curve, double x) {
  return std::any_of(curve.points.begin(), curve.points.end(), [x](const Curve::Point& point) { return point.x == x; });
}

Chart chart_of(const Section& section) {
  Chart chart;
  chart.title = section.title;
  for (const Figure* figure : section.figures) {
    if (!figure->measured() || figure->axis.empty() || figure->value.median <= 0) continue;
    chart.axis = figure->axis;
    chart.unit = figure->unit;
    const bool is_peer = figure->mode == "peer";
    const std::string name = figure->row + (is_peer ? "" : ", " + figure->mode);
    curve_named(chart, name, false, is_peer).points.push_back({figure->size, figure->value.median});
    if (!figure->floor_value || figure->floor_value->median <= 0) continue;
    // A floor is measured again beside every row; one of them is drawn.
    Curve& floor = curve_named(chart, figure->floor, true, false);
    if (!holds(floor, figure->size)) floor.points.push_back({figure->size, figure->floor_value->median});
  }
  for (Curve& curve : chart.curves) {
    std::sort(curve.points.begin(), curve.points.end(), [](const auto& a, const auto& b) { return a.x < b.x; });
  }
  return chart;
}

std::string legend(const Chart& chart) {
  std::string html = "<ul class=\"legend\">";
  for (std::size_t i = 0; i < chart.curves.size(); ++i) {
    html += fmt::format("<li><svg viewBox=\"0 0 26 10\"><g class=\"{}\"><polyline points=\"1,5 25,5\"/>{}</g></svg>{}</li>",
                        curve_class(chart, i), chart.curves[i].is_floor ? "" : "<circle cx=\"13\" cy=\"5\" r=\"2.6\"/>",
                        html_escaped(chart.curves[i].name));
  }
  return html + "</ul>";
}

std::string verdict_cell(const Figure& figure) {
  const Verdict verdict = figure.verdict();
  if (figure.goal_text().empty()) return {};
  const char* style = verdict == Verdict::above ? "bad" : verdict == Verdict::met || verdict == Verdict::within_noise ? "good" : "dim";
  const std::string judged = verdict_text(verdict);
  return fmt::format("{}{}<span class=\"{}\">{}</span>", html_escaped(figure.goal_text()), judged.empty() ? "" : ": ", style, judged);
}

std::string cells(std::initializer_list<std::string> texts) {
  std::string html;
  for (const std::string& text : texts) html += "<td>" + text + "</td>";
  return html;
}

std::string table_row(const Figure& figure) {
  const std::string name = html_escaped(figure.row + (figure.mode == "peer" ? "" : ", " + figure.mode));
  const std::string size = html_escaped(size_text(figure.axis, figure.size));
  if (!figure.measured()) {
    return fmt::format("<tr>{}<td colspan=\"7\">not measured: {}</td></tr>", cells({name, size}), html_escaped(figure.missing));
  }
  const auto value = [&](double of) { return html_escaped(value_text(figure.unit, of)); };
  const bool repeated = figure.rounds > 1;
  return "<tr>" +
         cells({name, size, value(figure.value.median), repeated ? value(figure.value.p99) : "",
                repeated && figure.noise ? fmt::format("{:.2f}..{:.2f}", figure.noise->p10, figure.noise->p90) : "",
                figure.ratio ? fmt::format("{:.2f}", figure.ratio->median) : "",
                figure.floor_value ? value(figure.floor_value->median) : "", verdict_cell(figure),
                html_escaped(figure.remark)}) +
         "</tr>";
}

std::string table(const Section& section) {
  std::string html =
      "<div class=\"table\"><table><tr><th>row</th><th>size</th><th>median</th><th>p99</th><th>A/A 10..90 %</th><th>ratio</th>"
      "<th>floor</th><th>goal</th><th></th></tr>";
  for (const Figure* figure : section.figures) html += table_row(*figure);
  return html + "</table></div>";
}

std::string section_html(const Section& section) {
  const Chart chart = chart_of(section);
  std::string html = "<section><h2>" + html_escaped(section.title) + "</h2>";
  if (chart.curves.empty()) return html + table(section) + "</section>";
  html += fmt::format("<p class=\"dim\">{} by {}, both axes logarithmic; dashed: floors; dotted: peers</p>",
                      html_escaped(chart.unit), html_escaped(chart.axis));
  return html + chart_svg(chart) + legend(chart) + "<details><summary>Figures</summary>" + table(section) + "</details></section>";
}

std::string growth_html(const BenchResults& results) {
  std::string rows;
  for (const Growth& growth : growths_of(results.figures)) {
    if (growth.points < 2) continue;
    const Verdict verdict = growth.verdict();
    rows += fmt::format("<tr>{}<td class=\"{}\">{}</td></tr>",
                        cells({html_escaped(growth.row + ", " + growth.mode), fmt::format("{:.2f}", growth.exponent)}),
                        verdict == Verdict::above ? "bad" : verdict == Verdict::met ? "good" : "dim", verdict_text(verdict));
  }
  if (rows.empty()) return {};
  return "<section><h2>How the curves grow</h2><p class=\"dim\">time ~ population to this power; a logarithm has about 0.2</p>"
         "<div class=\"table\"><table><tr><th>row</th><th>exponent</th><th>goal 0.25</th></tr>" + rows + "</table></div></section>";
}

std::string about_html(const nlohmann::json& about) {
  static constexpr std::pair<const char*, const char*> shown[] = {
      {"when", "measured"},     {"version", "version"},           {"effort", "effort"}, {"processor", "processor"},
      {"processors", "processors"}, {"system", "system"}, {"load_average", "load before"}, {"cpu_a", "near side on"}, {"cpu_b", "far side on"}};
  std::string html = "<dl>";
  for (const auto& [key, label] : shown) {
    const auto found = about.find(key);
    if (found == about.end()) continue;
    html += fmt::format("<dt>{}</dt><dd>{}</dd>", label, html_escaped(found->is_string() ? found->get<std::string>() : found->dump()));
  }
  return html + "</dl>";
}

std::string goals_html(const BenchResults& results) {
  std::map<Verdict, int> counts;
  for (const Figure& figure : results.figures) ++counts[figure.verdict()];
  counts.erase(Verdict::none);
  if (counts.empty()) return {};
  return fmt::format(
      "<p>Goals: <span class=\"good\">{} met</span>, {} within the noise, <span class=\"{}\">{} above</span>; {} not judged, "
      "because the machine was not quiet.</p>",
      counts[Verdict::met], counts[Verdict::within_noise], counts[Verdict::above] == 0 ? "good" : "bad", counts[Verdict::above],
      counts[Verdict::too_noisy]);
}

}  // namespace

std::string html_escaped(const std::string& text) {
  std::string result;
  for (const char c : text) {
    switch (c) {
      case '&': result += "&amp;"; break;
      case '<': result += "&lt;"; break;
      case '>': result += "&gt;"; break;
      case '"': result += "&quot;"; break;
      default: result += c;
    }
  }
  return result;
}

std::string report_page(const BenchResults& results) {
  std::string html =
      "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width, "
      "initial-scale=1\"><title>Partywall bench</title><style>";
  html += report_style;
  html += "</style></head><body><h1>Partywall bench</h1>";
  html += about_html(results.about) + goals_html(results);
  html +=
      "<p class=\"dim\">Each row was measured in turns with its floor. Read the ratio: nanoseconds are this machine's. A/A is the "
      "row against itself; a difference smaller than that says nothing.</p>";
  for (const Section& section : sections_of(results)) html += section_html(section);
  return html + growth_html(results) + "</body></html>\n";
}

}  // namespace pw::cli
