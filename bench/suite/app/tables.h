// SPDX-License-Identifier: Apache-2.0
// The application's tables of rows, one for each file of this folder. To add a row, add it to one of them.
#pragma once

#include "suite/rows/row.h"

namespace pw::bench {

[[nodiscard]] std::vector<RowSpec> round_trip_rows();
[[nodiscard]] std::vector<RowSpec> direct_rows();
[[nodiscard]] std::vector<RowSpec> overlapped_rows();
[[nodiscard]] std::vector<RowSpec> mapping_rows();
[[nodiscard]] std::vector<RowSpec> view_rows();
[[nodiscard]] std::vector<RowSpec> event_rows();
[[nodiscard]] std::vector<RowSpec> growth_rows();
[[nodiscard]] std::vector<RowSpec> memory_rows();

} // namespace pw::bench
