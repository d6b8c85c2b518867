// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <ntstatus.h>

#include <string>

#include "kernel/rtl/bitmap.h"
#include "kernel/rtl/guid_text.h"
#include "kernel/rtl/letter_case.h"
#include "kernel/rtl/numbers.h"
#include "kernel/rtl/strings.h"
#include "kernel/rtl/time_fields.h"
#include "kernel/rtl/unicode.h"

namespace pw::rtl {
namespace {

TEST(LetterCase, MapsOneUnitToOneUnitOnly) {
    EXPECT_EQ(upcase(u'z'), u'Z');
    EXPECT_EQ(upcase(u'ä'), u'Ä');
    EXPECT_EQ(upcase(u'ÿ'), u'Ÿ');
    EXPECT_EQ(upcase(u'я'), u'Я');
    EXPECT_EQ(downcase(u'Σ'), u'σ');
    EXPECT_EQ(upcase(u'ß'), u'ß');
    EXPECT_EQ(upcase(u'ı'), u'ı');
    EXPECT_EQ(upcase(u'µ'), u'µ');
    EXPECT_EQ(upcase(u'7'), u'7');
}

TEST(Strings, CompareByUpperCaseThenLength) {
    EXPECT_EQ(compare(u"abc", u"ABC", Case::kInsensitive), 0);
    EXPECT_GT(compare(u"abc", u"ABC", Case::kSensitive), 0);
    EXPECT_EQ(compare(u"ab", u"abcd", Case::kSensitive), -2);
    // In upper case '_' sorts after 'A': the insensitive order differs from the sensitive one.
    EXPECT_LT(compare(u"a", u"_", Case::kInsensitive), 0);
    EXPECT_GT(compare(u"a", u"_", Case::kSensitive), 0);
}

TEST(Strings, PrefixAndSuffixAreNoLongerThanTheText) {
    EXPECT_TRUE(is_prefix(u"\\DEV", u"\\Device\\X", Case::kInsensitive));
    EXPECT_FALSE(is_prefix(u"\\DEV", u"\\Device\\X", Case::kSensitive));
    EXPECT_FALSE(is_prefix(u"longer", u"long", Case::kSensitive));
    EXPECT_TRUE(is_prefix(u"", u"", Case::kSensitive));
    EXPECT_TRUE(is_suffix(u".SYS", u"foo.sys", Case::kInsensitive));
    EXPECT_FALSE(is_suffix(u"foo.sys", u".sys", Case::kInsensitive));
}

TEST(Strings, HashFollowsTheDocumentedMultiplier) {
    EXPECT_EQ(hash_x65599(u"ab", Case::kSensitive), 97u * 65599u + 98u);
    EXPECT_EQ(hash_x65599(u"ab", Case::kInsensitive), hash_x65599(u"AB", Case::kSensitive));
}

TEST(Numbers, BaseZeroReadsThePrefix) {
    EXPECT_EQ(parse_integer(u"0x1F", 0).value().value, 31u);
    EXPECT_EQ(parse_integer(u"0o17", 0).value().value, 15u);
    EXPECT_EQ(parse_integer(u"0b101", 0).value().value, 5u);
    EXPECT_EQ(parse_integer(u"42", 0).value().value, 42u);
}

TEST(Numbers, BlanksSignAndTrailingTextAreTolerated) {
    const auto parsed = parse_integer(u"  -12abc", 10);
    ASSERT_TRUE(parsed.is_ok());
    EXPECT_EQ(static_cast<std::int64_t>(parsed.value().value), -12);
    EXPECT_EQ(parsed.value().consumed, 5u);
    EXPECT_EQ(parse_integer(u"none", 10).value().value, 0u);
    EXPECT_EQ(parse_integer(u"", 16).value().value, 0u);
    EXPECT_EQ(parse_integer("FF", 16).value().value, 255u);
}

TEST(Numbers, AnUnknownBaseIsRefused) {
    char16_t out[k_longest_integer];
    EXPECT_EQ(parse_integer(u"1", 7).status(), Status(STATUS_INVALID_PARAMETER));
    EXPECT_EQ(print_integer(1, 3, out).status(), Status(STATUS_INVALID_PARAMETER));
}

TEST(Numbers, PrintsUpperCaseDigits) {
    char16_t out[k_longest_integer];
    EXPECT_EQ(std::u16string(out, print_integer(0xBEEF, 16, out).value()), u"BEEF");
    EXPECT_EQ(std::u16string(out, print_integer(0, 0, out).value()), u"0");
    EXPECT_EQ(print_integer(~0ul, 2, out).value(), 64u);
}

TEST(Unicode, PairsAndIllFormedSequencesConvert) {
    char16_t wide[8];
    const Converted grin = utf8_to_utf16("\xF0\x9F\x98\x80", wide, 8);
    EXPECT_EQ(std::u16string(wide, grin.units), u"😀");
    EXPECT_FALSE(grin.replaced);
    char narrow[8];
    EXPECT_EQ(std::string(narrow, utf16_to_utf8(u"😀", narrow, 8).units), "\xF0\x9F\x98\x80");
    for (const char* bad : {"\xC0\x80", "\xED\xA0\x80", "\xF4\x90\x80\x80", "\xFF"}) {
        const Converted converted = utf8_to_utf16(bad, wide, 8);
        EXPECT_TRUE(converted.replaced);
        EXPECT_EQ(wide[0], 0xFFFD);
    }
    EXPECT_TRUE(utf16_to_utf8(std::u16string_view(u"\xD800", 1), narrow, 8).replaced);
}

TEST(Unicode, ACharacterThatDoesNotFitIsNotSplit) {
    char narrow[3];
    const Converted cut = utf16_to_utf8(u"aä€", narrow, 3);
    EXPECT_EQ(cut.units, 3u);
    EXPECT_EQ(cut.consumed, 2u);
    EXPECT_FALSE(cut.complete);
    EXPECT_EQ(utf16_to_utf8(u"aä€", nullptr, 0).units, 6u);
}

TEST(TimeFields, EpochsAndLeapDaysRoundTrip) {
    const CalendarTime first = calendar_from_time(0);
    EXPECT_EQ(first.year, 1601);
    EXPECT_EQ(first.month, 1);
    EXPECT_EQ(first.day, 1);
    EXPECT_EQ(first.weekday, 1);
    EXPECT_EQ(time_from_calendar({1970, 1, 1, 0, 0, 0, 0, 0}), k_seconds_1601_to_1970 * k_time_units_per_second);
    EXPECT_EQ(time_from_calendar({1980, 1, 1, 0, 0, 0, 0, 0}), k_seconds_1601_to_1980 * k_time_units_per_second);
    for (const CalendarTime& t : {CalendarTime{2000, 2, 29, 23, 59, 59, 999, 2}, CalendarTime{1999, 12, 31, 1, 2, 3, 4, 5},
                                  CalendarTime{2024, 3, 1, 0, 0, 0, 0, 5}}) {
        const auto time = time_from_calendar(t);
        ASSERT_TRUE(time.has_value());
        const CalendarTime back = calendar_from_time(*time);
        EXPECT_EQ(back.year, t.year);
        EXPECT_EQ(back.month, t.month);
        EXPECT_EQ(back.day, t.day);
        EXPECT_EQ(back.hour, t.hour);
        EXPECT_EQ(back.millisecond, t.millisecond);
        EXPECT_EQ(back.weekday, t.weekday);
    }
}

TEST(TimeFields, EveryDayOfFourCenturiesRoundTrips) {
    for (std::int64_t day = 0; day < 146'097; ++day) {
        const std::int64_t time = day * 86'400 * k_time_units_per_second;
        ASSERT_EQ(time_from_calendar(calendar_from_time(time)), time) << day;
    }
}

TEST(TimeFields, ImpossibleDatesAreRefused) {
    EXPECT_FALSE(time_from_calendar({1900, 2, 29, 0, 0, 0, 0, 0}).has_value());
    EXPECT_FALSE(time_from_calendar({2000, 13, 1, 0, 0, 0, 0, 0}).has_value());
    EXPECT_FALSE(time_from_calendar({1600, 12, 31, 0, 0, 0, 0, 0}).has_value());
    EXPECT_FALSE(time_from_calendar({2000, 1, 1, 24, 0, 0, 0, 0}).has_value());
}

TEST(GuidText, RoundTripsAndRefusesOtherShapes) {
    const GUID guid = {0x12345678, 0x9ABC, 0xDEF0, {1, 2, 3, 4, 5, 6, 7, 0xFF}};
    char16_t text[k_guid_text_units];
    print_guid(guid, text);
    EXPECT_EQ(std::u16string(text, k_guid_text_units), u"{12345678-9ABC-DEF0-0102-0304050607FF}");
    const auto back = parse_guid({text, k_guid_text_units});
    ASSERT_TRUE(back.has_value());
    EXPECT_TRUE(*back == guid);
    EXPECT_FALSE(parse_guid(u"12345678-9ABC-DEF0-0102-0304050607FF").has_value());
    EXPECT_FALSE(parse_guid(u"{12345678-9ABC-DEF0-0102+0304050607FF}").has_value());
    EXPECT_FALSE(parse_guid(u"{12345678-9ABC-DEF0-0102-0304050607FG}").has_value());
}

TEST(Bitmap, FindsRunsAcrossWordsAndFromTheHint) {
    std::uint32_t words[3] = {};
    Bitmap map(words, 70);
    map.assign_range(0, 70, true);
    map.assign_range(30, 8, false);
    map.assign_range(60, 10, false);
    EXPECT_EQ(map.find(8, 0, false), 30u);
    EXPECT_EQ(map.find(8, 40, false), 60u);
    EXPECT_EQ(map.find(9, 0, false), 60u);
    EXPECT_EQ(map.find(11, 0, false), std::nullopt);
    EXPECT_EQ(map.find(8, 65, false), 30u);
    EXPECT_EQ(map.longest_run(false)->length, 10u);
    EXPECT_EQ(map.longest_run(true)->first, 0u);
    EXPECT_EQ(map.count(false), 18u);
    EXPECT_EQ(map.count(true), 52u);
    EXPECT_EQ(map.previous_run(59, false)->first, 30u);
    EXPECT_EQ(map.previous_run(29, false), std::nullopt);
}

TEST(Bitmap, RangesThatLeaveTheMapAreNeitherSetNorClear) {
    std::uint32_t words[1] = {};
    Bitmap map(words, 20);
    EXPECT_TRUE(map.is_range(0, 20, false));
    EXPECT_FALSE(map.is_range(0, 21, false));
    EXPECT_FALSE(map.is_range(20, 1, false));
    EXPECT_FALSE(map.is_range(0, 0, false));
    map.assign_range(15, 100, true);
    EXPECT_EQ(words[0], 0x000F8000u);
}

}  // namespace
}  // namespace pw::rtl
