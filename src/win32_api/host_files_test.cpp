// SPDX-License-Identifier: Apache-2.0
// The file functions on the machine's files.
#include <gtest/gtest.h>
#include <ntstatus.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <string>

#include "win32/windows.h"

namespace {

DWORD last_error_of(BOOL result) { return result ? 0 : GetLastError(); }
DWORD error(LONG value) { return static_cast<DWORD>(value); }

class HostFiles : public ::testing::Test {
protected:
    void SetUp() override {
        char pattern[] = "/tmp/pw_host_files_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::system(("rm -rf " + folder_).c_str()); }

    [[nodiscard]] std::string path(const char* name) const { return "Z:" + folder_ + "/" + name; }
    static HANDLE open(const std::string& name, DWORD access, DWORD disposition, DWORD flags = 0) {
        return CreateFileA(name.c_str(), access, 0, nullptr, disposition, flags, nullptr);
    }
    void make(const char* name, const char* text) {
        HANDLE file = open(path(name), GENERIC_WRITE, CREATE_ALWAYS);
        ASSERT_NE(file, INVALID_HANDLE_VALUE);
        DWORD written = 0;
        EXPECT_TRUE(WriteFile(file, text, static_cast<DWORD>(std::strlen(text)), &written, nullptr));
        EXPECT_TRUE(CloseHandle(file));
    }

    std::string folder_;
};

TEST_F(HostFiles, KeepTheRulesOfTheFiveDispositions) {
    const std::string name = path("f");
    EXPECT_EQ(open(name, GENERIC_READ, OPEN_EXISTING), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(open(name, GENERIC_WRITE, TRUNCATE_EXISTING), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_FILE_NOT_FOUND));
    SetLastError(99);
    HANDLE file = open(name, GENERIC_WRITE, CREATE_NEW);
    ASSERT_NE(file, INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), 0u);
    DWORD bytes = 0;
    EXPECT_TRUE(WriteFile(file, "abc", 3, &bytes, nullptr));
    EXPECT_EQ(bytes, 3u);
    EXPECT_TRUE(CloseHandle(file));
    EXPECT_EQ(open(name, GENERIC_WRITE, CREATE_NEW), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_FILE_EXISTS));

    file = open(name, GENERIC_READ, OPEN_ALWAYS);
    EXPECT_EQ(GetLastError(), error(ERROR_ALREADY_EXISTS));
    EXPECT_EQ(GetFileSize(file, nullptr), 3u);
    EXPECT_EQ(last_error_of(WriteFile(file, "x", 1, &bytes, nullptr)), error(ERROR_ACCESS_DENIED));
    EXPECT_TRUE(CloseHandle(file));
    file = open(name, GENERIC_WRITE, CREATE_ALWAYS);
    EXPECT_EQ(GetLastError(), error(ERROR_ALREADY_EXISTS));
    EXPECT_EQ(GetFileSize(file, nullptr), 0u);
    EXPECT_TRUE(CloseHandle(file));
    EXPECT_EQ(open(name, GENERIC_READ, TRUNCATE_EXISTING), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_INVALID_PARAMETER));
}

TEST_F(HostFiles, TellMissingFilesFromMissingFolders) {
    EXPECT_EQ(open(path("no/such"), GENERIC_READ, OPEN_EXISTING), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_PATH_NOT_FOUND));
    EXPECT_EQ(open(path(""), GENERIC_READ, OPEN_EXISTING), INVALID_HANDLE_VALUE);  // a directory
    EXPECT_EQ(GetLastError(), error(ERROR_ACCESS_DENIED));
    EXPECT_EQ(open("", GENERIC_READ, OPEN_EXISTING), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_PATH_NOT_FOUND));
    EXPECT_EQ(GetFileAttributesA(path("f").c_str()), INVALID_FILE_ATTRIBUTES);
    EXPECT_EQ(GetLastError(), error(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(GetFileAttributesA("D:\\Windows"), INVALID_FILE_ATTRIBUTES);
    EXPECT_EQ(GetLastError(), error(ERROR_PATH_NOT_FOUND));
}

TEST_F(HostFiles, ReadFromTheirPositionToTheEnd) {
    make("f", "0123456789");
    HANDLE file = open(path("f"), GENERIC_READ, OPEN_EXISTING);
    char buffer[16] = {};
    DWORD bytes = 0;
    EXPECT_EQ(SetFilePointer(file, -4, nullptr, FILE_END), 6u);
    EXPECT_TRUE(ReadFile(file, buffer, sizeof buffer, &bytes, nullptr));
    EXPECT_EQ(std::string(buffer, bytes), "6789");
    EXPECT_TRUE(ReadFile(file, buffer, sizeof buffer, &bytes, nullptr));  // at the end: a success with nothing
    EXPECT_EQ(bytes, 0u);
    EXPECT_EQ(SetFilePointer(file, -1, nullptr, FILE_BEGIN), INVALID_SET_FILE_POINTER);
    EXPECT_EQ(GetLastError(), error(ERROR_NEGATIVE_SEEK));
    LONG high = 1;
    EXPECT_EQ(SetFilePointer(file, 5, &high, FILE_BEGIN), 5u);
    EXPECT_EQ(high, 1);
    EXPECT_TRUE(CloseHandle(file));
    EXPECT_EQ(last_error_of(ReadFile(file, buffer, 1, &bytes, nullptr)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(last_error_of(CloseHandle(file)), error(ERROR_INVALID_HANDLE));
}

TEST_F(HostFiles, CompleteOverlappedRequestsAtOnce) {
    make("f", "0123456789");
    HANDLE file = open(path("f"), GENERIC_READ | GENERIC_WRITE, OPEN_EXISTING, FILE_FLAG_OVERLAPPED);
    OVERLAPPED overlapped{};
    overlapped.Offset = 3;
    char buffer[4] = {};
    EXPECT_TRUE(ReadFile(file, buffer, 3, nullptr, &overlapped));
    DWORD bytes = 0;
    EXPECT_TRUE(HasOverlappedIoCompleted(&overlapped));
    EXPECT_TRUE(GetOverlappedResult(file, &overlapped, &bytes, TRUE));
    EXPECT_EQ(std::string(buffer, bytes), "345");
    overlapped.Offset = 10;
    EXPECT_EQ(last_error_of(ReadFile(file, buffer, 3, nullptr, &overlapped)), error(ERROR_HANDLE_EOF));
    // A request that fails at once has no result.
    EXPECT_EQ(last_error_of(GetOverlappedResult(file, &overlapped, &bytes, FALSE)), error(ERROR_IO_INCOMPLETE));
    overlapped.Offset = overlapped.OffsetHigh = 0xFFFFFFFF;  // append
    EXPECT_TRUE(WriteFile(file, "XY", 2, nullptr, &overlapped));
    EXPECT_EQ(GetFileSize(file, nullptr), 12u);
    EXPECT_EQ(last_error_of(ReadFile(file, buffer, 3, &bytes, nullptr)), error(ERROR_INVALID_PARAMETER));
    EXPECT_EQ(last_error_of(CancelIoEx(file, nullptr)), error(ERROR_NOT_FOUND));
    EXPECT_TRUE(CloseHandle(file));
}

TEST_F(HostFiles, SayWhatTheyCannotDo) {
    make("f", "x");
    HANDLE file = open(path("f"), GENERIC_READ, OPEN_EXISTING);
    DWORD bytes = 0;
    EXPECT_EQ(last_error_of(DeviceIoControl(file, 0x222000, nullptr, 0, nullptr, 0, &bytes, nullptr)),
              error(ERROR_INVALID_FUNCTION));
    HANDLE copy = nullptr;
    EXPECT_EQ(last_error_of(DuplicateHandle(GetCurrentProcess(), file, GetCurrentProcess(), &copy, 0, FALSE,
                                            DUPLICATE_SAME_ACCESS)),
              error(ERROR_NOT_SUPPORTED));
    EXPECT_TRUE(CloseHandle(file));
}

TEST_F(HostFiles, AreDeletedByNameOrWithTheirHandle) {
    make("f", "x");
    EXPECT_EQ(GetFileAttributesA(path("f").c_str()), static_cast<DWORD>(FILE_ATTRIBUTE_ARCHIVE));
    EXPECT_TRUE(DeleteFileA(path("f").c_str()));
    EXPECT_EQ(last_error_of(DeleteFileA(path("f").c_str())), error(ERROR_FILE_NOT_FOUND));
    HANDLE file = open(path("g"), GENERIC_WRITE, CREATE_NEW, FILE_FLAG_DELETE_ON_CLOSE);
    EXPECT_NE(GetFileAttributesA(path("g").c_str()), INVALID_FILE_ATTRIBUTES);
    EXPECT_TRUE(CloseHandle(file));
    EXPECT_EQ(GetFileAttributesA(path("g").c_str()), INVALID_FILE_ATTRIBUTES);
    file = open(path("h"), GENERIC_WRITE, CREATE_NEW, FILE_ATTRIBUTE_READONLY);
    EXPECT_TRUE(CloseHandle(file));
    EXPECT_NE(GetFileAttributesA(path("h").c_str()) & FILE_ATTRIBUTE_READONLY, 0u);
    EXPECT_EQ(last_error_of(DeleteFileA(path("h").c_str())), error(ERROR_ACCESS_DENIED));
}

TEST_F(HostFiles, StandInDirectories) {
    EXPECT_TRUE(CreateDirectoryA(path("d").c_str(), nullptr));
    EXPECT_EQ(last_error_of(CreateDirectoryA(path("d").c_str(), nullptr)), error(ERROR_ALREADY_EXISTS));
    EXPECT_EQ(GetFileAttributesA(path("d").c_str()), static_cast<DWORD>(FILE_ATTRIBUTE_DIRECTORY));
    EXPECT_EQ(last_error_of(DeleteFileA(path("d").c_str())), error(ERROR_ACCESS_DENIED));
    char before[MAX_PATH];
    ASSERT_NE(GetCurrentDirectoryA(sizeof before, before), 0u);
    ASSERT_TRUE(SetCurrentDirectoryA(path("d").c_str()));
    make("d/f", "x");
    EXPECT_NE(GetFileAttributesA("f"), INVALID_FILE_ATTRIBUTES);
    char full[MAX_PATH];
    char* file_part = nullptr;
    const DWORD length = GetFullPathNameA("f", sizeof full, full, &file_part);
    EXPECT_EQ(length, std::strlen(full));
    EXPECT_STREQ(file_part, "f");
    EXPECT_EQ(GetFullPathNameA("f", 4, full, &file_part), length + 1);
    EXPECT_EQ(file_part, nullptr);
    EXPECT_EQ(last_error_of(SetCurrentDirectoryA("f")), error(ERROR_DIRECTORY));
    ASSERT_TRUE(SetCurrentDirectoryA(before));
    EXPECT_EQ(last_error_of(RemoveDirectoryA(path("d").c_str())), error(ERROR_DIR_NOT_EMPTY));
    EXPECT_TRUE(DeleteFileA(path("d/f").c_str()));
    EXPECT_TRUE(RemoveDirectoryA(path("d").c_str()));
}

TEST(StandardHandles, WriteToTheStreamsOfTheProcess) {
    HANDLE output = GetStdHandle(STD_OUTPUT_HANDLE);
    ASSERT_NE(output, nullptr);
    testing::internal::CaptureStdout();
    DWORD bytes = 0;
    EXPECT_TRUE(WriteFile(output, "hello", 5, &bytes, nullptr));
    EXPECT_EQ(testing::internal::GetCapturedStdout(), "hello");
    EXPECT_EQ(last_error_of(ReadFile(output, &bytes, 1, &bytes, nullptr)), error(ERROR_ACCESS_DENIED));
    EXPECT_EQ(GetStdHandle(0), INVALID_HANDLE_VALUE);
    EXPECT_TRUE(SetStdHandle(STD_ERROR_HANDLE, output));
    EXPECT_EQ(GetStdHandle(STD_ERROR_HANDLE), output);
}

TEST(Module, NamesTheProgramAndCutsLongNames) {
    char name[MAX_PATH];
    const DWORD length = GetModuleFileNameA(nullptr, name, sizeof name);
    EXPECT_EQ(length, std::strlen(name));
    EXPECT_EQ(std::string(name).substr(0, 3), "Z:\\");
    EXPECT_EQ(GetModuleFileNameA(GetModuleHandleA(nullptr), name, 6), 6u);
    EXPECT_EQ(GetLastError(), error(ERROR_INSUFFICIENT_BUFFER));
    EXPECT_EQ(std::strlen(name), 5u);
    EXPECT_EQ(LoadLibraryA("nowhere.dll"), nullptr);
    EXPECT_EQ(GetLastError(), error(ERROR_MOD_NOT_FOUND));
    EXPECT_NE(GetModuleHandleA("KERNEL32.DLL"), nullptr);
    EXPECT_NE(GetModuleHandleA("ntdll"), GetModuleHandleA("kernel32"));
}

TEST(SystemInfo, GivesNamesAndTheirSizes) {
    char name[64];
    DWORD size = 1;
    EXPECT_EQ(last_error_of(GetComputerNameA(name, &size)), error(ERROR_BUFFER_OVERFLOW));
    const DWORD needed = size;
    size = sizeof name;
    EXPECT_TRUE(GetComputerNameA(name, &size));
    EXPECT_EQ(size, needed - 1);
    size = sizeof name;
    EXPECT_TRUE(GetUserNameA(name, &size));
    EXPECT_EQ(size, std::strlen(name) + 1);
    SYSTEM_INFO info{};
    GetSystemInfo(&info);
    EXPECT_EQ(info.dwPageSize, 4096u);
    EXPECT_EQ(info.dwAllocationGranularity, 65536u);
    EXPECT_EQ(static_cast<DWORD>(__builtin_popcountll(info.dwActiveProcessorMask)), info.dwNumberOfProcessors);
}

TEST(SecurityDescriptor, IsMadeInTheCallersMemory) {
    SECURITY_DESCRIPTOR descriptor;
    EXPECT_EQ(last_error_of(InitializeSecurityDescriptor(&descriptor, 2)), error(ERROR_UNKNOWN_REVISION));
    ASSERT_TRUE(InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION));
    EXPECT_TRUE(IsValidSecurityDescriptor(&descriptor));
    EXPECT_TRUE(SetSecurityDescriptorDacl(&descriptor, TRUE, nullptr, FALSE));
    BOOL present = FALSE;
    BOOL defaulted = TRUE;
    PACL dacl = reinterpret_cast<PACL>(&descriptor);
    EXPECT_TRUE(GetSecurityDescriptorDacl(&descriptor, &present, &dacl, &defaulted));
    EXPECT_TRUE(present);
    EXPECT_FALSE(defaulted);
    EXPECT_EQ(dacl, nullptr);
    ACL broken{2, 0, 4, 1, 0};  // smaller than its own header
    EXPECT_TRUE(SetSecurityDescriptorDacl(&descriptor, TRUE, &broken, FALSE));
    EXPECT_FALSE(IsValidSecurityDescriptor(&descriptor));
    descriptor.Control |= SE_SELF_RELATIVE;
    EXPECT_EQ(last_error_of(SetSecurityDescriptorDacl(&descriptor, TRUE, nullptr, FALSE)),
              error(ERROR_INVALID_SECURITY_DESCR));
}

}  // namespace
