// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <cstdio>
#include <string>

#include "crt/crt_api.h"

namespace {

constexpr size_t k_truncate = SIZE_MAX;

TEST(Printf, SnprintfTerminatesAndReturnsTheWholeLength) {
    char b[4] = "zzz";
    EXPECT_EQ(pw_snprintf(b, 4, "%s", "abcdef"), 6);
    EXPECT_STREQ(b, "abc");
    EXPECT_EQ(pw_snprintf(nullptr, 0, "%d", 12345), 5);
}

TEST(Printf, LegacySnprintfReturnsMinusOneAndWritesNoTerminator) {
    char b[5] = {'z', 'z', 'z', 'z', 'z'};
    EXPECT_EQ(pw__snprintf(b, 3, "abcd"), -1);
    EXPECT_EQ(std::string(b, 5), "abczz");
    EXPECT_EQ(pw__snprintf(b, 4, "wxyz"), 4);
    EXPECT_EQ(b[4], 'z');
    EXPECT_EQ(pw__snprintf(b, 5, "wxyz"), 4);
    EXPECT_EQ(b[4], 0);
    EXPECT_EQ(pw__scprintf("%05d", 1), 5);
}

TEST(Printf, SecureFunctionsEmptyTheBufferOnOverflow) {
    char b[4] = "abc";
    EXPECT_EQ(pw_sprintf_s(b, 4, "%d", 1234), -1);
    EXPECT_EQ(errno, ERANGE);
    EXPECT_STREQ(b, "");
    EXPECT_EQ(pw__snprintf_s(b, 4, k_truncate, "%d", 12345), -1);
    EXPECT_STREQ(b, "123");
    EXPECT_EQ(pw__snprintf_s(b, 4, 2, "%d", 12345), -1);
    EXPECT_STREQ(b, "12");
    EXPECT_EQ(pw_sprintf_s(b, 4, "%d", 123), 3);
    EXPECT_EQ(pw_sprintf_s(nullptr, 4, "x"), -1);
    EXPECT_EQ(errno, EINVAL);
}

TEST(Printf, WideFunctionsFailWhereTheTextDoesNotFit) {
    char16_t b[4];
    EXPECT_EQ(pw_swprintf(b, 4, u"%d", 1234), -1);
    EXPECT_EQ(b[3], 0);
    EXPECT_EQ(pw_swprintf(b, 4, u"%d", 123), 3);
    EXPECT_EQ(pw__snwprintf(b, 3, u"abc"), 3);
    EXPECT_EQ(pw__snwprintf(b, 2, u"abc"), -1);
    EXPECT_EQ(pw_swprintf_s(b, 4, u"%d", 1234), -1);
    EXPECT_EQ(b[0], 0);
}

TEST(Printf, StreamsMixNarrowAndWideTextAsUtf8) {
    char* text = nullptr;
    size_t size = 0;
    FILE* stream = open_memstream(&text, &size);
    EXPECT_EQ(pw_fprintf(stream, "%s-%ld ", "narrow", -1), 10);
    EXPECT_EQ(pw_fwprintf(stream, u"w\u00e4\U0001F600%d", 5), 5);
    EXPECT_EQ(pw_fputws(u"\u20ac", stream), 0);
    pw_fputwc(0xD83D, stream);
    pw_fputwc(0xDE00, stream);
    std::fclose(stream);
    EXPECT_EQ(std::string(text, size), "narrow--1 w\xC3\xA4\xF0\x9F\x98\x80" "5\xE2\x82\xAC\xF0\x9F\x98\x80");
    std::free(text);
}

TEST(Printf, LongTextsReachTheStreamWhole) {
    char* text = nullptr;
    size_t size = 0;
    FILE* stream = open_memstream(&text, &size);
    const std::string large(5000, 'x');
    EXPECT_EQ(pw_fprintf(stream, "%s%2000d", large.c_str(), 1), 7000);
    std::fclose(stream);
    EXPECT_EQ(std::string(text, size), large + std::string(1999, ' ') + "1");
    std::free(text);
}

TEST(Printf, WideReadingGivesPairsInTwoUnits) {
    char bytes[] = "a\xF0\x9F\x98\x80\xC3\xA4\n" "b";
    FILE* stream = fmemopen(bytes, sizeof bytes - 1, "r");
    char16_t line[16];
    ASSERT_NE(pw_fgetws(line, 16, stream), nullptr);
    EXPECT_EQ(std::u16string(line), u"a\U0001F600\u00e4\n");
    EXPECT_EQ(pw_fgetwc(stream), u'b');
    EXPECT_EQ(static_cast<int>(pw_fgetwc(stream)), -1);
    std::fclose(stream);
}

TEST(Scanf, TakesThirtyTwoBitsForLongAndSixtyFourForI64) {
    unsigned guarded[2] = {0, 0xAAAAAAAA};
    long long big = 0;
    EXPECT_EQ(pw_sscanf("-7 1234567890123", "%ld %I64d", static_cast<void*>(guarded), &big), 2);
    EXPECT_EQ(guarded[0], 0xFFFFFFF9u);
    EXPECT_EQ(guarded[1], 0xAAAAAAAAu);
    EXPECT_EQ(big, 1234567890123);
}

TEST(Scanf, ReadsIntegersInEveryBase) {
    int a = 0, b = 0, c = 0, d = 0, e = 0;
    short s = 0;
    EXPECT_EQ(pw_sscanf("12 0x1f 017 ff 0xAB 70000", "%d %i %i %x %x %hd", &a, &b, &c, &d, &e, static_cast<void*>(&s)), 6);
    EXPECT_EQ(a, 12);
    EXPECT_EQ(b, 31);
    EXPECT_EQ(c, 15);
    EXPECT_EQ(d, 255);
    EXPECT_EQ(e, 0xAB);
    EXPECT_EQ(s, static_cast<short>(70000));
    EXPECT_EQ(pw_sscanf("0", "%x", &a), 1);
    EXPECT_EQ(a, 0);
    EXPECT_EQ(pw_sscanf("123456", "%3d%2d", &a, &b), 2);
    EXPECT_EQ(a, 123);
    EXPECT_EQ(b, 45);
}

TEST(Scanf, ReadsStringsSetsAndCharacters) {
    char word[16], set[16], two[2];
    char16_t wide[16];
    EXPECT_EQ(pw_sscanf("hello abc123 xy w\xC3\xA4", "%s %[a-z]%*d %2c %S", word, set, two, wide), 4);
    EXPECT_STREQ(word, "hello");
    EXPECT_STREQ(set, "abc");
    EXPECT_EQ(std::string(two, 2), "xy");
    EXPECT_EQ(std::u16string(wide), u"w\u00e4");
    EXPECT_EQ(pw_sscanf("key=value;", "%[^=]=%[^;]", word, set), 2);
    EXPECT_STREQ(set, "value");
    EXPECT_EQ(pw_swscanf(u"w\u00e4 narrow", u"%s %hs", wide, word), 2);
    EXPECT_STREQ(word, "narrow");
}

TEST(Scanf, SecureFunctionsStopAtABufferThatIsTooSmall) {
    char word[4] = "zzz";
    int n = 0;
    EXPECT_EQ(pw_sscanf_s("5 abcd", "%d %s", &n, word, 4u), 1);
    EXPECT_STREQ(word, "");
    EXPECT_EQ(pw_sscanf_s("5 abc", "%d %s", &n, word, 4u), 2);
    EXPECT_STREQ(word, "abc");
}

TEST(Scanf, ReturnsEofOnEmptyInputAndZeroOnMismatch) {
    int n = 0;
    EXPECT_EQ(pw_sscanf("", "%d", &n), -1);
    EXPECT_EQ(pw_sscanf("x", "%d", &n), 0);
    EXPECT_EQ(pw_sscanf("1 x", "%d %d", &n, &n), 1);
    float f = 0;
    double d = 0;
    EXPECT_EQ(pw_sscanf("1.5 -2e3", "%f %lf%n", static_cast<void*>(&f), &d, &n), 2);
    EXPECT_EQ(f, 1.5F);
    EXPECT_EQ(d, -2000.0);
    EXPECT_EQ(n, 8);
}

}  // namespace
