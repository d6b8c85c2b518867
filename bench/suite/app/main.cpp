// SPDX-License-Identifier: Apache-2.0
// bench_app: the application of `partywall bench`. Which kernel it meets is decided by who starts it.
#include "suite/app/child.h"
#include "suite/app/tables.h"
#include "suite/rows/row_main.h"

int main(int argc, char** argv) {
  using namespace pw::bench;
  if (const int child = child_main(argc, argv); child >= 0) return child;
  std::vector<RowSpec> rows;
  // Memory first: what other rows leave in the heaps would hide it.
  for (const auto table : {memory_rows, round_trip_rows, direct_rows, overlapped_rows, mapping_rows, view_rows, event_rows, growth_rows}) {
    for (const RowSpec& row : table()) rows.push_back(row);
  }
  return run_rows(argc, argv, rows);
}
