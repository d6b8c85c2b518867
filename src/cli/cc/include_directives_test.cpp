// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/include_directives.h"

#include <gtest/gtest.h>

namespace pw::cli {
namespace {

std::string names(std::string_view source) {
  std::string all;
  for (const IncludeDirective& include : find_includes(source)) {
    all += (all.empty() ? "" : " ") + std::string(source.substr(include.offset, include.length));
  }
  return all;
}

TEST(IncludeDirectives, FindsBothFormsInAnySpacing) {
  EXPECT_EQ(names("#include <Windows.h>\n  #  include\t\"..\\inc\\x.h\" // why\n#include<a.h>\n"),
            "<Windows.h> \"..\\inc\\x.h\" <a.h>");
}

TEST(IncludeDirectives, FindsThemInInactiveBranchesAndBehindUnpairedQuotes) {
  EXPECT_EQ(names("#if 0\nthis isn't code\n#include <a.h>\n#endif\n#error don't\n#include <b.h>\n"), "<a.h> <b.h>");
}

TEST(IncludeDirectives, SeesNoneInCommentsStringsAndRawStrings) {
  EXPECT_EQ(names("/* \n#include <a.h>\n*/\nchar* s = \"\\\n#include <b.h>\";\nauto r = R\"x(\n#include <c.h>\n)x\";\n"), "");
}

TEST(IncludeDirectives, FollowsContinuedLinesWithWindowsLineEnds) {
  EXPECT_EQ(names("#define X \\\r\n#include <a.h>\r\n#include <b.h>\r\n"), "<b.h>");
}

TEST(IncludeDirectives, LeavesMacroIncludesAndBrokenOnesAlone) {
  EXPECT_EQ(names("#include HEADER\n#include \"\"\n#include <unclosed\n#include\n#"), "");
}

}  // namespace
}  // namespace pw::cli
