// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/long_words.h"

#include <gtest/gtest.h>

#include <string>

namespace pw::cli {
namespace {

std::string replaced(std::string_view source) {
  TextEdits edits;
  replace_long(source, edits);
  return edits.apply(source);
}

TEST(LongWords, BecomeIntWhateverStandsAroundThem) {
  EXPECT_EQ(replaced("long a; unsigned long b; volatile long c;"), "int  a; unsigned int  b; volatile int  c;");
  EXPECT_EQ(replaced("long int a; int unsigned long b; long const *p;"), "int      a; int unsigned      b; int  const *p;");
  EXPECT_EQ(replaced("x = (long)y + sizeof(unsigned long); f<long, signed long>();"),
            "x = (int )y + sizeof(unsigned int ); f<int , signed int >();");
}

TEST(LongWords, OfLongerTypesStay) {
  const std::string_view same = "long long a; unsigned long long int b; long double c; long/* */long d; longjmp(e); \"long\";";
  EXPECT_EQ(replaced(same), same);
}

TEST(LongWords, BecomeIntInMacros) {
  EXPECT_EQ(replaced("#define WORD32 unsigned long /* long */\n#include <long.h>\n#define BIG long long\n"),
            "#define WORD32 unsigned int  /* long */\n#include <long.h>\n#define BIG long long\n");
}

TEST(LongWords, LoseTheirSuffixWhereTheNumberFits) {
  EXPECT_EQ(replaced("a = 5L + 0xffUL - 017l; b = 0x80000000L; c = 4294967295UL; d = 1'000L;"),
            "a = 5  + 0xffU  - 017 ; b = 0x80000000 ; c = 4294967295U ; d = 1'000 ;");
}

TEST(LongWords, KeepTheSuffixOfLongerNumbers) {
  const std::string_view same = "a = 5LL; b = 0x100000000L; c = 1.0L; d = 2147483648L; e = 7ull; L'x'; L\"y\"; f = 1e5L;";
  EXPECT_EQ(replaced(same), same);
}

}  // namespace
}  // namespace pw::cli
