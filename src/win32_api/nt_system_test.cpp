// SPDX-License-Identifier: Apache-2.0
#include <gtest/gtest.h>
#include <ntstatus.h>

#include "exceptions/exceptions.h"
#include "win32/windows.h"
#include "win32/winternl.h"

namespace {

TEST(NtQuerySystemInformation, TellsWhatGetSystemInfoTells) {
    SYSTEM_INFO info;
    GetSystemInfo(&info);
    SYSTEM_BASIC_INFORMATION basic{};
    ULONG returned = 0;
    ASSERT_EQ(NtQuerySystemInformation(SystemBasicInformation, &basic, sizeof basic, &returned), STATUS_SUCCESS);
    EXPECT_EQ(returned, sizeof basic);
    EXPECT_EQ(basic.PageSize, info.dwPageSize);
    EXPECT_EQ(static_cast<DWORD>(basic.NumberOfProcessors), info.dwNumberOfProcessors);
    EXPECT_EQ(basic.AllocationGranularity, 65536u);
}

TEST(NtQuerySystemInformation, TellsTheTime) {
    SYSTEM_TIMEOFDAY_INFORMATION time{};
    ASSERT_EQ(NtQuerySystemInformation(SystemTimeOfDayInformation, &time, sizeof time, nullptr), STATUS_SUCCESS);
    EXPECT_LT(time.BootTime.QuadPart, time.CurrentTime.QuadPart);
}

TEST(NtQuerySystemInformation, RefusesOtherLengthsClassesAndBadBuffers) {
    pw_faults_install();  // as the runtime does
    SYSTEM_BASIC_INFORMATION basic{};
    ULONG returned = 0;
    EXPECT_EQ(NtQuerySystemInformation(SystemBasicInformation, &basic, sizeof basic - 1, &returned), STATUS_INFO_LENGTH_MISMATCH);
    EXPECT_EQ(returned, sizeof basic);
    EXPECT_EQ(NtQuerySystemInformation(SystemBasicInformation, nullptr, sizeof basic, nullptr), STATUS_ACCESS_VIOLATION);
    EXPECT_EQ(NtQuerySystemInformation(SystemProcessInformation, &basic, sizeof basic, nullptr),
              STATUS_INVALID_INFO_CLASS);
}

}  // namespace
