// SPDX-License-Identifier: Apache-2.0
#include "crt/format.h"

#include <gtest/gtest.h>

#include <climits>
#include <cstdarg>
#include <string>

#include "crt/crt_api.h"

namespace {

std::string print(const char* format, ...) {
    char buffer[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = pw_vsnprintf(buffer, sizeof buffer, format, arguments);
    va_end(arguments);
    if (length < 0) return "refused";
    EXPECT_EQ(static_cast<size_t>(length), std::string(buffer).size());
    return buffer;
}

std::u16string print_wide(const char16_t* format, ...) {
    char16_t buffer[512];
    va_list arguments;
    va_start(arguments, format);
    const int length = pw_vswprintf(buffer, 512, format, arguments);
    va_end(arguments);
    return length < 0 ? u"refused" : std::u16string(buffer);
}

struct CountedText {
    unsigned short length_bytes;
    unsigned short maximum_bytes;
    const void* buffer;
};

TEST(Format, TakesThirtyTwoBitsForLong) {
    EXPECT_EQ(print("%ld %lu %lx", -1, 0xFFFFFFFFu, 0xFFFFFFFFu), "-1 4294967295 ffffffff");
    EXPECT_EQ(print("%ld|%d", -2, 3), "-2|3");
}

TEST(Format, KnowsMicrosoftsSizes) {
    EXPECT_EQ(print("%I64d %I64u %I64x", LLONG_MIN, ULLONG_MAX, 0x1234567890ull),
              "-9223372036854775808 18446744073709551615 1234567890");
    EXPECT_EQ(print("%I32d %Iu %Ix %zu %td", -5, ~0ul, ~0ul, 7ul, -7l),
              "-5 18446744073709551615 ffffffffffffffff 7 -7");
    EXPECT_EQ(print("%hd %hu %hhd %hhu", 0x18000, 0x1FFFF, 0x180, 0x1FF), "-32768 65535 -128 255");
    EXPECT_EQ(print("%lld %jd", -1ll, -2l), "-1 -2");
}

TEST(Format, PrintsPointersAsSixteenUpperCaseDigits) {
    EXPECT_EQ(print("%p", reinterpret_cast<void*>(0xABCDEFul)), "0000000000ABCDEF");
    EXPECT_EQ(print("%p", static_cast<void*>(nullptr)), "0000000000000000");
    EXPECT_EQ(print("%18p|", reinterpret_cast<void*>(1ul)), "  0000000000000001|");
}

TEST(Format, TakesNarrowAndWideStringsInBothDirections) {
    EXPECT_EQ(print("%s %S %hs %ls %ws", "a", u"b", "c", u"d", u"e"), "a b c d e");
    EXPECT_EQ(print("%c%C%hc%lc%wc", 'a', u'b', 'c', u'd', u'e'), "abcde");
    EXPECT_EQ(print_wide(u"%s %S %hs %ls %ws %hS", u"a", "b", "c", u"d", u"e", "f"), u"a b c d e f");
    EXPECT_EQ(print_wide(u"%c%C%hc", u'a', 'b', 'c'), u"abc");
}

TEST(Format, TakesCountedStringsWithoutTerminator) {
    const CountedText wide{6, 6, u"abcdef"};
    const CountedText narrow{2, 2, "xyz"};
    const CountedText none{0, 0, nullptr};
    EXPECT_EQ(print("[%wZ][%Z][%.2wZ][%5wZ]", static_cast<const void*>(&wide), static_cast<const void*>(&narrow), static_cast<const void*>(&wide), static_cast<const void*>(&wide)),
              "[abc][xy][ab][  abc]");
    EXPECT_EQ(print("%wZ %wZ", static_cast<const void*>(&none), static_cast<const void*>(nullptr)), "(null) (null)");
    EXPECT_EQ(print_wide(u"%wZ %Z", static_cast<const void*>(&wide), static_cast<const void*>(&narrow)), u"abc xy");
}

TEST(Format, PrintsNullForNullStrings) {
    EXPECT_EQ(print("%s %S %.3s", nullptr, nullptr, nullptr), "(null) (null) (nu");
    EXPECT_EQ(print_wide(u"%s", nullptr), u"(null)");
}

TEST(Format, NeverReadsBeyondThePrecision) {
    const char text[3] = {'a', 'b', 'c'};  // no terminator: address sanitizer sees a read beyond
    const char16_t wide[2] = {u'x', u'y'};
    EXPECT_EQ(print("%.3s %.2ls", static_cast<const void*>(text), static_cast<const void*>(wide)), "abc xy");
    EXPECT_EQ(print("%.*s|%.0s|", 2, text, text), "ab||");
}

TEST(Format, ConvertsBetweenUtf8AndUtf16) {
    EXPECT_EQ(print("%ls", u"\u00e4\u20ac\U0001F600"), "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80");
    EXPECT_EQ(print_wide(u"%hs", "\xC3\xA4\xE2\x82\xAC\xF0\x9F\x98\x80"), u"\u00e4\u20ac\U0001F600");
    EXPECT_EQ(print("%.3ls|", u"\u00e4\u20ac"), "\xC3\xA4|");  // the second character does not fit whole
    const char16_t lone[] = {0xD800, u'x', 0};
    EXPECT_EQ(print("%ls", lone), "\xEF\xBF\xBDx");
}

TEST(Format, ObeysFlagsWidthAndPrecision) {
    EXPECT_EQ(print("[%5d][%-5d][%05d][%+d][% d]", 42, 42, 42, 42, 42), "[   42][42   ][00042][+42][ 42]");
    EXPECT_EQ(print("[%.4d][%8.4d][%-8.4d][%08.4d]", 42, 42, 42, 42), "[0042][    0042][0042    ][    0042]");
    EXPECT_EQ(print("[%#x][%#X][%#o][%#x]", 255, 255, 8, 0), "[0xff][0XFF][010][0]");
    EXPECT_EQ(print("[%#010x][%-#8x]", 255, 255), "[0x000000ff][0xff    ]");
    EXPECT_EQ(print("[%*d][%-*d][%*d][%.*d]", 4, 1, 4, 1, -4, 1, 3, 7), "[   1][1   ][1   ][007]");
    EXPECT_EQ(print("[%.0d][%.0x]", 0, 0), "[][]");
    EXPECT_EQ(print("[%3c][%-3c][%6s][%-6s]", 'x', 'x', "ab", "ab"), "[  x][x  ][    ab][ab    ]");
}

TEST(Format, PrintsFloatingPoint) {
    EXPECT_EQ(print("%f %.2f %e %g %G", 1.5, 2.345, 12345.678, 0.0001, 1e-10), "1.500000 2.35 1.234568e+04 0.0001 1E-10");
    EXPECT_EQ(print("[%8.2f][%-8.2f][%08.2f][%+.1f]", -1.5, 1.5, -1.5, 2.0), "[   -1.50][1.50    ][-0001.50][+2.0]");
    EXPECT_EQ(print("%a %.1Lf", 1.0, 2.5L), "0x1p+0 2.5");
    EXPECT_EQ(print("%f %05f", __builtin_inf(), -__builtin_inf()), "inf  -inf");
    EXPECT_EQ(print_wide(u"%.3f", 3.14159), u"3.142");
}

TEST(Format, RefusesN) {
    int count = 7;
    EXPECT_EQ(print("abc%n", &count), "refused");
    EXPECT_EQ(count, 7);
}

TEST(Format, PrintsWhatIsNoConversion) {
    EXPECT_EQ(print("100%% %y %"), "100% y ");
    EXPECT_EQ(print("%5"), "");
}

TEST(Format, RefusesMoreThanIntMaxUnits) {
    EXPECT_EQ(pw_snprintf(nullptr, 0, "%2147483647d%d", 1, 2), -1);
    EXPECT_EQ(pw_snprintf(nullptr, 0, "%2147483647d", 1), INT_MAX);
}

}  // namespace
