// SPDX-License-Identifier: Apache-2.0
#include "cli/tools/text_table.h"

#include <gtest/gtest.h>

namespace pw::cli {
namespace {

TEST(TextTable, AlignsColumnsAndLeavesNoBlanksAtTheEnd) {
  TextTable table({{"NAME"}, {"PAGES", TextTable::Align::right}, {"OF"}});
  table.add({"a", "1", "long text"});
  table.add({"longer", "1000", ""});
  EXPECT_EQ(table.text(false), "NAME    PAGES  OF\na           1  long text\nlonger   1000\n");
}

TEST(TextTable, ControlCharactersOfOthersDoNotReachTheTerminal) {
  TextTable table({{"NAME"}});
  table.add({"a\x1b[2J\nb"});
  EXPECT_EQ(table.text(false), "NAME\na?[2J?b\n");
}

TEST(TextTable, BytesAreShownInTheLargestUnitThatFits) {
  EXPECT_EQ(human_bytes(0), "0 B");
  EXPECT_EQ(human_bytes(4096), "4 KiB");
  EXPECT_EQ(human_bytes(1536 * 1024), "1.5 MiB");
  EXPECT_EQ(human_bytes(1ull << 33), "8 GiB");
}

}  // namespace
}  // namespace pw::cli
