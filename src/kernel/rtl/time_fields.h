// SPDX-License-Identifier: Apache-2.0
// NT time (100 ns since 1601-01-01 UTC, Gregorian) and calendar fields.
#pragma once

#include <cstdint>
#include <optional>

namespace pw::rtl {

struct CalendarTime {
    int year;  // 1601 … 30827
    int month;
    int day;
    int hour;
    int minute;
    int second;
    int millisecond;
    int weekday;  // 0 is Sunday
};

inline constexpr std::int64_t k_time_units_per_second = 10'000'000;
inline constexpr std::int64_t k_seconds_1601_to_1970 = 11'644'473'600;
inline constexpr std::int64_t k_seconds_1601_to_1980 = 11'960'006'400;

[[nodiscard]] CalendarTime calendar_from_time(std::int64_t time_100ns);
// nullopt for a field out of range (a 30th of February, a month 13, a year before 1601). The weekday is not read.
[[nodiscard]] std::optional<std::int64_t> time_from_calendar(const CalendarTime& fields);

}  // namespace pw::rtl
