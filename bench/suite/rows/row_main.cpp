// SPDX-License-Identifier: Apache-2.0
#include "suite/rows/row_main.h"

#include "harness/json_line.h"
#include "harness/processor.h"

#include <cctype>
#include <cstdlib>
#include <cstring>
#include <stdio.h>
#include <unistd.h>

namespace pw::bench {
namespace {

struct Options {
  Run run;
  bool list = false;
  std::string pattern; // lower case
  int results = 1;
};

const char* name_of(Mode mode) {
  switch (mode) {
  case kEmbedded: return "embedded";
  case kAwake: return "hosted, awake";
  case kAsleep: return "hosted, asleep";
  default: return "peer";
  }
}

std::string lower_case(std::string text) {
  for (char& c : text) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return text;
}

bool parse_mode(const char* word, Mode& mode) {
  struct Word {
    const char* text;
    Mode mode;
  };
  constexpr Word kWords[] = {{"embedded", kEmbedded}, {"awake", kAwake}, {"asleep", kAsleep}, {"peer", kPeer}};
  for (const Word& known : kWords) {
    if (std::strcmp(known.text, word) == 0) {
      mode = known.mode;
      return true;
    }
  }
  return false;
}

bool parse(int argc, char** argv, Options& options) {
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    const char* value = i + 1 < argc ? argv[i + 1] : nullptr;
    if (word == "--list") {
      options.list = true;
    } else if (word == "--once") {
      options.run.once = options.run.quick = true;
    } else if (word == "--quick") {
      options.run.quick = true;
    } else if (value == nullptr) {
      return false;
    } else {
      ++i;
      if (word == "--mode") {
        if (!parse_mode(value, options.run.mode)) return false;
      } else if (word == "--row") {
        options.pattern = lower_case(value);
      } else if (word == "--cpu-a") {
        options.run.cpu_a = std::atoi(value);
      } else if (word == "--cpu-b") {
        options.run.cpu_b = std::atoi(value);
      } else if (word == "--host-process") {
        options.run.host_process = std::atoi(value);
      } else if (word == "--results") {
        options.results = std::atoi(value);
      } else {
        return false;
      }
    }
  }
  return true;
}

void say(const Options& options, const std::string& line) {
  const std::string whole = line + "\n";
  std::size_t done = 0;
  while (done < whole.size()) {
    const ssize_t written = write(options.results, whole.data() + done, whole.size() - done);
    if (written < 0) std::exit(3); // nobody reads
    done += static_cast<std::size_t>(written);
  }
}

JsonLine head_of(const char* kind, const Options& options, const RowSpec& row) {
  JsonLine line;
  line.text("kind", kind).text("chart", row.chart).text("row", row.name).text("mode", name_of(options.run.mode));
  return line;
}

bool is_wanted(const Options& options, const RowSpec& row) {
  if ((row.modes & options.run.mode) == 0) return false;
  const std::string name = lower_case(std::string(row.chart) + ": " + row.name + ", " + name_of(options.run.mode));
  return options.pattern.empty() || name.find(options.pattern) != std::string::npos;
}

bool takes(const Options& options, const RowSpec& row, std::size_t index) {
  const auto within = [&](std::size_t at) { return at == 0 || !options.run.quick || row.sizes[at] <= row.quick_limit; };
  if (!within(index)) return false;
  const bool is_end = index == 0 || index + 1 == row.sizes.size() || !within(index + 1);
  return !options.run.once || is_end; // the least and the greatest go through everything
}

void list(const Options& options, const RowSpec& row) {
  JsonLine line = head_of("listed", options, row);
  line.text("axis", row.axis).text("unit", row.unit).text("floor", row.floor).number("target", row.target);
  line.number("from", row.sizes.front()).number("to", row.sizes.back()).flag("growth", row.growth);
  say(options, line.finished());
}

void measure(const Options& options, const RowSpec& row, double size) {
  JsonLine start = head_of("starting", options, row);
  say(options, start.number("size", size).text("axis", row.axis).finished());
  const Outcome outcome = row.measure(options.run, size);
  JsonLine line = head_of("figure", options, row);
  line.number("size", size).text("axis", row.axis).text("unit", row.unit).text("floor", row.floor);
  line.number("target", row.target).flag("growth", row.growth);
  if (!outcome.missing.empty()) {
    say(options, line.text("missing", outcome.missing).finished());
    return;
  }
  line.number("rounds", static_cast<double>(outcome.values.size())).sample("value", outcome.values);
  line.number("spread", outcome.values.spread());
  if (!outcome.floor.empty()) line.sample("floor_value", outcome.floor);
  if (!outcome.ratio.empty()) line.sample("ratio", outcome.ratio);
  if (!outcome.noise.empty()) line.sample("a_a", outcome.noise);
  if (outcome.limit > 0.0) line.number("limit", outcome.limit);
  if (!outcome.remark.empty()) line.text("remark", outcome.remark);
  say(options, line.finished());
}

} // namespace

int run_rows(int argc, char** argv, const std::vector<RowSpec>& rows, std::string (*before)(const Run& run)) {
  Options options;
  if (!parse(argc, argv, options)) {
    fprintf(stderr, "%s: wrong usage; partywall bench starts this program\n", argv[0]);
    return 2;
  }
  bool ready = false;
  for (const RowSpec& row : rows) {
    if (!is_wanted(options, row)) continue;
    if (options.list) {
      list(options, row);
      continue;
    }
    if (!ready) {
      if (!pin_this_thread(options.run.cpu_a)) {
        fprintf(stderr, "%s: processor %d is not available\n", argv[0], options.run.cpu_a);
        return 2;
      }
      const std::string reason = before == nullptr ? std::string() : before(options.run);
      if (!reason.empty()) {
        fprintf(stderr, "%s: %s\n", argv[0], reason.c_str());
        return 1;
      }
      ready = true;
    }
    for (std::size_t i = 0; i < row.sizes.size(); ++i) {
      if (takes(options, row, i)) measure(options, row, row.sizes[i]);
    }
  }
  return 0;
}

} // namespace pw::bench
