// SPDX-License-Identifier: Apache-2.0
// The cheapest possible entry into Linux and back.
#include "floors/floors.h"
#include "harness/processor.h"

#include <sys/syscall.h>
#include <unistd.h>

namespace pw::bench::floors {

void measure_null_system_call(const Arguments& arguments, Report& report) {
  if (!arguments.wants("null system call")) return;
  const auto calls = [](std::size_t count) {
    for (std::size_t i = 0; i < count; ++i) syscall(SYS_getppid); // libc caches getpid on some systems, never this
  };
  const Comparison twice = run_a_a([&] { return time_batch(calls, 5000); }, Effort::of(arguments.quick));
  report.add(row_of_a_a("null system call", std::to_string(arguments.cpu_a), "ns/call", twice));
}

} // namespace pw::bench::floors
