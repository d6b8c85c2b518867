// SPDX-License-Identifier: Apache-2.0
// Attribute lists of CreateProcess, and due times of the thread pool: what needs no kernel.
#include "win32_api/process_attributes.h"

#include <gtest/gtest.h>

#include <limits>
#include <memory>

#include "win32_api/file_time.h"

namespace pw::win32 {
namespace {

// As mingw-w64's headers have them for x64 Windows.
static_assert(sizeof(STARTUPINFOEXW) == 112 && offsetof(STARTUPINFOEXW, lpAttributeList) == 104);
static_assert(sizeof(STARTUPINFOEXA) == 112 && offsetof(STARTUPINFOEXA, lpAttributeList) == 104);
static_assert(sizeof(TP_POOL_STACK_INFORMATION) == 16 && offsetof(TP_POOL_STACK_INFORMATION, StackCommit) == 8);
static_assert(sizeof(TP_CALLBACK_ENVIRON_V3) == 72 && offsetof(TP_CALLBACK_ENVIRON_V3, Pool) == 8 &&
              offsetof(TP_CALLBACK_ENVIRON_V3, CleanupGroup) == 16 &&
              offsetof(TP_CALLBACK_ENVIRON_V3, CleanupGroupCancelCallback) == 24 &&
              offsetof(TP_CALLBACK_ENVIRON_V3, RaceDll) == 32 && offsetof(TP_CALLBACK_ENVIRON_V3, ActivationContext) == 40 &&
              offsetof(TP_CALLBACK_ENVIRON_V3, FinalizationCallback) == 48 && offsetof(TP_CALLBACK_ENVIRON_V3, u) == 56 &&
              offsetof(TP_CALLBACK_ENVIRON_V3, CallbackPriority) == 60 && offsetof(TP_CALLBACK_ENVIRON_V3, Size) == 64);

class AttributeList : public ::testing::Test {
protected:
    LPPROC_THREAD_ATTRIBUTE_LIST make(DWORD count) {
        SIZE_T bytes = 0;
        EXPECT_FALSE(InitializeProcThreadAttributeList(nullptr, count, 0, &bytes));
        EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INSUFFICIENT_BUFFER));
        memory_ = std::make_unique<std::uint64_t[]>((bytes + 7) / 8);
        auto* const list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(memory_.get());
        EXPECT_TRUE(InitializeProcThreadAttributeList(list, count, 0, &bytes));
        return list;
    }
    static DWORD error_of(BOOL result) {
        EXPECT_FALSE(result);
        return GetLastError();
    }
    std::unique_ptr<std::uint64_t[]> memory_;
    HANDLE handles_[3] = {reinterpret_cast<HANDLE>(4), reinterpret_cast<HANDLE>(8), reinterpret_cast<HANDLE>(12)};
};

TEST_F(AttributeList, TellsHowMuchMemoryItNeeds) {
    SIZE_T bytes = 8;
    std::uint64_t small[1] = {};
    auto* const list = reinterpret_cast<LPPROC_THREAD_ATTRIBUTE_LIST>(small);
    EXPECT_EQ(error_of(InitializeProcThreadAttributeList(list, 1, 0, &bytes)), static_cast<DWORD>(ERROR_INSUFFICIENT_BUFFER));
    EXPECT_GT(bytes, 8u);
    EXPECT_EQ(error_of(InitializeProcThreadAttributeList(nullptr, 1, 1, &bytes)), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
    EXPECT_EQ(error_of(InitializeProcThreadAttributeList(nullptr, 1, 0, nullptr)), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
}

TEST_F(AttributeList, KeepsAPointerToTheHandles) {
    auto* const list = make(1);
    std::span<const HANDLE> found;
    EXPECT_FALSE(list->handle_list(&found));
    ASSERT_TRUE(UpdateProcThreadAttribute(list, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_, sizeof handles_, nullptr, nullptr));
    ASSERT_TRUE(list->handle_list(&found));
    EXPECT_EQ(found.data(), handles_);
    EXPECT_EQ(found.size(), 3u);
    DeleteProcThreadAttributeList(list);
    EXPECT_NE(list->magic, _PROC_THREAD_ATTRIBUTE_LIST::valid);
}

TEST_F(AttributeList, RefusesWhatItCannotDoInsteadOfForgettingIt) {
    auto* const list = make(1);
    const auto update = [&](DWORD_PTR attribute, void* value, SIZE_T bytes) {
        return UpdateProcThreadAttribute(list, 0, attribute, value, bytes, nullptr, nullptr);
    };
    EXPECT_EQ(error_of(update(PROC_THREAD_ATTRIBUTE_PARENT_PROCESS, handles_, sizeof(HANDLE))), static_cast<DWORD>(ERROR_NOT_SUPPORTED));
    EXPECT_EQ(error_of(update(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_, 0)), static_cast<DWORD>(ERROR_BAD_LENGTH));
    EXPECT_EQ(error_of(update(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_, 12)), static_cast<DWORD>(ERROR_BAD_LENGTH));
    EXPECT_TRUE(update(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_, 8));
    EXPECT_EQ(error_of(update(PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_, 8)), static_cast<DWORD>(ERROR_OBJECT_NAME_EXISTS));
    auto* const empty = make(0);
    EXPECT_EQ(error_of(UpdateProcThreadAttribute(empty, 0, PROC_THREAD_ATTRIBUTE_HANDLE_LIST, handles_, 8, nullptr, nullptr)),
              static_cast<DWORD>(ERROR_GEN_FAILURE));
}

FILETIME time_of(std::int64_t value) {
    const auto bits = static_cast<std::uint64_t>(value);
    return {static_cast<DWORD>(bits), static_cast<DWORD>(bits >> 32)};
}

TEST(PoolTimes, AreIntervalsWhenNegativeAndPointsInTimeElse) {
    EXPECT_EQ(milliseconds_until(time_of(0)), 0u);
    EXPECT_EQ(milliseconds_until(time_of(-1)), 1u);  // rounded up: never early
    EXPECT_EQ(milliseconds_until(time_of(-10'000)), 1u);
    EXPECT_EQ(milliseconds_until(time_of(-10'001)), 2u);
    EXPECT_EQ(milliseconds_until(time_of(std::numeric_limits<std::int64_t>::min())), 922'337'203'685'478u);
    EXPECT_EQ(milliseconds_until(time_of(1)), 0u);  // long over
    FILETIME now;
    GetSystemTimeAsFileTime(&now);
    const std::uint64_t left = milliseconds_until(time_of(value_of(now) + 36'000'000'000));
    EXPECT_LE(left, 3'600'000u);
    EXPECT_GT(left, 3'000'000u);
}

}  // namespace
}  // namespace pw::win32
