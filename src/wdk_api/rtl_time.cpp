// SPDX-License-Identifier: Apache-2.0
// Façade: calendar time and the version of the system.
#include <nt/rtl.h>
#include <ntstatus.h>
#include <ntverp.h>

#include "kernel/rtl/time_fields.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

namespace {

void time_from_seconds(ULONG seconds, std::int64_t epoch_seconds, PLARGE_INTEGER time) {
    time->QuadPart = (seconds + epoch_seconds) * rtl::k_time_units_per_second;
}

// FALSE when the time lies outside what 32 bits of seconds reach.
BOOLEAN seconds_from_time(PLARGE_INTEGER time, std::int64_t epoch_seconds, PULONG seconds) {
    const std::int64_t since = time->QuadPart / rtl::k_time_units_per_second - epoch_seconds;
    if (since < 0 || since > MAXULONG) return FALSE;
    *seconds = static_cast<ULONG>(since);
    return TRUE;
}

}  // namespace

extern "C" {

void NTAPI RtlTimeToTimeFields(PLARGE_INTEGER time, PTIME_FIELDS fields) {
    const rtl::CalendarTime t = rtl::calendar_from_time(time->QuadPart);
    const auto narrow = [](int field) { return static_cast<CSHORT>(field); };
    *fields = {narrow(t.year),   narrow(t.month),  narrow(t.day),         narrow(t.hour),
               narrow(t.minute), narrow(t.second), narrow(t.millisecond), narrow(t.weekday)};
}

BOOLEAN NTAPI RtlTimeFieldsToTime(PTIME_FIELDS f, PLARGE_INTEGER time) {
    const auto value =
        rtl::time_from_calendar({f->Year, f->Month, f->Day, f->Hour, f->Minute, f->Second, f->Milliseconds, f->Weekday});
    if (!value) return FALSE;
    time->QuadPart = *value;
    return TRUE;
}

void NTAPI RtlSecondsSince1970ToTime(ULONG seconds, PLARGE_INTEGER time) {
    time_from_seconds(seconds, rtl::k_seconds_1601_to_1970, time);
}
BOOLEAN NTAPI RtlTimeToSecondsSince1970(PLARGE_INTEGER time, PULONG seconds) {
    return seconds_from_time(time, rtl::k_seconds_1601_to_1970, seconds);
}
void NTAPI RtlSecondsSince1980ToTime(ULONG seconds, PLARGE_INTEGER time) {
    time_from_seconds(seconds, rtl::k_seconds_1601_to_1980, time);
}
BOOLEAN NTAPI RtlTimeToSecondsSince1980(PLARGE_INTEGER time, PULONG seconds) {
    return seconds_from_time(time, rtl::k_seconds_1601_to_1980, seconds);
}

}  // extern "C"
