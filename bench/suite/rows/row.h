// SPDX-License-Identifier: Apache-2.0
// A row of `partywall bench`: what is measured, at which sizes, beside which floor, in which modes. The tables of rows are
// in ../app (Partywall) and ../peers (what else the machine offers); row_main.h runs them.
#pragma once

#include "harness/sample.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace pw::bench {

// Where a row can be measured; a row names several. One run of a program is of one mode.
enum Mode : unsigned {
  kEmbedded = 1, // kernel and application in one process
  kAwake = 2,    // hosted, the two sides on two processors: they spin and do not sleep
  kAsleep = 4,   // hosted, both sides on one processor: each waits in its sleep for the other
  kPeer = 8,     // without Partywall
  kHosted = kAwake | kAsleep,
  kEverywhere = kEmbedded | kAwake | kAsleep,
};

// What a row's measure function is told about this run.
struct Run {
  Mode mode = kEmbedded;
  bool once = false;  // the least that goes through everything: for tests
  bool quick = false; // fewer rounds, sizes up to RowSpec::quick_limit
  int cpu_a = 0;      // the processor of the side that measures; this thread is pinned to it
  int cpu_b = 0;      // the processor of the other side: the host's, and where a floor's partner goes
  int host_process = 0; // 0: embedded

  [[nodiscard]] bool two_processors() const { return cpu_a != cpu_b; }
};

// What came out: values beside the floor's of the same run, or why there are none.
struct Outcome {
  Sample values; // of one operation, in the row's unit
  Sample floor;  // the same of the floor; empty: the row has none
  Sample ratio;  // values over floor, round by round
  Sample noise;  // values over values: the A/A run
  double limit = 0.0; // the highest median allowed, where the target is no multiple of the floor; 0: none
  std::string remark;
  std::string missing; // why it could not be measured; empty: it was

  [[nodiscard]] static Outcome not_measured(std::string why) {
    Outcome result;
    result.missing = std::move(why);
    return result;
  }
  // One figure that is counted, not timed.
  [[nodiscard]] static Outcome amount(double value, std::string remark = {}) {
    Outcome result;
    result.values.add(value);
    result.remark = std::move(remark);
    return result;
  }
};

struct RowSpec {
  const char* chart; // rows of one chart are drawn together; also the heading in the table
  const char* name;
  const char* axis;  // what the sizes count: "bytes", "clients" …; "" for a row with one figure
  const char* unit;  // "ns/request"
  const char* floor; // the floor's name; "" for none
  double target;     // the highest ratio of medians; with `growth` the highest exponent; 0: no target
  unsigned modes;
  std::vector<double> sizes; // of a full run
  double quick_limit;        // --quick leaves out what is above
  Outcome (*measure)(const Run& run, double size);
  bool growth = false; // a curve over a population: flat or logarithmic is asked for
};

} // namespace pw::bench
