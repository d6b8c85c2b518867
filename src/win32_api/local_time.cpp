// SPDX-License-Identifier: Apache-2.0
// Local time by the machine's time zone; the multimedia timer.
#include "platform/clock.h"
#include "win32/timeapi.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

constexpr std::int64_t units_per_second = 10'000'000;
constexpr UINT shortest_period_ms = 1;
constexpr UINT longest_period_ms = 1'000'000;

std::int64_t units_of(const FILETIME& time) {
    return static_cast<std::int64_t>(static_cast<std::uint64_t>(time.dwHighDateTime) << 32 | time.dwLowDateTime);
}

FILETIME time_of(std::int64_t units) { return {static_cast<DWORD>(units), static_cast<DWORD>(units >> 32)}; }

// "FileTimeToLocalFileTime uses the current settings for the time zone and daylight saving time."
std::int64_t offset_now() { return pw::platform::local_time_offset_seconds() * units_per_second; }

BOOL shift(const FILETIME* from, std::int64_t by_units, FILETIME* to) {
    const std::int64_t units = units_of(*from);
    if (units < 0 || units + by_units < 0) return fail(ERROR_INVALID_PARAMETER);
    *to = time_of(units + by_units);
    return TRUE;
}

}  // namespace

void WINAPI GetLocalTime(LPSYSTEMTIME time) {
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    const FILETIME local = time_of(units_of(now) + offset_now());
    FileTimeToSystemTime(&local, time);
}

BOOL WINAPI FileTimeToLocalFileTime(const FILETIME* file_time, LPFILETIME local) { return shift(file_time, offset_now(), local); }
BOOL WINAPI LocalFileTimeToFileTime(const FILETIME* local, LPFILETIME file_time) { return shift(local, -offset_now(), file_time); }

// With the daylight saving time of that date. Rules of another zone are not known here.
BOOL WINAPI SystemTimeToTzSpecificLocalTime(const TIME_ZONE_INFORMATION* zone, const SYSTEMTIME* universal, LPSYSTEMTIME local) {
    if (zone != nullptr) return fail(ERROR_NOT_SUPPORTED);
    FILETIME time;
    if (!SystemTimeToFileTime(universal, &time)) return FALSE;
    constexpr std::int64_t unix_epoch_units = 116444736000000000;
    const std::int64_t offset = pw::platform::local_time_offset_seconds_at((units_of(time) - unix_epoch_units) / units_per_second);
    FILETIME shifted;
    return shift(&time, offset * units_per_second, &shifted) ? FileTimeToSystemTime(&shifted, local) : FALSE;
}

DWORD WINAPI timeGetTime(void) { return GetTickCount(); }

// The machine's clock always has the finest period; what is asked for is only checked.
MMRESULT WINAPI timeBeginPeriod(UINT period_ms) {
    return period_ms >= shortest_period_ms && period_ms <= longest_period_ms ? TIMERR_NOERROR : TIMERR_NOCANDO;
}
MMRESULT WINAPI timeEndPeriod(UINT period_ms) { return timeBeginPeriod(period_ms); }

MMRESULT WINAPI timeGetDevCaps(LPTIMECAPS capabilities, UINT size_bytes) {
    if (capabilities == nullptr || size_bytes != sizeof(TIMECAPS)) return TIMERR_NOCANDO;
    *capabilities = {shortest_period_ms, longest_period_ms};
    return TIMERR_NOERROR;
}
