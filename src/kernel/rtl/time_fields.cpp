// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/time_fields.h"

namespace pw::rtl {
namespace {

constexpr std::int64_t k_units_per_day = 86'400 * k_time_units_per_second;
constexpr std::int64_t k_days_per_400_years = 146'097;
// Years are counted from March, so that a leap day ends its year; day 0 of this count is 1600-03-01.
constexpr std::int64_t k_days_from_march_1600_to_1601 = 306;

bool is_leap(int year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

int days_in_month(int year, int month) {
    constexpr int k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return month == 2 && is_leap(year) ? 29 : k_days[month - 1];
}

}  // namespace

CalendarTime calendar_from_time(std::int64_t time_100ns) {
    // Times before 1601 have no fields; NT's routine takes the bits as they come, so does this for what is in range.
    const std::int64_t day = time_100ns / k_units_per_day;
    const std::int64_t rest = time_100ns % k_units_per_day;
    const std::int64_t shifted = day + k_days_from_march_1600_to_1601;
    const std::int64_t era = shifted / k_days_per_400_years;
    const std::int64_t day_of_era = shifted % k_days_per_400_years;
    const std::int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    const std::int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month_from_march = (5 * day_of_year + 2) / 153;

    CalendarTime fields;
    fields.day = static_cast<int>(day_of_year - (153 * month_from_march + 2) / 5 + 1);
    fields.month = static_cast<int>(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
    fields.year = static_cast<int>(1600 + era * 400 + year_of_era) + (fields.month <= 2 ? 1 : 0);
    fields.weekday = static_cast<int>((day + 1) % 7);  // 1601-01-01 was a Monday
    const std::int64_t milliseconds = rest / 10'000;
    fields.millisecond = static_cast<int>(milliseconds % 1000);
    fields.second = static_cast<int>(milliseconds / 1000 % 60);
    fields.minute = static_cast<int>(milliseconds / 60'000 % 60);
    fields.hour = static_cast<int>(milliseconds / 3'600'000);
    return fields;
}

std::optional<std::int64_t> time_from_calendar(const CalendarTime& f) {
    if (f.year < 1601 || f.year > 30827 || f.month < 1 || f.month > 12 || f.day < 1 || f.day > days_in_month(f.year, f.month) ||
        f.hour < 0 || f.hour > 23 || f.minute < 0 || f.minute > 59 || f.second < 0 || f.second > 59 || f.millisecond < 0 ||
        f.millisecond > 999) {
        return std::nullopt;
    }
    const std::int64_t year = f.year - 1600 - (f.month <= 2 ? 1 : 0);
    const std::int64_t month_from_march = (f.month + 9) % 12;
    const std::int64_t day_of_year = (153 * month_from_march + 2) / 5 + f.day - 1;
    const std::int64_t day = year * 365 + year / 4 - year / 100 + year / 400 + day_of_year - k_days_from_march_1600_to_1601;
    const std::int64_t milliseconds = ((f.hour * 60LL + f.minute) * 60 + f.second) * 1000 + f.millisecond;
    return day * k_units_per_day + milliseconds * 10'000;
}

}  // namespace pw::rtl
