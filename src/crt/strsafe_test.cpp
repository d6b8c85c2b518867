// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>

#include <cstddef>
#include <string>

extern "C" {
int StringCchCopyA(char* target, size_t size, const char* source);
int StringCbCopyW(char16_t* target, size_t size, const char16_t* source);
int StringCchCatA(char* target, size_t size, const char* source);
int StringCchCatExA(char* target, size_t size, const char* source, char** end, size_t* left, unsigned flags);
int StringCchCopyExA(char* target, size_t size, const char* source, char** end, size_t* left, unsigned flags);
int StringCbCopyNW(char16_t* target, size_t size, const char16_t* source, size_t count);
int StringCchPrintfA(char* target, size_t size, const char* text, ...);
int StringCbPrintfW(char16_t* target, size_t size, const char16_t* text, ...);
int StringCbLengthW(const char16_t* text, size_t maximum, size_t* length);
int RtlStringCbPrintfW(char16_t* target, size_t size, const char16_t* text, ...);
int RtlStringCbCopyExA(char* target, size_t size, const char* source, char** end, size_t* left, unsigned flags);
}

namespace {

constexpr int k_insufficient = static_cast<int>(0x8007007A);
constexpr int k_invalid = static_cast<int>(0x80070057);

TEST(StrSafe, CutsAndSaysSo) {
    char b[4];
    EXPECT_EQ(StringCchCopyA(b, 4, "abc"), 0);
    EXPECT_EQ(StringCchCopyA(b, 4, "abcd"), k_insufficient);
    EXPECT_STREQ(b, "abc");
    EXPECT_EQ(StringCchCopyA(b, 0, "a"), k_invalid);
    EXPECT_EQ(StringCchCopyA(b, 1, "a"), k_insufficient);
    EXPECT_STREQ(b, "");
}

TEST(StrSafe, CountsBytesInTheCbFamily) {
    char16_t w[4];
    EXPECT_EQ(StringCbCopyW(w, sizeof w, u"abc"), 0);
    EXPECT_EQ(StringCbCopyW(w, sizeof w, u"abcd"), k_insufficient);
    EXPECT_EQ(StringCbCopyNW(w, sizeof w, u"abcd", 4), 0);
    EXPECT_EQ(std::u16string(w), u"ab");
    size_t length = 9;
    EXPECT_EQ(StringCbLengthW(w, sizeof w, &length), 0);
    EXPECT_EQ(length, 4u);
    EXPECT_EQ(StringCbLengthW(u"abcdef", 8, &length), k_invalid);
}

TEST(StrSafe, AppendsOnlyToATerminatedString) {
    char b[6] = "ab";
    EXPECT_EQ(StringCchCatA(b, 6, "cd"), 0);
    EXPECT_EQ(StringCchCatA(b, 6, "ef"), k_insufficient);
    EXPECT_STREQ(b, "abcde");
    EXPECT_EQ(StringCchCatA(b, 3, "x"), k_invalid);
}

TEST(StrSafe, ObeysTheFlagsOfTheExFunctions) {
    char b[8];
    char* end = nullptr;
    size_t left = 0;
    EXPECT_EQ(StringCchCopyExA(b, 8, "abc", &end, &left, 0x200 | 'x'), 0);
    EXPECT_EQ(end, b + 3);
    EXPECT_EQ(left, 5u);
    EXPECT_EQ(std::string(b, 8), std::string("abc\0xxxx", 8));
    EXPECT_EQ(StringCchCopyExA(b, 4, "abcdef", &end, &left, 0x1000), k_insufficient);
    EXPECT_STREQ(b, "");
    EXPECT_EQ(StringCchCopyExA(b, 8, "ab", nullptr, nullptr, 0), 0);
    EXPECT_EQ(StringCchCatExA(b, 4, "cdef", nullptr, nullptr, 0x1000), k_insufficient);
    EXPECT_STREQ(b, "ab");
    EXPECT_EQ(StringCchCopyExA(nullptr, 0, nullptr, nullptr, nullptr, 0x100), 0);
    EXPECT_EQ(StringCchCopyExA(b, 8, nullptr, nullptr, nullptr, 0), k_invalid);
}

TEST(StrSafe, PrintsWithMicrosoftsFormats) {
    char b[8];
    char16_t w[8];
    EXPECT_EQ(StringCchPrintfA(b, 8, "%ld-%S", -1, u"ab"), 0);
    EXPECT_STREQ(b, "-1-ab");
    EXPECT_EQ(StringCchPrintfA(b, 4, "%d", 12345), k_insufficient);
    EXPECT_STREQ(b, "123");
    EXPECT_EQ(StringCbPrintfW(w, sizeof w, u"%s-%hs", u"a", "b"), 0);
    EXPECT_EQ(std::u16string(w), u"a-b");
}

TEST(NtStrSafe, AnswersStatusValues) {
    char16_t w[4];
    char b[4];
    size_t left = 0;
    EXPECT_EQ(RtlStringCbPrintfW(w, sizeof w, u"%d", 123), 0);
    EXPECT_EQ(RtlStringCbPrintfW(w, sizeof w, u"%d", 1234), static_cast<int>(0x80000005));
    EXPECT_EQ(RtlStringCbCopyExA(b, sizeof b, "ab", nullptr, &left, 0), 0);
    EXPECT_EQ(left, 2u);
    EXPECT_EQ(RtlStringCbCopyExA(nullptr, 4, "ab", nullptr, &left, 0), static_cast<int>(0xC000000D));
}

}  // namespace
