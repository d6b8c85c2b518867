// SPDX-License-Identifier: Apache-2.0
// What drivers have left of a process that has ended: a report with driver, size and who took it.
#pragma once

#include <string>
#include <vector>

#include "kernel/memory/holdings.h"

namespace pw::nt {

class Kernel;

// One line per holding and some indented ones for its callers. Reads debug information: slow, PASSIVE_LEVEL, no lock held.
[[nodiscard]] std::vector<std::string> describe_leftovers(Kernel& kernel, const std::vector<mm::Holding>& holdings);

}  // namespace pw::nt
