// SPDX-License-Identifier: Apache-2.0
// The Win32 calls that need no kernel.
#include <gtest/gtest.h>
#include <ntstatus.h>

#include <atomic>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "win32/windows.h"
#include "win32/winternl.h"

namespace {

TEST(LastError, BelongsToItsThread) {
    SetLastError(5);
    std::thread([] {
        EXPECT_EQ(GetLastError(), 0u);
        SetLastError(7);
    }).join();
    EXPECT_EQ(GetLastError(), 5u);
}

TEST(StatusToError, FollowsTheDocumentedPairs) {
    EXPECT_EQ(RtlNtStatusToDosError(STATUS_SUCCESS), 0u);
    EXPECT_EQ(RtlNtStatusToDosError(STATUS_INVALID_DEVICE_REQUEST), static_cast<ULONG>(ERROR_INVALID_FUNCTION));
    EXPECT_EQ(RtlNtStatusToDosError(STATUS_OBJECT_NAME_NOT_FOUND), static_cast<ULONG>(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(RtlNtStatusToDosError(STATUS_BUFFER_OVERFLOW), static_cast<ULONG>(ERROR_MORE_DATA));
    EXPECT_EQ(RtlNtStatusToDosError(STATUS_INVALID_PARAMETER_7), static_cast<ULONG>(ERROR_INVALID_PARAMETER));
    EXPECT_EQ(RtlNtStatusToDosError(static_cast<NTSTATUS>(0xC0070005)), static_cast<ULONG>(ERROR_ACCESS_DENIED));
    EXPECT_EQ(RtlNtStatusToDosError(static_cast<NTSTATUS>(0xE0001234)), 0xE0001234u);
    EXPECT_EQ(RtlNtStatusToDosError(static_cast<NTSTATUS>(0xC0FF0001)), static_cast<ULONG>(ERROR_MR_MID_NOT_FOUND));
}

TEST(Heap, KeepsSizesAndRefusesForeignBlocks) {
    HANDLE heap = GetProcessHeap();
    auto* block = static_cast<char*>(HeapAlloc(heap, HEAP_ZERO_MEMORY, 100));
    ASSERT_NE(block, nullptr);
    EXPECT_EQ(reinterpret_cast<ULONG_PTR>(block) % 16, 0u);
    EXPECT_EQ(block[99], 0);
    EXPECT_EQ(HeapSize(heap, 0, block), 100u);
    std::strcpy(block, "kept");
    block = static_cast<char*>(HeapReAlloc(heap, 0, block, 5000));
    EXPECT_STREQ(block, "kept");
    HANDLE other = HeapCreate(0, 0, 0);
    EXPECT_FALSE(HeapFree(other, 0, block));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INVALID_PARAMETER));
    EXPECT_TRUE(HeapFree(heap, 0, block));
    EXPECT_NE(HeapAlloc(other, 0, 10), nullptr);  // freed with its heap: the leak checker sees it otherwise
    EXPECT_TRUE(HeapDestroy(other));
    EXPECT_FALSE(HeapDestroy(heap));
    EXPECT_EQ(HeapAlloc(heap, 0, ~SIZE_T{0}), nullptr);
}

TEST(Heap, HoldsToItsMaximum) {
    HANDLE heap = HeapCreate(0, 0, 4096);
    EXPECT_EQ(HeapAlloc(heap, 0, 5000), nullptr);
    EXPECT_NE(HeapAlloc(heap, 0, 1000), nullptr);
    EXPECT_TRUE(HeapDestroy(heap));
}

TEST(LocalMemory, ZeroesOnRequestAndFreesToNull) {
    auto* block = static_cast<char*>(LocalAlloc(LPTR, 64));
    EXPECT_EQ(block[63], 0);
    EXPECT_EQ(LocalSize(block), 64u);
    EXPECT_EQ(LocalFree(block), nullptr);
    EXPECT_EQ(LocalFree(nullptr), nullptr);
}

TEST(TextConversion, CountsAndConvertsUtf8) {
    char16_t wide[8];
    char narrow[16];
    EXPECT_EQ(MultiByteToWideChar(CP_UTF8, 0, "a\xC3\xA4", -1, nullptr, 0), 3);
    EXPECT_EQ(MultiByteToWideChar(CP_UTF8, 0, "a\xC3\xA4", -1, wide, 8), 3);
    EXPECT_EQ(std::u16string(wide), u"a\u00e4");
    EXPECT_EQ(WideCharToMultiByte(CP_UTF8, 0, wide, 2, narrow, 16, nullptr, nullptr), 3);
    EXPECT_EQ(WideCharToMultiByte(CP_UTF8, 0, wide, -1, narrow, 2, nullptr, nullptr), 0);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INSUFFICIENT_BUFFER));
    EXPECT_EQ(MultiByteToWideChar(CP_UTF8, MB_ERR_INVALID_CHARS, "\xFF", 1, wide, 8), 0);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_NO_UNICODE_TRANSLATION));
    EXPECT_EQ(MultiByteToWideChar(12345, 0, "a", 1, wide, 8), 0);
}

TEST(FormatMessage, FindsTheSystemsTextsAndAllocates) {
    char* text = nullptr;
    const DWORD length = FormatMessageA(FORMAT_MESSAGE_ALLOCATE_BUFFER | FORMAT_MESSAGE_FROM_SYSTEM, nullptr,
                                        ERROR_ACCESS_DENIED, 0, reinterpret_cast<LPSTR>(&text), 0, nullptr);
    ASSERT_NE(length, 0u);
    EXPECT_EQ(std::string(text), "Access is denied.\r\n");
    EXPECT_EQ(LocalFree(text), nullptr);
    char small[4];
    EXPECT_EQ(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, nullptr, 5, 0, small, 4, nullptr), 0u);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_INSUFFICIENT_BUFFER));
    EXPECT_EQ(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM, nullptr, 0xABCDEF, 0, small, 4, nullptr), 0u);
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_MR_MID_NOT_FOUND));
}

TEST(FormatMessage, PutsInsertsInAnyOrder) {
    char buffer[64];
    ULONG_PTR inserts[] = {reinterpret_cast<ULONG_PTR>("one"), 255};
    EXPECT_NE(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, "%2!04x! %1 100%%%n%0rest", 0, 0,
                             buffer, sizeof buffer, reinterpret_cast<va_list*>(inserts)),
              0u);
    EXPECT_STREQ(buffer, "00ff one 100%\r\n");
    EXPECT_NE(FormatMessageA(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_IGNORE_INSERTS, "%1", 0, 0, buffer, 64, nullptr), 0u);
    EXPECT_STREQ(buffer, "%1");
    char16_t wide[32];
    ULONG_PTR wide_inserts[] = {reinterpret_cast<ULONG_PTR>(u"w")};
    EXPECT_EQ(FormatMessageW(FORMAT_MESSAGE_FROM_STRING | FORMAT_MESSAGE_ARGUMENT_ARRAY, u"<%1>", 0, 0, wide, 32,
                             reinterpret_cast<va_list*>(wide_inserts)),
              3u);
    EXPECT_EQ(std::u16string(wide), u"<w>");
}

TEST(Tls, ReadsNullAfterAnIndexIsReused) {
    const DWORD index = TlsAlloc();
    int value = 0;
    EXPECT_TRUE(TlsSetValue(index, &value));
    std::thread([index] { EXPECT_EQ(TlsGetValue(index), nullptr); }).join();
    EXPECT_EQ(TlsGetValue(index), &value);
    EXPECT_TRUE(TlsFree(index));
    EXPECT_FALSE(TlsSetValue(index, &value));
    EXPECT_EQ(TlsAlloc(), index);
    EXPECT_EQ(TlsGetValue(index), nullptr);
    EXPECT_TRUE(TlsFree(index));
}

template <typename Lock, typename Unlock>
void count_under_lock(Lock lock, Unlock unlock) {
    constexpr int k_threads = 4;
    constexpr int k_rounds = 20000;
    long counter = 0;
    std::vector<std::thread> threads;
    for (int i = 0; i < k_threads; ++i) {
        threads.emplace_back([&] {
            for (int round = 0; round < k_rounds; ++round) {
                lock();
                ++counter;
                unlock();
            }
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(counter, long{k_threads} * k_rounds);
}

TEST(CriticalSection, ExcludesAndRecurses) {
    CRITICAL_SECTION section;
    EXPECT_TRUE(InitializeCriticalSectionAndSpinCount(&section, 100));
    count_under_lock([&] { EnterCriticalSection(&section); EnterCriticalSection(&section); },
                     [&] { LeaveCriticalSection(&section); LeaveCriticalSection(&section); });
    EnterCriticalSection(&section);
    std::thread([&] { EXPECT_FALSE(TryEnterCriticalSection(&section)); }).join();
    LeaveCriticalSection(&section);
    EXPECT_EQ(section.LockCount, -1);
    DeleteCriticalSection(&section);
}

TEST(SrwLock, ExcludesWritersAndAdmitsReaders) {
    SRWLOCK lock = SRWLOCK_INIT;
    count_under_lock([&] { AcquireSRWLockExclusive(&lock); }, [&] { ReleaseSRWLockExclusive(&lock); });
    AcquireSRWLockShared(&lock);
    EXPECT_TRUE(TryAcquireSRWLockShared(&lock));
    EXPECT_FALSE(TryAcquireSRWLockExclusive(&lock));
    ReleaseSRWLockShared(&lock);
    ReleaseSRWLockShared(&lock);
    EXPECT_EQ(lock.Ptr, nullptr);
}

TEST(ConditionVariable, HandsOverUnderEitherLock) {
    CRITICAL_SECTION section;
    InitializeCriticalSection(&section);
    SRWLOCK lock = SRWLOCK_INIT;
    CONDITION_VARIABLE first = CONDITION_VARIABLE_INIT;
    CONDITION_VARIABLE second = CONDITION_VARIABLE_INIT;
    bool ready = false;
    bool answered = false;
    std::thread other([&] {
        EnterCriticalSection(&section);
        while (!ready) SleepConditionVariableCS(&first, &section, INFINITE);
        LeaveCriticalSection(&section);
        AcquireSRWLockExclusive(&lock);
        answered = true;
        ReleaseSRWLockExclusive(&lock);
        WakeAllConditionVariable(&second);
    });
    EnterCriticalSection(&section);
    ready = true;
    LeaveCriticalSection(&section);
    WakeConditionVariable(&first);
    AcquireSRWLockExclusive(&lock);
    while (!answered) SleepConditionVariableSRW(&second, &lock, INFINITE, 0);
    ReleaseSRWLockExclusive(&lock);
    other.join();
    AcquireSRWLockExclusive(&lock);
    EXPECT_FALSE(SleepConditionVariableSRW(&second, &lock, 1, 0));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_TIMEOUT));
    ReleaseSRWLockExclusive(&lock);
    DeleteCriticalSection(&section);
}

std::atomic<int> g_initialisations{0};
int g_context alignas(8) = 0;

BOOL WINAPI initialise(PINIT_ONCE, PVOID, PVOID* context) {
    ++g_initialisations;
    if (context != nullptr) *context = &g_context;
    return TRUE;
}

TEST(InitOnce, RunsOnceAndGivesEveryThreadTheContext) {
    INIT_ONCE once = INIT_ONCE_STATIC_INIT;
    std::vector<std::thread> threads;
    for (int i = 0; i < 4; ++i) {
        threads.emplace_back([&] {
            LPVOID context = nullptr;
            EXPECT_TRUE(InitOnceExecuteOnce(&once, &initialise, nullptr, &context));
            EXPECT_EQ(context, &g_context);
        });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(g_initialisations, 1);
    INIT_ONCE async = INIT_ONCE_STATIC_INIT;
    BOOL pending = FALSE;
    EXPECT_TRUE(InitOnceBeginInitialize(&async, INIT_ONCE_ASYNC, &pending, nullptr));
    EXPECT_TRUE(pending);
    EXPECT_TRUE(InitOnceComplete(&async, INIT_ONCE_ASYNC, &g_context));
    EXPECT_FALSE(InitOnceComplete(&async, INIT_ONCE_ASYNC, &g_context));
}

TEST(WaitOnAddress, ReturnsWhenTheValueDiffersOrAWakeComes) {
    std::uint8_t value = 1;
    std::uint8_t compare = 0;
    EXPECT_TRUE(WaitOnAddress(&value, &compare, 1, INFINITE));
    compare = 1;
    EXPECT_FALSE(WaitOnAddress(&value, &compare, 1, 1));
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_TIMEOUT));
    std::thread other([&] {
        __atomic_store_n(&value, std::uint8_t{2}, __ATOMIC_SEQ_CST);
        WakeByAddressSingle(&value);
    });
    while (__atomic_load_n(&value, __ATOMIC_SEQ_CST) == 1) WaitOnAddress(&value, &compare, 1, INFINITE);
    other.join();
    EXPECT_FALSE(WaitOnAddress(&value, &compare, 3, 0));
}

TEST(SystemTime, ConvertsBothWays) {
    FILETIME file_time{};
    SYSTEMTIME time{2024, 2, 0, 29, 23, 59, 58, 123};
    ASSERT_TRUE(SystemTimeToFileTime(&time, &file_time));
    SYSTEMTIME back{};
    ASSERT_TRUE(FileTimeToSystemTime(&file_time, &back));
    EXPECT_EQ(back.wYear, 2024);
    EXPECT_EQ(back.wMonth, 2);
    EXPECT_EQ(back.wDay, 29);
    EXPECT_EQ(back.wDayOfWeek, 4);  // a Thursday
    EXPECT_EQ(back.wSecond, 58);
    EXPECT_EQ(back.wMilliseconds, 123);
    const FILETIME unix_epoch{0xD53E8000, 0x019DB1DE};
    ASSERT_TRUE(FileTimeToSystemTime(&unix_epoch, &back));
    EXPECT_EQ(back.wYear, 1970);
    EXPECT_EQ(back.wDay, 1);
    time.wMonth = 13;
    EXPECT_FALSE(SystemTimeToFileTime(&time, &file_time));
}

TEST(Lstr, TakesNullAndBounds) {
    char buffer[8] = "zzzzzzz";
    EXPECT_EQ(lstrlenA(nullptr), 0);
    EXPECT_EQ(lstrcpynA(buffer, "abcdef", 4), buffer);
    EXPECT_STREQ(buffer, "abc");
    EXPECT_EQ(lstrcmpiW(u"ABC", u"abc"), 0);
    EXPECT_LT(lstrcmpA("a", "b"), 0);
    EXPECT_EQ(wsprintfA(buffer, "%ld", -1), 2);
}

}  // namespace
