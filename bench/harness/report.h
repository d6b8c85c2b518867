// SPDX-License-Identifier: Apache-2.0
// A Report collects rows and prints them as a table for people or as JSON for machines.
#pragma once

#include "harness/interleave.h"
#include "harness/sample.h"

#include <stdio.h>
#include <string>
#include <utility>
#include <vector>

namespace pw::bench {

struct Row {
  std::string name;        // what was measured, e.g. "futex ping-pong"
  std::string placement;   // where, e.g. "0|1" for two processors or "0" for one
  std::string unit;        // of the values, e.g. "ns/round trip"
  Sample values;           //
  Sample noise;            // ratios of the A/A run, round by round; empty if there was none
  std::string against;     // the row that `ratio` compares with; empty if none
  Sample ratio;            // value / floor, round by round, measured in the same run
  std::string remark;      // anything that a reader must know, e.g. "12.3 GB/s"
};

// One measurement against itself as a row.
[[nodiscard]] inline Row row_of_a_a(std::string name, std::string placement, std::string unit, const Comparison& twice) {
  Row row;
  row.name = std::move(name);
  row.placement = std::move(placement);
  row.unit = std::move(unit);
  row.values = twice.a;
  row.noise = twice.ratio;
  return row;
}

class Report {
public:
  explicit Report(std::string title) : title_(std::move(title)) {}

  void add(Row row) { rows_.push_back(std::move(row)); }
  // A line about the run as a whole (processors, build type), printed under the title.
  void note(std::string text) { notes_.push_back(std::move(text)); }
  [[nodiscard]] const std::vector<Row>& rows() const { return rows_; }

  void print(bool json) const { json ? print_json() : print_table(); }

  void print_table() const {
    printf("%s\n", title_.c_str());
    for (const std::string& text : notes_) printf("  %s\n", text.c_str());
    printf("%-34s %-6s %12s %12s %8s %16s  %s\n", "what", "cpus", "median", "p99", "spread", "A/A (10..90 %)",
           "unit; ratio; remark");
    for (const Row& row : rows_) {
      printf("%-34s %-6s %12.1f %12.1f %7.1f%%", row.name.c_str(), row.placement.c_str(), row.values.median(),
             row.values.p99(), 100.0 * row.values.spread());
      if (row.noise.empty()) {
        printf(" %16s", "-");
      } else {
        printf("  %.2f (%.2f..%.2f)", row.noise.median(), row.noise.percentile(0.1), row.noise.percentile(0.9));
      }
      printf("  %s", row.unit.c_str());
      if (!row.ratio.empty()) {
        printf("; %.2fx %s (%.2f..%.2f)", row.ratio.median(), row.against.c_str(), row.ratio.percentile(0.1),
               row.ratio.percentile(0.9));
      }
      if (!row.remark.empty()) printf("; %s", row.remark.c_str());
      printf("\n");
    }
    fflush(stdout);
  }

  void print_json() const {
    printf("{\"title\": \"%s\", \"notes\": [", escaped(title_).c_str());
    const char* separator = "";
    for (const std::string& text : notes_) {
      printf("%s\"%s\"", separator, escaped(text).c_str());
      separator = ", ";
    }
    printf("], \"rows\": [");
    separator = "\n";
    for (const Row& row : rows_) {
      printf("%s  {\"name\": \"%s\", \"cpus\": \"%s\", \"unit\": \"%s\", \"rounds\": %d", separator,
             escaped(row.name).c_str(), escaped(row.placement).c_str(), escaped(row.unit).c_str(),
             static_cast<int>(row.values.size()));
      printf(", \"median\": %.3f, \"p10\": %.3f, \"p90\": %.3f, \"p99\": %.3f, \"spread\": %.4f", row.values.median(),
             row.values.percentile(0.1), row.values.percentile(0.9), row.values.p99(), row.values.spread());
      if (!row.noise.empty()) print_json_ratio("a_a", row.noise);
      if (!row.ratio.empty()) {
        printf(", \"against\": \"%s\"", escaped(row.against).c_str());
        print_json_ratio("ratio", row.ratio);
      }
      printf(", \"remark\": \"%s\"}", escaped(row.remark).c_str());
      separator = ",\n";
    }
    printf("\n]}\n");
    fflush(stdout);
  }

private:
  static void print_json_ratio(const char* key, const Sample& ratio) {
    printf(", \"%s\": {\"median\": %.4f, \"p10\": %.4f, \"p90\": %.4f}", key, ratio.median(), ratio.percentile(0.1),
           ratio.percentile(0.9));
  }

  // Our texts hold no control characters; quotes and backslashes are all that JSON needs escaped here.
  [[nodiscard]] static std::string escaped(const std::string& text) {
    std::string result;
    for (const char c : text) {
      if (c == '"' || c == '\\') result += '\\';
      result += c;
    }
    return result;
  }

  std::string title_;
  std::vector<std::string> notes_;
  std::vector<Row> rows_;
};

} // namespace pw::bench
