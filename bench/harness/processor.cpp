// SPDX-License-Identifier: Apache-2.0
#include "harness/processor.h"

#include <sched.h>

namespace pw::bench {

bool processor_is_usable(int cpu) {
  cpu_set_t set;
  CPU_ZERO(&set);
  if (cpu < 0 || cpu >= CPU_SETSIZE || sched_getaffinity(0, sizeof set, &set) != 0) return false;
  return CPU_ISSET(static_cast<unsigned>(cpu), &set) != 0;
}

bool pin_this_thread(int cpu) {
  if (cpu < 0 || cpu >= CPU_SETSIZE) return false;
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(static_cast<unsigned>(cpu), &set);
  return sched_setaffinity(0, sizeof set, &set) == 0;
}

std::string placement_text(int cpu_a, int cpu_b) {
  return std::to_string(cpu_a) + "|" + std::to_string(cpu_b);
}

} // namespace pw::bench
