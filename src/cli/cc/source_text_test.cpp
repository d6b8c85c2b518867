// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/source_text.h"

#include <gtest/gtest.h>

#include <string>

namespace pw::cli {
namespace {

std::string utf16(std::u16string_view text, bool big_endian) {
  std::string bytes;
  for (const char16_t unit : text) {
    const char low = static_cast<char>(unit & 0xFF);
    const char high = static_cast<char>(unit >> 8);
    bytes += big_endian ? high : low;
    bytes += big_endian ? low : high;
  }
  return bytes;
}

TEST(SourceText, LeavesPlainTextAlone) {
  const SourceText source = decode_source("int x;\r\n");
  EXPECT_EQ(source.text, "int x;\r\n");
  EXPECT_FALSE(source.converted);
  EXPECT_FALSE(decode_source("").converted);
}

TEST(SourceText, DropsAUtf8MarkThatCompilersAcceptAnyway) {
  const SourceText source = decode_source("\xEF\xBB\xBFint x;");
  EXPECT_EQ(source.text, "int x;");
  EXPECT_FALSE(source.converted);
}

TEST(SourceText, DecodesUtf16OfBothOrdersWithSurrogates) {
  const std::u16string_view text = u"\xFEFF" u"a\u00E4\u20AC\U0001F600\n";
  for (const bool big_endian : {false, true}) {
    const SourceText source = decode_source(utf16(text, big_endian));
    EXPECT_EQ(source.text, "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80\n");
    EXPECT_TRUE(source.converted);
  }
}

TEST(SourceText, RecognisesUtf16WithoutAMark) {
  EXPECT_EQ(decode_source(utf16(u"int main(void);", false)).text, "int main(void);");
  EXPECT_EQ(decode_source(utf16(u"int main(void);", true)).text, "int main(void);");
  EXPECT_FALSE(decode_source(std::string_view("a\0b\0cdefgh", 10)).converted);
}

TEST(SourceText, ReplacesLoneSurrogatesAndIgnoresAnOddByte) {
  std::string bytes = utf16(u"\xFEFF" u"ab", false);
  bytes += std::string("\x00\xD8", 2);
  bytes += 'c';
  EXPECT_EQ(decode_source(bytes).text, "ab\xEF\xBF\xBD");
}

TEST(SourceText, DropsTheControlZOfDosFiles) {
  const SourceText source = decode_source("int x;\r\n\x1A");
  EXPECT_EQ(source.text, "int x;\r\n");
  EXPECT_TRUE(source.converted);
}

}  // namespace
}  // namespace pw::cli
