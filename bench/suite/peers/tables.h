// SPDX-License-Identifier: Apache-2.0
// The tables of what the machine offers besides Partywall, one for each file of this folder. A peer that is not installed
// keeps its rows, which then say so.
#pragma once

#include "suite/rows/row.h"

namespace pw::bench {

[[nodiscard]] std::vector<RowSpec> stream_rows(); // pipe, Unix socket

} // namespace pw::bench
