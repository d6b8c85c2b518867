// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <nt/rtl.h>
#include <ntstatus.h>
#include <sdkddkver.h>

#include <algorithm>
#include <string>

#include "counting_pool.h"

namespace {

UNICODE_STRING counted(const char16_t* text) {
    UNICODE_STRING string;
    RtlInitUnicodeString(&string, text);
    return string;
}

std::u16string text_of(const UNICODE_STRING& string) { return {string.Buffer, string.Length / sizeof(WCHAR)}; }

TEST(RtlInit, CountsBytesAndCapsLongStrings) {
    EXPECT_EQ(counted(u"abc").Length, 6);
    EXPECT_EQ(counted(u"abc").MaximumLength, 8);
    EXPECT_EQ(counted(nullptr).MaximumLength, 0);
    const std::u16string huge(40'000, u'x');
    EXPECT_EQ(counted(huge.c_str()).Length, 0xFFFC);
    UNICODE_STRING string;
    EXPECT_EQ(RtlInitUnicodeStringEx(&string, huge.c_str()), STATUS_NAME_TOO_LONG);
}

TEST(RtlCopy, TruncatesAndTerminatesWhereThereIsRoom) {
    WCHAR buffer[4] = {u'?', u'?', u'?', u'?'};
    UNICODE_STRING target = {0, sizeof buffer, buffer};
    const UNICODE_STRING two = counted(u"ab"), five = counted(u"abcde");
    RtlCopyUnicodeString(&target, &two);
    EXPECT_EQ(text_of(target), u"ab");
    EXPECT_EQ(buffer[2], 0);
    RtlCopyUnicodeString(&target, &five);
    EXPECT_EQ(text_of(target), u"abcd");
    RtlCopyUnicodeString(&target, nullptr);
    EXPECT_EQ(target.Length, 0);
}

TEST(RtlAppend, RefusesWhatDoesNotFitAndKeepsTheRest) {
    WCHAR buffer[5];
    UNICODE_STRING target = {0, sizeof buffer, buffer};
    EXPECT_EQ(RtlAppendUnicodeToString(&target, u"abc"), STATUS_SUCCESS);
    EXPECT_EQ(RtlAppendUnicodeToString(&target, u"def"), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(text_of(target), u"abc");
    const UNICODE_STRING two = counted(u"de");
    EXPECT_EQ(RtlAppendUnicodeStringToString(&target, &two), STATUS_SUCCESS);
    EXPECT_EQ(text_of(target), u"abcde");
}

TEST(RtlConvert, AllocatedStringsAreFreedOnce) {
    const int before = g_pool_blocks;
    ANSI_STRING ansi;
    RtlInitAnsiString(&ansi, "gr\xC3\xBC\xC3\x9F");
    UNICODE_STRING wide;
    ASSERT_EQ(RtlAnsiStringToUnicodeString(&wide, &ansi, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(text_of(wide), u"grüß");
    EXPECT_EQ(wide.MaximumLength, 10);
    ANSI_STRING back;
    ASSERT_EQ(RtlUnicodeStringToAnsiString(&back, &wide, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(std::string(back.Buffer), "gr\xC3\xBC\xC3\x9F");
    RtlFreeAnsiString(&back);
    RtlFreeUnicodeString(&wide);
    EXPECT_EQ(wide.Buffer, nullptr);
    RtlFreeUnicodeString(&wide);
    EXPECT_EQ(g_pool_blocks, before);
}

TEST(RtlConvert, ASmallBufferGetsATerminatedBeginning) {
    const UNICODE_STRING wide = counted(u"abcdef");
    char buffer[4];
    ANSI_STRING ansi = {0, sizeof buffer, buffer};
    EXPECT_EQ(RtlUnicodeStringToAnsiString(&ansi, &wide, FALSE), STATUS_BUFFER_OVERFLOW);
    EXPECT_STREQ(buffer, "abc");
    ANSI_STRING source;
    RtlInitAnsiString(&source, "abcdef");
    WCHAR units[6];
    UNICODE_STRING target = {0, sizeof units, units};
    EXPECT_EQ(RtlAnsiStringToUnicodeString(&target, &source, FALSE), STATUS_BUFFER_OVERFLOW);
}

TEST(RtlConvert, AnEmptyPoolIsNoMemory) {
    const UNICODE_STRING wide = counted(u"abc");
    ANSI_STRING ansi;
    UNICODE_STRING upper;
    g_pool_is_empty = true;
    EXPECT_EQ(RtlUnicodeStringToAnsiString(&ansi, &wide, TRUE), STATUS_NO_MEMORY);
    EXPECT_EQ(RtlUpcaseUnicodeString(&upper, &wide, TRUE), STATUS_NO_MEMORY);
    g_pool_is_empty = false;
}

TEST(RtlUpcase, WritesInPlaceOrIntoANewBuffer) {
    const UNICODE_STRING lower = counted(u"\\device\\ä");
    UNICODE_STRING upper;
    ASSERT_EQ(RtlUpcaseUnicodeString(&upper, &lower, TRUE), STATUS_SUCCESS);
    EXPECT_EQ(text_of(upper), u"\\DEVICE\\Ä");
    EXPECT_TRUE(RtlEqualUnicodeString(&lower, &upper, TRUE));
    EXPECT_FALSE(RtlEqualUnicodeString(&lower, &upper, FALSE));
    RtlFreeUnicodeString(&upper);
}

TEST(RtlInteger, PrintsAndParses) {
    WCHAR buffer[12];
    UNICODE_STRING string = {0, sizeof buffer, buffer};
    EXPECT_EQ(RtlIntegerToUnicodeString(4294967295u, 10, &string), STATUS_SUCCESS);
    EXPECT_EQ(text_of(string), u"4294967295");
    ULONG value = 0;
    EXPECT_EQ(RtlUnicodeStringToInteger(&string, 0, &value), STATUS_SUCCESS);
    EXPECT_EQ(value, 4294967295u);
    string.MaximumLength = 4;
    EXPECT_EQ(RtlIntegerToUnicodeString(12345, 10, &string), STATUS_BUFFER_OVERFLOW);
    EXPECT_EQ(RtlIntegerToUnicodeString(1, 5, &string), STATUS_INVALID_PARAMETER);
}

TEST(RtlMemory, ComparesTheMatchingBeginning) {
    const char a[] = "abcdef", b[] = "abcxef";
    EXPECT_EQ(RtlCompareMemory(a, b, 6), 3u);
    EXPECT_EQ(RtlCompareMemory(a, a, 6), 6u);
    ULONG words[3] = {7, 7, 8};
    EXPECT_EQ(RtlCompareMemoryUlong(words, sizeof words, 7), 8u);
    RtlFillMemoryUlong(words, sizeof words, 9);
    EXPECT_EQ(RtlCompareMemoryUlong(words, sizeof words, 9), 12u);
    EXPECT_EQ(RtlUlongByteSwap(0x11223344), 0x44332211u);
}

TEST(RtlGuid, RoundTripsThroughPoolText) {
    const GUID guid = {0x12345678, 0x9ABC, 0xDEF0, {1, 2, 3, 4, 5, 6, 7, 8}};
    UNICODE_STRING text;
    ASSERT_EQ(RtlStringFromGUID(guid, &text), STATUS_SUCCESS);
    GUID back;
    EXPECT_EQ(RtlGUIDFromString(&text, &back), STATUS_SUCCESS);
    EXPECT_TRUE(back == guid);
    text.Length -= 2;
    EXPECT_EQ(RtlGUIDFromString(&text, &back), STATUS_INVALID_PARAMETER);
    RtlFreeUnicodeString(&text);
}

TEST(RtlVersion, AnswersBothSizesAndRefusesOthers) {
    RTL_OSVERSIONINFOEXW info{};
    info.dwOSVersionInfoSize = sizeof info;
    EXPECT_EQ(RtlGetVersion(reinterpret_cast<PRTL_OSVERSIONINFOW>(&info)), STATUS_SUCCESS);
    EXPECT_EQ(info.dwMajorVersion, 10u);
    EXPECT_EQ(info.wProductType, VER_NT_WORKSTATION);
    info.dwOSVersionInfoSize = 1;
    EXPECT_EQ(RtlGetVersion(reinterpret_cast<PRTL_OSVERSIONINFOW>(&info)), STATUS_INVALID_PARAMETER);
}

TEST(RtlVersion, IsComparedWithConditions) {
    RTL_OSVERSIONINFOEXW wanted = {};
    wanted.dwOSVersionInfoSize = sizeof(wanted);
    wanted.dwMajorVersion = 6;
    wanted.dwMinorVersion = 3;
    ULONGLONG mask = 0;
    VER_SET_CONDITION(mask, VER_MAJORVERSION, VER_GREATER_EQUAL);
    VER_SET_CONDITION(mask, VER_MINORVERSION, VER_GREATER_EQUAL);
    EXPECT_EQ(RtlVerifyVersionInfo(&wanted, VER_MAJORVERSION | VER_MINORVERSION, mask), STATUS_SUCCESS);
    wanted.dwMajorVersion = 11;
    EXPECT_EQ(RtlVerifyVersionInfo(&wanted, VER_MAJORVERSION | VER_MINORVERSION, mask), STATUS_REVISION_MISMATCH);
    EXPECT_EQ(RtlVerifyVersionInfo(&wanted, 0, mask), STATUS_INVALID_PARAMETER);
    EXPECT_TRUE(RtlIsNtDdiVersionAvailable(NTDDI_WIN10));
    EXPECT_FALSE(RtlIsNtDdiVersionAvailable(0x0B000000));
}

TEST(RtlFindChar, LooksFromBothEndsInsideAndOutsideOfASet) {
    UNICODE_STRING text, set;
    RtlInitUnicodeString(&text, u"a\\Bc\\d");
    RtlInitUnicodeString(&set, u"\\b");
    USHORT position = 99;
    EXPECT_EQ(RtlFindCharInUnicodeString(0, &text, &set, &position), STATUS_SUCCESS);
    EXPECT_EQ(position, 4);  // behind it
    EXPECT_EQ(RtlFindCharInUnicodeString(RTL_FIND_CHAR_IN_UNICODE_STRING_START_AT_END, &text, &set, &position), STATUS_SUCCESS);
    EXPECT_EQ(position, 8);  // before it
    EXPECT_EQ(RtlFindCharInUnicodeString(RTL_FIND_CHAR_IN_UNICODE_STRING_COMPLEMENT_CHAR_SET, &text, &set, &position), STATUS_SUCCESS);
    EXPECT_EQ(position, 2);
    RtlInitUnicodeString(&set, u"b");
    EXPECT_EQ(RtlFindCharInUnicodeString(0, &text, &set, &position), STATUS_NOT_FOUND);
    EXPECT_EQ(position, 0);
    EXPECT_EQ(RtlFindCharInUnicodeString(RTL_FIND_CHAR_IN_UNICODE_STRING_CASE_INSENSITIVE, &text, &set, &position), STATUS_SUCCESS);
    EXPECT_EQ(position, 6);
    EXPECT_EQ(RtlFindCharInUnicodeString(8, &text, &set, &position), STATUS_INVALID_PARAMETER);
}

TEST(RtlStack, StartsWithTheCaller) {
    PVOID frames[8] = {};
    ULONG hash = 0;
    const USHORT count = RtlCaptureStackBackTrace(0, 8, frames, &hash);
    ASSERT_GE(count, 2);
    // The address after this test's call of the routine.
    const auto here = reinterpret_cast<ULONG_PTR>(__builtin_extract_return_addr(frames[0]));
    EXPECT_NE(here, 0u);
    EXPECT_NE(hash, 0u);
    PVOID fewer[8] = {};
    EXPECT_EQ(RtlCaptureStackBackTrace(1, 8, fewer, nullptr), std::min<int>(count, 8) - (count < 8 ? 1 : 0));
    EXPECT_EQ(fewer[0], frames[1]);
    PVOID chain[8] = {};
    EXPECT_GE(RtlWalkFrameChain(chain, 8, 0), 2u);
    EXPECT_EQ(chain[1], frames[1]);
    EXPECT_EQ(RtlWalkFrameChain(chain, 8, 1), 0u);
}

TEST(RtlBitmap, FindsTheFirstOrTheLongestRuns) {
    ULONG words[2] = {0xFF0FF00E, 0x0000FFFF};  // clear: 0, 4-11, 20-23, 48-63
    RTL_BITMAP map;
    RtlInitializeBitMap(&map, words, 64);
    RTL_BITMAP_RUN runs[3] = {};
    EXPECT_EQ(RtlFindClearRuns(&map, runs, 3, FALSE), 3u);
    EXPECT_EQ(runs[0].StartingIndex, 0u);
    EXPECT_EQ(runs[1].StartingIndex, 4u);
    EXPECT_EQ(runs[2].StartingIndex, 20u);
    EXPECT_EQ(RtlFindClearRuns(&map, runs, 3, TRUE), 3u);
    EXPECT_EQ(runs[0].StartingIndex, 48u);
    EXPECT_EQ(runs[0].NumberOfBits, 16u);
    EXPECT_EQ(runs[1].StartingIndex, 4u);
    EXPECT_EQ(runs[2].StartingIndex, 20u);
}

TEST(RtlTime, SecondsOutOfRangeAreRefused) {
    LARGE_INTEGER time;
    ULONG seconds = 0;
    RtlSecondsSince1970ToTime(86'400, &time);
    EXPECT_TRUE(RtlTimeToSecondsSince1970(&time, &seconds));
    EXPECT_EQ(seconds, 86'400u);
    EXPECT_FALSE(RtlTimeToSecondsSince1980(&time, &seconds));
    TIME_FIELDS fields;
    RtlTimeToTimeFields(&time, &fields);
    EXPECT_EQ(fields.Year, 1970);
    EXPECT_EQ(fields.Day, 2);
    EXPECT_EQ(fields.Weekday, 5);
}

TEST(RtlBitmap, FindAndSetTakesTheFirstFreeRun) {
    ULONG words[2];
    RTL_BITMAP map;
    RtlInitializeBitMap(&map, words, 64);
    RtlClearAllBits(&map);
    EXPECT_EQ(RtlFindClearBitsAndSet(&map, 10, 0), 0u);
    EXPECT_EQ(RtlFindClearBitsAndSet(&map, 10, 0), 10u);
    EXPECT_EQ(RtlFindClearBits(&map, 60, 0), MAXULONG);
    EXPECT_EQ(RtlNumberOfSetBits(&map), 20u);
    ULONG first = 0;
    EXPECT_EQ(RtlFindLongestRunClear(&map, &first), 44u);
    EXPECT_EQ(first, 20u);
}

TEST(RtlAvlTable, EnumerationSurvivesDeletionOfItsElement) {
    RTL_AVL_TABLE table;
    RtlInitializeGenericTableAvl(
        &table,
        [](RTL_AVL_TABLE*, PVOID a, PVOID b) {
            const int x = *static_cast<int*>(a), y = *static_cast<int*>(b);
            return x < y ? GenericLessThan : x > y ? GenericGreaterThan : GenericEqual;
        },
        [](RTL_AVL_TABLE*, CLONG bytes) { return std::malloc(bytes); }, [](RTL_AVL_TABLE*, PVOID p) { std::free(p); }, nullptr);
    for (int value = 0; value < 10; ++value) RtlInsertElementGenericTableAvl(&table, &value, sizeof value, nullptr);
    int seen = 0;
    for (PVOID element = RtlEnumerateGenericTableAvl(&table, TRUE); element; element = RtlEnumerateGenericTableAvl(&table, FALSE)) {
        int value = *static_cast<int*>(element);
        EXPECT_EQ(value, seen++);
        EXPECT_TRUE(RtlDeleteElementGenericTableAvl(&table, &value));
    }
    EXPECT_EQ(seen, 10);
    EXPECT_TRUE(RtlIsGenericTableEmptyAvl(&table));
}

}  // namespace
