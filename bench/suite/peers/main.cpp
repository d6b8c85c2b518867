// SPDX-License-Identifier: Apache-2.0
// bench_peers: what `partywall bench` draws beside Partywall. Nothing of Partywall's kernel is in this program.
#include "suite/peers/tables.h"
#include "suite/rows/row_main.h"

int main(int argc, char** argv) {
  using namespace pw::bench;
  std::vector<RowSpec> rows;
  for (const auto table : {stream_rows, boost_rows, fuse_rows, iceoryx_rows, ring_rows}) {
    for (const RowSpec& row : table()) rows.push_back(row);
  }
  return run_rows(argc, argv, rows);
}
