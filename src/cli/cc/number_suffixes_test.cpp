// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/number_suffixes.h"

#include <gtest/gtest.h>

#include <string>

namespace pw::cli {
namespace {

std::string replaced(std::string_view source) {
  TextEdits edits;
  replace_number_suffixes(source, edits);
  return edits.apply(source);
}

TEST(NumberSuffixes, BecomeTheStandardsOfTheSameWidth) {
  EXPECT_EQ(replaced("x = 10i64 + 0xFFui64 - 1I64;"), "x = 10LL  + 0xFFULL  - 1LL ;");
  EXPECT_EQ(replaced("char c = 5i8; unsigned u = 7UI32;"), "char c = 5  ; unsigned u = 7U   ;");
}

TEST(NumberSuffixes, BecomeSoInDirectives) {
  EXPECT_EQ(replaced("#define SECOND (-10000000i64) /* 5i64 */\n#if 1ui64\n#endif\n"),
            "#define SECOND (-10000000LL ) /* 5i64 */\n#if 1ULL \n#endif\n");
}

TEST(NumberSuffixes, OfTheStandardAndWhatOnlyLooksLikeOneStay) {
  const std::string_view same = "int i64 = 1; long l = 2L; auto s = \"10i64\"; // 3i64\nx.ui8 = 0x1u;\n";
  EXPECT_EQ(replaced(same), same);
}

}  // namespace
}  // namespace pw::cli
