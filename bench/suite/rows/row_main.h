// SPDX-License-Identifier: Apache-2.0
// The main function of the programs that `partywall bench` starts: goes through a table of rows, one JSON line for each
// figure.
#pragma once

#include "suite/rows/row.h"

#include <vector>

namespace pw::bench {

// Understands: --list, --mode embedded|awake|asleep|peer, --once, --quick, --row TEXT, --cpu-a N, --cpu-b N,
// --host-process PID, --results N (a descriptor; 1 if not given). `before` is called once before the first measurement and
// says why nothing can be measured, or nothing. Returns the program's exit code: 2 for wrong usage.
[[nodiscard]] int run_rows(int argc, char** argv, const std::vector<RowSpec>& rows,
                           std::string (*before)(const Run& run) = nullptr);

} // namespace pw::bench
