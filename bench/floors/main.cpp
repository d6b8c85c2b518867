// SPDX-License-Identifier: Apache-2.0
// pw_bench_floors: prints what this machine's own primitives cost, with the noise beside each figure.
#include "floors/floors.h"
#include "harness/processor.h"

#include <cstdio>

int main(int argc, char** argv) {
  using namespace pw::bench;
  Arguments arguments = Arguments::parse(argc, argv);
  if (!arguments.ok) return 2;

  Report report("Floors");
  if (!processor_is_usable(arguments.cpu_a)) {
    std::fprintf(stderr, "%s: processor %d is not available (--cpu-a)\n", argv[0], arguments.cpu_a);
    return 2;
  }
  if (!processor_is_usable(arguments.cpu_b)) {
    report.note("processor " + std::to_string(arguments.cpu_b) + " is not available: only rows of one processor");
    arguments.cpu_b = arguments.cpu_a;
  }
  if (!pin_this_thread(arguments.cpu_a)) {
    std::perror("sched_setaffinity");
    return 2;
  }
  report.note("measuring side on processor " + std::to_string(arguments.cpu_a) + ", answering side on " +
              std::to_string(arguments.cpu_b));
#ifndef __OPTIMIZE__
  report.note("this build is not optimised: use the figures for nothing but a look");
#endif

  floors::measure_ping_pongs(arguments, report);
  floors::measure_null_system_call(arguments, report);
  floors::measure_ring(arguments, report);
  floors::measure_bandwidth(arguments, report);
  floors::measure_mapping(arguments, report);
  report.print(arguments.json);
  return 0;
}
