// SPDX-License-Identifier: Apache-2.0
// Clocks and calendar: ticks, the performance counter, file times (100 ns since 1601) and calendar times.
#include "platform/clock.h"
#include "win32/errhandlingapi.h"
#include "win32/profileapi.h"
#include "win32/sysinfoapi.h"
#include "win32/timezoneapi.h"
#include "win32/fileapi.h"
#include "win32/winerror.h"

namespace {

constexpr std::int64_t k_unix_epoch = 116444736000000000;  // 1970-01-01 in file time
constexpr std::int64_t k_units_per_second = 10'000'000;
constexpr std::int64_t k_units_per_day = 86'400 * k_units_per_second;
constexpr std::int64_t k_days_to_unix_epoch = 134'774;

std::int64_t current_file_time() { return k_unix_epoch + pw::platform::realtime_ns() / 100; }

FILETIME to_file_time(std::int64_t units) {
    return {static_cast<DWORD>(units), static_cast<DWORD>(units >> 32)};
}

std::int64_t to_units(const FILETIME& time) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime);
}

// Days since 1970-01-01 of a date in the Gregorian calendar, whose year is taken to begin in March.
std::int64_t days_of(std::int64_t year, unsigned month, unsigned day) {
    year -= month <= 2;
    const std::int64_t era = year / 400;
    const auto year_of_era = static_cast<unsigned>(year - era * 400);
    const unsigned day_of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5 + day - 1;
    const unsigned day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146'097 + day_of_era - 719'468;
}

bool is_leap(unsigned year) { return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0); }

bool is_valid(const SYSTEMTIME& time) {
    static constexpr WORD k_days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    if (time.wYear < 1601 || time.wYear > 30827 || time.wMonth < 1 || time.wMonth > 12 || time.wDay < 1) return false;
    const unsigned days = k_days[time.wMonth - 1] + (time.wMonth == 2 && is_leap(time.wYear) ? 1u : 0u);
    return time.wDay <= days && time.wHour < 24 && time.wMinute < 60 && time.wSecond < 60 && time.wMilliseconds < 1000;
}

SYSTEMTIME to_system_time(std::int64_t units) {
    const std::int64_t days = units / k_units_per_day;
    const std::int64_t rest = units % k_units_per_day;
    const std::int64_t shifted = days - k_days_to_unix_epoch + 719'468;
    const std::int64_t era = shifted / 146'097;
    const auto day_of_era = static_cast<unsigned>(shifted - era * 146'097);
    const unsigned year_of_era = (day_of_era - day_of_era / 1'460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const unsigned day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const unsigned month_index = (5 * day_of_year + 2) / 153;
    const unsigned month = month_index < 10 ? month_index + 3 : month_index - 9;
    SYSTEMTIME time{};
    time.wYear = static_cast<WORD>(era * 400 + year_of_era + (month <= 2 ? 1 : 0));
    time.wMonth = static_cast<WORD>(month);
    time.wDay = static_cast<WORD>(day_of_year - (153 * month_index + 2) / 5 + 1);
    time.wDayOfWeek = static_cast<WORD>((days + 1) % 7);  // 1601-01-01 was a Monday
    time.wHour = static_cast<WORD>(rest / (3'600 * k_units_per_second));
    time.wMinute = static_cast<WORD>(rest / (60 * k_units_per_second) % 60);
    time.wSecond = static_cast<WORD>(rest / k_units_per_second % 60);
    time.wMilliseconds = static_cast<WORD>(rest / 10'000 % 1'000);
    return time;
}

BOOL fail() {
    SetLastError(ERROR_INVALID_PARAMETER);
    return FALSE;
}

}  // namespace

ULONGLONG WINAPI GetTickCount64(void) { return static_cast<ULONGLONG>(pw::platform::monotonic_time_ns() / 1'000'000); }
DWORD WINAPI GetTickCount(void) { return static_cast<DWORD>(GetTickCount64()); }

// Ten million per second, as the driver's KeQueryPerformanceCounter: both sides can compare readings.
BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER* count) {
    count->QuadPart = pw::platform::monotonic_time_ns() / 100;
    return TRUE;
}

BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER* frequency) {
    frequency->QuadPart = k_units_per_second;
    return TRUE;
}

void WINAPI GetSystemTimeAsFileTime(LPFILETIME time) { *time = to_file_time(current_file_time()); }
void WINAPI GetSystemTimePreciseAsFileTime(LPFILETIME time) { *time = to_file_time(current_file_time()); }
void WINAPI GetSystemTime(LPSYSTEMTIME time) { *time = to_system_time(current_file_time()); }

BOOL WINAPI FileTimeToSystemTime(const FILETIME* file_time, LPSYSTEMTIME system_time) {
    const std::int64_t units = to_units(*file_time);
    if (units < 0) return fail();
    *system_time = to_system_time(units);
    return TRUE;
}

BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME* system_time, LPFILETIME file_time) {
    if (!is_valid(*system_time)) return fail();
    const std::int64_t days = days_of(system_time->wYear, system_time->wMonth, system_time->wDay) + k_days_to_unix_epoch;
    const std::int64_t seconds = (days * 24 + system_time->wHour) * 3'600 + system_time->wMinute * 60 + system_time->wSecond;
    *file_time = to_file_time(seconds * k_units_per_second + system_time->wMilliseconds * 10'000);
    return TRUE;
}

LONG WINAPI CompareFileTime(const FILETIME* left, const FILETIME* right) {
    const auto a = static_cast<std::uint64_t>(to_units(*left));
    const auto b = static_cast<std::uint64_t>(to_units(*right));
    return a < b ? -1 : a > b ? 1 : 0;
}
