// SPDX-License-Identifier: Apache-2.0
// The tables of what the machine offers besides Partywall, one for each file of this folder. A peer that is not installed
// keeps its rows, which then say so.
#pragma once

#include "suite/rows/row.h"

namespace pw::bench {

[[nodiscard]] std::vector<RowSpec> stream_rows(); // pipe, Unix socket
[[nodiscard]] std::vector<RowSpec> ring_rows();   // partywall/ring.h, Boost's ring
[[nodiscard]] std::vector<RowSpec> iceoryx_rows();
[[nodiscard]] std::vector<RowSpec> boost_rows(); // message queue
[[nodiscard]] std::vector<RowSpec> fuse_rows();

} // namespace pw::bench
