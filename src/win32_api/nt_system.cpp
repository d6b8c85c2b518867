// SPDX-License-Identifier: Apache-2.0
// NtQuerySystemInformation, as far as an application's own process knows the answer.
#include <ntstatus.h>

#include <cstddef>
#include <cstdint>

#include "exceptions/exceptions.h"
#include "platform/clock.h"
#include "win32/sysinfoapi.h"
#include "win32/winternl.h"

namespace {

constexpr ULONG timer_resolution_100ns = 156'250;
constexpr LONGLONG unix_epoch_100ns = 116'444'736'000'000'000;  // 1970-01-01 in units since 1601

// "ReturnLength: the size of the requested information", also when the buffer has another one.
template <typename T>
NTSTATUS give(const T& information, PVOID buffer, ULONG length_bytes, PULONG returned) {
    constexpr ULONG needed = sizeof(T);
    if (returned != nullptr && pw_guarded_copy(returned, &needed, sizeof needed, nullptr) != 0) return STATUS_ACCESS_VIOLATION;
    if (length_bytes != needed) return STATUS_INFO_LENGTH_MISMATCH;
    return pw_guarded_copy(buffer, &information, needed, nullptr) == 0 ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

SYSTEM_BASIC_INFORMATION basic_information() {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    SYSTEM_BASIC_INFORMATION basic{};
    basic.TimerResolution = timer_resolution_100ns;
    basic.PageSize = info.dwPageSize;
    basic.AllocationGranularity = info.dwAllocationGranularity;
    basic.MinimumUserModeAddress = reinterpret_cast<ULONG_PTR>(info.lpMinimumApplicationAddress);
    basic.MaximumUserModeAddress = reinterpret_cast<ULONG_PTR>(info.lpMaximumApplicationAddress);
    basic.ActiveProcessorsAffinityMask = info.dwActiveProcessorMask;
    basic.NumberOfProcessors = static_cast<CCHAR>(info.dwNumberOfProcessors);
    return basic;
}

SYSTEM_TIMEOFDAY_INFORMATION time_of_day() {
    SYSTEM_TIMEOFDAY_INFORMATION time{};
    time.CurrentTime.QuadPart = unix_epoch_100ns + pw::platform::realtime_ns() / 100;
    time.BootTime.QuadPart = time.CurrentTime.QuadPart - static_cast<LONGLONG>(GetTickCount64()) * 10'000;
    return time;
}

}  // namespace

extern "C" NTSTATUS NTAPI NtQuerySystemInformation(SYSTEM_INFORMATION_CLASS information_class, PVOID buffer, ULONG length_bytes,
                                                   PULONG returned) {
    switch (information_class) {
        case SystemBasicInformation: return give(basic_information(), buffer, length_bytes, returned);
        case SystemTimeOfDayInformation: return give(time_of_day(), buffer, length_bytes, returned);
        default: return STATUS_INVALID_INFO_CLASS;
    }
}
