// SPDX-License-Identifier: Apache-2.0
// What console programs ask of the system around their work: versions, clocks, processors, text, the console.
#include <gtest/gtest.h>
#include <ntverp.h>

#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

#include "exceptions/exceptions.h"
#include "win32/mmsystem.h"
#include "win32/psapi.h"
#include "win32/shellapi.h"
#include "win32/windows.h"
#include "win32/winternl.h"

namespace {

DWORD last_error_of(BOOL result) { return result ? 0 : GetLastError(); }
DWORD error(LONG value) { return static_cast<DWORD>(value); }
ULONGLONG units(const FILETIME& time) { return static_cast<ULONGLONG>(time.dwHighDateTime) << 32 | time.dwLowDateTime; }

TEST(Version, IsTheOneThatDriversSee) {
    OSVERSIONINFOEXW info{};
    info.dwOSVersionInfoSize = sizeof info;
    ASSERT_TRUE(GetVersionExW(reinterpret_cast<LPOSVERSIONINFOW>(&info)));
    EXPECT_EQ(info.dwMajorVersion, static_cast<DWORD>(VER_PRODUCTMAJORVERSION));
    EXPECT_EQ(info.dwBuildNumber, static_cast<DWORD>(VER_PRODUCTBUILD));
    EXPECT_EQ(info.dwPlatformId, static_cast<DWORD>(VER_PLATFORM_WIN32_NT));
    EXPECT_EQ(info.wProductType, VER_NT_WORKSTATION);
    EXPECT_EQ(GetVersion() & 0xFF, info.dwMajorVersion);
    EXPECT_EQ(GetVersion() >> 16, info.dwBuildNumber);
    OSVERSIONINFOA narrow{};
    EXPECT_EQ(last_error_of(GetVersionExA(&narrow)), error(ERROR_INSUFFICIENT_BUFFER));
    narrow.dwOSVersionInfoSize = sizeof narrow;
    EXPECT_TRUE(GetVersionExA(&narrow));
    EXPECT_EQ(narrow.dwBuildNumber, info.dwBuildNumber);
}

TEST(LocalTime, IsUtcMovedByTheZone) {
    FILETIME now;
    FILETIME local;
    FILETIME back;
    GetSystemTimeAsFileTime(&now);
    ASSERT_TRUE(FileTimeToLocalFileTime(&now, &local));
    ASSERT_TRUE(LocalFileTimeToFileTime(&local, &back));
    EXPECT_EQ(units(now), units(back));
    SYSTEMTIME universal{};
    universal.wYear = 2020;
    universal.wMonth = 6;
    universal.wDay = 15;
    universal.wHour = 12;
    SYSTEMTIME there{};
    EXPECT_TRUE(SystemTimeToTzSpecificLocalTime(nullptr, &universal, &there));
    EXPECT_EQ(there.wYear, 2020);
    TIME_ZONE_INFORMATION zone{};
    EXPECT_EQ(last_error_of(SystemTimeToTzSpecificLocalTime(&zone, &universal, &there)), error(ERROR_NOT_SUPPORTED));
    GetLocalTime(&there);
    EXPECT_GE(there.wYear, 2020);
    TIMECAPS capabilities{};
    EXPECT_EQ(timeGetDevCaps(&capabilities, sizeof capabilities), static_cast<MMRESULT>(TIMERR_NOERROR));
    EXPECT_EQ(timeBeginPeriod(capabilities.wPeriodMin), static_cast<MMRESULT>(TIMERR_NOERROR));
    EXPECT_EQ(timeEndPeriod(capabilities.wPeriodMin), static_cast<MMRESULT>(TIMERR_NOERROR));
    EXPECT_EQ(timeBeginPeriod(0), static_cast<MMRESULT>(TIMERR_NOCANDO));
    const DWORD before = timeGetTime();
    EXPECT_LE(timeGetTime() - before, 0x7FFFFFFFu);
}

TEST(Usage, IsToldOfTheMachineTheProcessAndTheThread) {
    MEMORYSTATUSEX memory{};
    EXPECT_EQ(last_error_of(GlobalMemoryStatusEx(&memory)), error(ERROR_INVALID_PARAMETER));
    memory.dwLength = sizeof memory;
    ASSERT_TRUE(GlobalMemoryStatusEx(&memory));
    EXPECT_GT(memory.ullTotalPhys, memory.ullAvailPhys);
    EXPECT_LE(memory.dwMemoryLoad, 100u);
    PROCESS_MEMORY_COUNTERS_EX counters{};
    ASSERT_TRUE(K32GetProcessMemoryInfo(GetCurrentProcess(), reinterpret_cast<PPROCESS_MEMORY_COUNTERS>(&counters), sizeof counters));
    EXPECT_GE(counters.PeakWorkingSetSize, counters.WorkingSetSize);
    EXPECT_GT(counters.PrivateUsage, 0u);
    EXPECT_GT(counters.PageFaultCount, 0u);
    EXPECT_EQ(last_error_of(K32GetProcessMemoryInfo(GetCurrentProcess(), reinterpret_cast<PPROCESS_MEMORY_COUNTERS>(&counters), 8)),
              error(ERROR_INSUFFICIENT_BUFFER));
    FILETIME created, ended, kernel, user, now;
    ASSERT_TRUE(GetProcessTimes(GetCurrentProcess(), &created, &ended, &kernel, &user));
    GetSystemTimeAsFileTime(&now);
    EXPECT_LE(units(created), units(now) + 10'000'000);  // the two clocks are read one after the other
    FILETIME thread_created;
    ASSERT_TRUE(GetThreadTimes(GetCurrentThread(), &thread_created, &ended, &kernel, &user));
    FILETIME idle;
    ASSERT_TRUE(GetSystemTimes(&idle, &kernel, &user));
    EXPECT_GE(units(kernel), units(idle));
}

TEST(Processors, CanBeChosenForAThread) {
    DWORD_PTR of_process = 0;
    DWORD_PTR of_system = 0;
    ASSERT_TRUE(GetProcessAffinityMask(GetCurrentProcess(), &of_process, &of_system));
    EXPECT_EQ(of_process & ~of_system, 0u);
    EXPECT_EQ(GetActiveProcessorCount(ALL_PROCESSOR_GROUPS), static_cast<DWORD>(__builtin_popcountll(of_system)));
    EXPECT_EQ(GetActiveProcessorCount(7), 0u);
    EXPECT_EQ(GetActiveProcessorGroupCount(), 1);
    EXPECT_EQ(GetMaximumProcessorGroupCount(), 1);
    EXPECT_GE(GetMaximumProcessorCount(0), GetActiveProcessorCount(0));
    const DWORD_PTR lowest = of_process & (~of_process + 1);
    const DWORD_PTR before = SetThreadAffinityMask(GetCurrentThread(), lowest);
    EXPECT_EQ(before, of_process);
    EXPECT_EQ(DWORD_PTR{1} << GetCurrentProcessorNumber(), lowest);
    PROCESSOR_NUMBER number{};
    GetCurrentProcessorNumberEx(&number);
    EXPECT_EQ(DWORD_PTR{1} << number.Number, lowest);
    EXPECT_EQ(SetThreadAffinityMask(GetCurrentThread(), before), lowest);
    EXPECT_EQ(SetThreadAffinityMask(GetCurrentThread(), 0), 0u);
    EXPECT_EQ(GetLastError(), error(ERROR_INVALID_PARAMETER));
    EXPECT_TRUE(SetProcessAffinityMask(GetCurrentProcess(), of_process));
    EXPECT_EQ(last_error_of(SetProcessAffinityMask(GetCurrentProcess(), 0)), error(ERROR_INVALID_PARAMETER));
}

TEST(Process, KeepsItsClassAndItsErrorMode) {
    EXPECT_EQ(GetPriorityClass(GetCurrentProcess()), static_cast<DWORD>(NORMAL_PRIORITY_CLASS));
    EXPECT_TRUE(SetPriorityClass(GetCurrentProcess(), REALTIME_PRIORITY_CLASS));
    EXPECT_EQ(GetPriorityClass(GetCurrentProcess()), static_cast<DWORD>(HIGH_PRIORITY_CLASS));
    EXPECT_EQ(last_error_of(SetPriorityClass(GetCurrentProcess(), 3)), error(ERROR_INVALID_PARAMETER));
    EXPECT_TRUE(SetPriorityClass(GetCurrentProcess(), NORMAL_PRIORITY_CLASS));
    EXPECT_EQ(SetErrorMode(SEM_FAILCRITICALERRORS | SEM_NOALIGNMENTFAULTEXCEPT), 0u);
    EXPECT_EQ(SetErrorMode(0), static_cast<UINT>(SEM_FAILCRITICALERRORS | SEM_NOALIGNMENTFAULTEXCEPT));
    EXPECT_EQ(GetErrorMode(), static_cast<UINT>(SEM_NOALIGNMENTFAULTEXCEPT));
    ULONG_PTR low = 0;
    ULONG_PTR high = 0;
    GetCurrentThreadStackLimits(&low, &high);
    EXPECT_LT(low, reinterpret_cast<ULONG_PTR>(&low));
    EXPECT_GT(high, reinterpret_cast<ULONG_PTR>(&low));
}

INT_PTR WINAPI some_code() { return 1; }

int g_freed = 0;
void NTAPI count_freed(PVOID value) { g_freed += *static_cast<int*>(value); }

TEST(FiberLocalStorage, CallsBackAtTheEndOfAThreadAndWhenItIsFreed) {
    static int one = 1;
    static int ten = 10;
    g_freed = 0;
    const DWORD index = FlsAlloc(count_freed);
    ASSERT_NE(index, FLS_OUT_OF_INDEXES);
    EXPECT_EQ(FlsGetValue(index), nullptr);
    std::thread([index] {
        EXPECT_TRUE(FlsSetValue(index, &one));
        EXPECT_EQ(FlsGetValue(index), &one);
    }).join();
    EXPECT_EQ(g_freed, 1);
    EXPECT_TRUE(FlsSetValue(index, &ten));
    EXPECT_TRUE(FlsFree(index));
    EXPECT_EQ(g_freed, 11);
    EXPECT_EQ(last_error_of(FlsFree(index)), error(ERROR_INVALID_PARAMETER));
    EXPECT_EQ(last_error_of(FlsSetValue(index, &one)), error(ERROR_INVALID_PARAMETER));
}

TEST(LetterCase, ChangesCharactersAndTexts) {
    char16_t wide[] = u"a\u00e4\u0153Z";
    EXPECT_EQ(CharUpperW(wide), wide);
    EXPECT_EQ(std::u16string(wide), u"A\u00c4\u0152Z");
    EXPECT_EQ(CharLowerBuffW(wide, 2), 2u);
    EXPECT_EQ(std::u16string(wide), u"a\u00e4\u0152Z");
    EXPECT_EQ(CharUpperW(reinterpret_cast<LPWSTR>(ULONG_PTR{u'x'})), reinterpret_cast<LPWSTR>(ULONG_PTR{u'X'}));
    char narrow[] = "a\xC3\xA4z";
    EXPECT_STREQ(CharUpperA(narrow), "A\xC3\x84Z");
    EXPECT_STREQ(CharLowerA(narrow), "a\xC3\xA4z");
    EXPECT_EQ(CharUpperBuffA(narrow, 1), 1u);
    EXPECT_EQ(CharNextA(narrow + 1), narrow + 3);
    EXPECT_EQ(CharPrevA(narrow, narrow + 3), narrow + 1);
    EXPECT_EQ(CharNextW(wide), wide + 1);
    EXPECT_EQ(CharPrevW(wide, wide), wide);
}

TEST(Numbers, AreScaledInSixtyFourBits) {
    EXPECT_EQ(MulDiv(2'000'000'000, 3, 4), 1'500'000'000);
    EXPECT_EQ(MulDiv(5, 1, 2), 3);
    EXPECT_EQ(MulDiv(-5, 1, 2), -3);
    EXPECT_EQ(MulDiv(1, 1, 0), -1);
    EXPECT_EQ(MulDiv(INT32_MAX, 2, 1), -1);
}

TEST(Pointers, AreTried) {
    pw_faults_install();
    static const char text[] = "text";
    int value = 0;
    EXPECT_FALSE(IsBadReadPtr(text, sizeof text));
    EXPECT_TRUE(IsBadReadPtr(reinterpret_cast<const void*>(8), 1));
    EXPECT_FALSE(IsBadReadPtr(nullptr, 0));
    EXPECT_FALSE(IsBadWritePtr(&value, sizeof value));
    EXPECT_TRUE(IsBadWritePtr(const_cast<char*>(text), 1));
    EXPECT_FALSE(IsBadStringPtrA(text, 100));
    EXPECT_FALSE(IsBadStringPtrW(u"x", 100));
    EXPECT_TRUE(IsBadStringPtrA(reinterpret_cast<LPCSTR>(8), 1));
    EXPECT_FALSE(IsBadCodePtr(&some_code));
    EXPECT_TRUE(IsBadCodePtr(nullptr));
    PVOID frames[8] = {};
    ULONG hash = 0;
    const USHORT count = RtlCaptureStackBackTrace(0, 8, frames, &hash);
    EXPECT_GT(count, 1);
    EXPECT_NE(frames[0], nullptr);
    EXPECT_NE(hash, 0u);
}

TEST(Environment, IsExpandedInText) {
    ASSERT_TRUE(SetEnvironmentVariableA("PW_TEST", "value"));
    char text[64];
    EXPECT_EQ(ExpandEnvironmentStringsA("a %PW_TEST% %PW_NONE% 5%", text, sizeof text), 21u);
    EXPECT_STREQ(text, "a value %PW_NONE% 5%");
    EXPECT_EQ(ExpandEnvironmentStringsA("%PW_TEST%", text, 3), 6u);
    char16_t wide[64];
    EXPECT_EQ(ExpandEnvironmentStringsW(u"%PW_TEST%", wide, 64), 6u);
    EXPECT_EQ(std::u16string(wide), u"value");
    int count = 0;
    LPWSTR* arguments = CommandLineToArgvW(u"\"C:\\a b\\p.exe\" one \"two three\"", &count);
    ASSERT_NE(arguments, nullptr);
    ASSERT_EQ(count, 3);
    EXPECT_EQ(std::u16string(arguments[0]), u"C:\\a b\\p.exe");
    EXPECT_EQ(std::u16string(arguments[2]), u"two three");
    EXPECT_EQ(arguments[3], nullptr);
    EXPECT_EQ(LocalFree(arguments), nullptr);
}

TEST(Console, RefusesWhatIsNoTerminal) {
    HANDLE reads = nullptr;
    HANDLE writes = nullptr;
    ASSERT_TRUE(CreatePipe(&reads, &writes, nullptr, 0));
    DWORD mode = 0;
    CONSOLE_SCREEN_BUFFER_INFO info{};
    char text[8];
    EXPECT_EQ(last_error_of(GetConsoleMode(writes, &mode)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(SetConsoleMode(writes, 0)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(SetConsoleTextAttribute(writes, FOREGROUND_RED)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(SetConsoleCursorPosition(writes, {0, 0})), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(GetConsoleScreenBufferInfo(writes, &info)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(ReadConsoleA(reads, text, sizeof text, &mode, nullptr)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(FlushConsoleInputBuffer(reads)), error(ERROR_INVALID_HANDLE));
    EXPECT_TRUE(CloseHandle(reads));
    EXPECT_TRUE(CloseHandle(writes));
}

TEST(Console, IsThereUntilItIsFreed) {
    EXPECT_EQ(GetConsoleWindow(), nullptr);
    EXPECT_TRUE(SetConsoleTitleA("Title"));
    char text[4];
    EXPECT_EQ(GetConsoleTitleA(text, sizeof text), 5u);
    EXPECT_STREQ(text, "Tit");
    EXPECT_EQ(last_error_of(AllocConsole()), error(ERROR_ACCESS_DENIED));
    EXPECT_TRUE(FreeConsole());
    EXPECT_EQ(last_error_of(SetConsoleTitleA("Other")), error(ERROR_INVALID_HANDLE));
    EXPECT_TRUE(AllocConsole());
    EXPECT_EQ(GetConsoleCP(), static_cast<UINT>(CP_UTF8));
    EXPECT_EQ(GetConsoleOutputCP(), static_cast<UINT>(CP_UTF8));
    EXPECT_TRUE(SetConsoleCP(CP_UTF8));
    EXPECT_EQ(last_error_of(SetConsoleCP(437)), error(ERROR_INVALID_PARAMETER));
}

TEST(MessageBox, AnswersAsItsDefaultButton) {
    testing::internal::CaptureStderr();
    EXPECT_EQ(MessageBoxA(nullptr, "text", "caption", MB_YESNO | MB_DEFBUTTON2 | MB_ICONERROR), IDNO);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "caption: text\n");
    testing::internal::CaptureStderr();
    EXPECT_EQ(MessageBoxW(nullptr, u"text", nullptr, MB_OK), IDOK);
    EXPECT_EQ(MessageBoxA(nullptr, nullptr, "", 9), 0);
    EXPECT_EQ(testing::internal::GetCapturedStderr(), "Error: text\n");
}

}  // namespace
