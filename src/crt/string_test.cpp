// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <string>

#include "crt/crt_api.h"

namespace {

TEST(WideString, SearchesAndCompares) {
    const char16_t text[] = u"hello world";
    EXPECT_EQ(pw_wcslen(text), 11u);
    EXPECT_EQ(pw_wcsnlen(text, 4), 4u);
    EXPECT_EQ(pw_wcschr(text, u'o'), text + 4);
    EXPECT_EQ(pw_wcschr(text, 0), text + 11);
    EXPECT_EQ(pw_wcsrchr(text, u'o'), text + 7);
    EXPECT_EQ(pw_wcsstr(text, u"wor"), text + 6);
    EXPECT_EQ(pw_wcsstr(text, u""), text);
    EXPECT_EQ(pw_wcsstr(text, u"xyz"), nullptr);
    EXPECT_EQ(pw_wcspbrk(text, u"wx"), text + 6);
    EXPECT_LT(pw_wcscmp(u"a", u"b"), 0);
    EXPECT_GT(pw_wcscmp(u"\uFFFF", u"a"), 0);
    EXPECT_EQ(pw_wcsncmp(u"abcX", u"abcY", 3), 0);
    EXPECT_EQ(pw__wcsicmp(u"HeLLo", u"hEllO"), 0);
    EXPECT_EQ(pw__wcsnicmp(u"abX", u"ABy", 2), 0);
}

TEST(WideString, TokenizesWithAContext) {
    char16_t text[] = u",a,,bc,";
    char16_t* context = nullptr;
    EXPECT_EQ(std::u16string(pw_wcstok_s(text, u",", &context)), u"a");
    EXPECT_EQ(std::u16string(pw_wcstok_s(nullptr, u",", &context)), u"bc");
    EXPECT_EQ(pw_wcstok_s(nullptr, u",", &context), nullptr);
}

TEST(SecureString, CopiesOrEmptiesTheTarget) {
    char target[4] = "zzz";
    EXPECT_EQ(pw_strcpy_s(target, 4, "abc"), 0);
    EXPECT_STREQ(target, "abc");
    EXPECT_EQ(pw_strcpy_s(target, 4, "abcd"), ERANGE);
    EXPECT_STREQ(target, "");
    EXPECT_EQ(pw_strcpy_s(target, 0, "a"), EINVAL);
    EXPECT_EQ(pw_strncpy_s(target, 4, "abcdef", 3), 0);
    EXPECT_STREQ(target, "abc");
    EXPECT_EQ(pw_strncpy_s(target, 4, "abcdef", SIZE_MAX), 80);
    EXPECT_STREQ(target, "abc");
    EXPECT_EQ(pw_strcat_s(target, 4, "d"), ERANGE);
    EXPECT_EQ(pw_strcat_s(target, 4, "xy"), 0);
    EXPECT_EQ(pw_strncat_s(target, 4, "zzzz", 1), 0);
    EXPECT_STREQ(target, "xyz");
    char16_t wide[3];
    EXPECT_EQ(pw_wcscpy_s(wide, 3, u"ab"), 0);
    EXPECT_EQ(pw_wcscat_s(wide, 3, u"c"), ERANGE);
    EXPECT_EQ(wide[0], 0);
}

TEST(SecureString, RefusesACopyLargerThanTheTargetAndClearsIt) {
    char target[4] = {1, 2, 3, 4};
    EXPECT_EQ(pw_memcpy_s(target, 4, "abcdefgh", 8), ERANGE);
    EXPECT_EQ(target[3], 0);
    EXPECT_EQ(pw_memcpy_s(target, 4, "abcd", 4), 0);
    EXPECT_EQ(target[3], 'd');
    EXPECT_EQ(pw_memmove_s(target + 1, 3, target, 3), 0);
    EXPECT_EQ(std::string(target, 4), "aabc");
}

TEST(Number, ParsesWithWindowsLimits) {
    EXPECT_EQ(pw_atoi("  -12x"), -12);
    EXPECT_EQ(pw_atoi("99999999999"), INT_MAX);
    EXPECT_EQ(pw_strtol("3000000000", nullptr, 10), INT_MAX);
    EXPECT_EQ(pw_strtoul("-1", nullptr, 10), 0xFFFFFFFFu);
    EXPECT_EQ(pw_strtoul("0x1F", nullptr, 0), 31u);
    EXPECT_EQ(pw__strtoui64("0xFFFFFFFFFFFFFFFF", nullptr, 16), ~0ul);
    errno = 0;
    EXPECT_EQ(pw_wcstoul(u"4294967296", nullptr, 10), 0xFFFFFFFFu);
    EXPECT_EQ(errno, ERANGE);
    char16_t text[] = u"0xz";
    char16_t* end = nullptr;
    EXPECT_EQ(pw_wcstol(text, &end, 16), 0);
    EXPECT_EQ(end, text + 1);
    EXPECT_EQ(pw_wcstod(u"2.5kg", &end), 2.5);
    EXPECT_EQ(*end, u'k');
}

TEST(Number, PrintsInAnyRadix) {
    char b[72];
    EXPECT_STREQ(pw__itoa(-255, b, 10), "-255");
    EXPECT_STREQ(pw__itoa(-255, b, 16), "ffffff01");
    EXPECT_STREQ(pw__ultoa(0xFFFFFFFFu, b, 2), "11111111111111111111111111111111");
    EXPECT_STREQ(pw__i64toa(LONG_MIN, b, 10), "-9223372036854775808");
    EXPECT_EQ(pw__itoa_s(1234, b, 4, 10), ERANGE);
    EXPECT_EQ(pw__itoa_s(1234, b, 5, 10), 0);
    EXPECT_EQ(pw__itoa_s(1, b, 5, 1), EINVAL);
    char16_t w[16];
    EXPECT_EQ(std::u16string(pw__itow(77, w, 10)), u"77");
}

TEST(Multibyte, ConvertsUtf8BothWays) {
    char16_t w[8];
    char b[16];
    EXPECT_EQ(pw_mbstowcs(w, "a\xC3\xA4\xF0\x9F\x98\x80", 8), 4u);
    EXPECT_EQ(std::u16string(w), u"a\u00e4\U0001F600");
    EXPECT_EQ(pw_wcstombs(b, w, 16), 7u);
    EXPECT_STREQ(b, "a\xC3\xA4\xF0\x9F\x98\x80");
    EXPECT_EQ(pw_mbstowcs(nullptr, "\xFF", 0), SIZE_MAX);
    EXPECT_EQ(pw_wcstombs(b, u"\u20ac", 2), 0u);  // half a character is not written
    size_t n = 0;
    EXPECT_EQ(pw_mbstowcs_s(&n, w, 3, "abc", 10), ERANGE);
    EXPECT_EQ(pw_mbstowcs_s(&n, w, 4, "abc", 10), 0);
    EXPECT_EQ(n, 4u);
    EXPECT_EQ(pw_mbtowc(w, "\xE2\x82\xAC", 3), 3);
    EXPECT_EQ(w[0], u'\u20ac');
}

}  // namespace
