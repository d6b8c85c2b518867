// SPDX-License-Identifier: Apache-2.0
// Searching folders, copying and moving files, temporary names, drives, pipes.
#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <fstream>
#include <string>
#include <vector>

#include "win32/windows.h"
#include "win32_api/name_pattern.h"

namespace {

DWORD last_error_of(BOOL result) { return result ? 0 : GetLastError(); }
DWORD error(LONG value) { return static_cast<DWORD>(value); }

class Folders : public ::testing::Test {
protected:
    void SetUp() override {
        char pattern[] = "/tmp/pw_folders_XXXXXX";
        ASSERT_NE(::mkdtemp(pattern), nullptr);
        folder_ = pattern;
    }
    void TearDown() override { std::system(("rm -rf " + folder_).c_str()); }

    [[nodiscard]] std::string path(const std::string& name) const { return "Z:" + folder_ + "/" + name; }
    void make(const std::string& name, const std::string& text) const { std::ofstream(folder_ + "/" + name) << text; }
    [[nodiscard]] std::string read(const std::string& name) const {
        std::ifstream file(folder_ + "/" + name);
        return {std::istreambuf_iterator<char>(file), {}};
    }
    std::vector<std::string> find(const std::string& pattern) const {
        std::vector<std::string> names;
        WIN32_FIND_DATAA data;
        const HANDLE search = FindFirstFileA(path(pattern).c_str(), &data);
        if (search == INVALID_HANDLE_VALUE) return names;
        do {
            names.emplace_back(data.cFileName);
        } while (FindNextFileA(search, &data));
        EXPECT_EQ(GetLastError(), error(ERROR_NO_MORE_FILES));
        EXPECT_TRUE(FindClose(search));
        return names;
    }

    std::string folder_;
};

using Names = std::vector<std::string>;

TEST(NamePattern, KeepsTheRulesForDots) {
    using pw::win32::matches_pattern;
    EXPECT_TRUE(matches_pattern(u"*.*", u"name", false));
    EXPECT_TRUE(matches_pattern(u"*.*", u"a.b.c", false));
    EXPECT_TRUE(matches_pattern(u"*.c", u"a.b.c", false));
    EXPECT_FALSE(matches_pattern(u"*.b", u"a.b.c", false));
    EXPECT_TRUE(matches_pattern(u"*.", u"name", false));
    EXPECT_FALSE(matches_pattern(u"*.", u"name.c", false));
    EXPECT_TRUE(matches_pattern(u"a?.txt", u"ab.txt", false));
    EXPECT_TRUE(matches_pattern(u"a?.txt", u"a.txt", false));
    EXPECT_FALSE(matches_pattern(u"a?.txt", u"abc.txt", false));
    EXPECT_FALSE(matches_pattern(u"NAME", u"name", false));
    EXPECT_TRUE(matches_pattern(u"N*\u00C4", u"nam\u00E4", true));
}

TEST_F(Folders, AreSearchedInTheOrderOfTheNames) {
    make("b.txt", "12345");
    make("a.txt", "");
    make("c.log", "");
    ASSERT_TRUE(CreateDirectoryA(path("d").c_str(), nullptr));
    EXPECT_EQ(find("*"), (Names{".", "..", "a.txt", "b.txt", "c.log", "d"}));
    EXPECT_EQ(find("*.txt"), (Names{"a.txt", "b.txt"}));
    EXPECT_EQ(find("?.log"), (Names{"c.log"}));
    WIN32_FIND_DATAA data;
    HANDLE search = FindFirstFileA(path("b.txt").c_str(), &data);
    ASSERT_NE(search, INVALID_HANDLE_VALUE);
    EXPECT_EQ(data.nFileSizeLow, 5u);
    EXPECT_EQ(data.dwFileAttributes, static_cast<DWORD>(FILE_ATTRIBUTE_ARCHIVE));
    EXPECT_TRUE(FindClose(search));
    EXPECT_EQ(last_error_of(FindClose(search)), error(ERROR_INVALID_HANDLE));
    EXPECT_EQ(FindFirstFileA(path("*.none").c_str(), &data), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(FindFirstFileA(path("none/*").c_str(), &data), INVALID_HANDLE_VALUE);
    EXPECT_EQ(GetLastError(), error(ERROR_PATH_NOT_FOUND));
    search = FindFirstFileExA(path("*").c_str(), FindExInfoBasic, &data, FindExSearchLimitToDirectories, nullptr, 0);
    ASSERT_NE(search, INVALID_HANDLE_VALUE);
    EXPECT_TRUE(FindNextFileA(search, &data));
    EXPECT_TRUE(FindNextFileA(search, &data));
    EXPECT_STREQ(data.cFileName, "d");
    EXPECT_EQ(last_error_of(FindNextFileA(search, &data)), error(ERROR_NO_MORE_FILES));
    EXPECT_TRUE(FindClose(search));
}

TEST_F(Folders, KeepCopiesWithTheirTimes) {
    make("a", std::string(100'000, 'x'));
    ASSERT_TRUE(CopyFileA(path("a").c_str(), path("b").c_str(), TRUE));
    EXPECT_EQ(read("b"), read("a"));
    EXPECT_EQ(last_error_of(CopyFileA(path("a").c_str(), path("b").c_str(), TRUE)), error(ERROR_FILE_EXISTS));
    EXPECT_EQ(last_error_of(CopyFileA(path("none").c_str(), path("b").c_str(), FALSE)), error(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(last_error_of(CopyFileA(path("a").c_str(), path("a").c_str(), FALSE)), error(ERROR_SHARING_VIOLATION));
    EXPECT_EQ(read("a").size(), 100'000u);
    WIN32_FILE_ATTRIBUTE_DATA first{};
    WIN32_FILE_ATTRIBUTE_DATA second{};
    ASSERT_TRUE(GetFileAttributesExA(path("a").c_str(), GetFileExInfoStandard, &first));
    ASSERT_TRUE(GetFileAttributesExA(path("b").c_str(), GetFileExInfoStandard, &second));
    EXPECT_EQ(CompareFileTime(&first.ftLastWriteTime, &second.ftLastWriteTime), 0);
    ASSERT_TRUE(SetFileAttributesA(path("b").c_str(), FILE_ATTRIBUTE_READONLY));
    EXPECT_EQ(last_error_of(CopyFileA(path("a").c_str(), path("b").c_str(), FALSE)), error(ERROR_ACCESS_DENIED));
    ASSERT_TRUE(SetFileAttributesA(path("b").c_str(), FILE_ATTRIBUTE_NORMAL));
    EXPECT_TRUE(CopyFileA(path("a").c_str(), path("b").c_str(), FALSE));
}

DWORD cancel_after_the_first_chunk(LARGE_INTEGER, LARGE_INTEGER done, LARGE_INTEGER, LARGE_INTEGER, DWORD, DWORD, HANDLE,
                                   HANDLE, LPVOID calls) {
    ++*static_cast<int*>(calls);
    return done.QuadPart != 0 ? PROGRESS_CANCEL : PROGRESS_CONTINUE;
}

TEST_F(Folders, LoseACopyThatIsCancelled) {
    make("a", std::string(200'000, 'x'));
    int calls = 0;
    EXPECT_EQ(last_error_of(CopyFileExA(path("a").c_str(), path("b").c_str(), cancel_after_the_first_chunk, &calls, nullptr, 0)),
              error(ERROR_REQUEST_ABORTED));
    EXPECT_EQ(calls, 2);
    EXPECT_EQ(GetFileAttributesA(path("b").c_str()), INVALID_FILE_ATTRIBUTES);
}

TEST_F(Folders, MoveFilesWithoutReplacingUnlessAsked) {
    make("a", "a");
    make("b", "b");
    EXPECT_EQ(last_error_of(MoveFileA(path("a").c_str(), path("b").c_str())), error(ERROR_ALREADY_EXISTS));
    EXPECT_TRUE(MoveFileExA(path("a").c_str(), path("b").c_str(), MOVEFILE_REPLACE_EXISTING));
    EXPECT_EQ(read("b"), "a");
    EXPECT_EQ(last_error_of(MoveFileA(path("a").c_str(), path("c").c_str())), error(ERROR_FILE_NOT_FOUND));
    EXPECT_EQ(last_error_of(MoveFileA(path("b").c_str(), path("none/c").c_str())), error(ERROR_PATH_NOT_FOUND));
    ASSERT_TRUE(CreateDirectoryA(path("d").c_str(), nullptr));
    EXPECT_EQ(last_error_of(MoveFileExA(path("b").c_str(), path("d").c_str(), MOVEFILE_REPLACE_EXISTING)), error(ERROR_ACCESS_DENIED));
    EXPECT_TRUE(MoveFileA(path("d").c_str(), path("e").c_str()));
    EXPECT_EQ(GetFileAttributesA(path("e").c_str()), static_cast<DWORD>(FILE_ATTRIBUTE_DIRECTORY));
}

TEST_F(Folders, GetTemporaryNames) {
    char name[MAX_PATH];
    const UINT number = GetTempFileNameA(path("").c_str(), "prefix", 0, name);
    ASSERT_NE(number, 0u);
    EXPECT_NE(std::strstr(name, "\\pre"), nullptr);
    EXPECT_EQ(GetFileAttributesA(name), static_cast<DWORD>(FILE_ATTRIBUTE_ARCHIVE));
    EXPECT_EQ(GetTempFileNameA(path("").c_str(), "pre", 0xABC, name), 0xABCu);
    EXPECT_EQ(std::string(name).substr(std::strlen(name) - 10), "preABC.TMP");
    EXPECT_EQ(GetFileAttributesA(name), INVALID_FILE_ATTRIBUTES);
    EXPECT_EQ(GetTempFileNameA(path("none").c_str(), "pre", 0, name), 0u);
    EXPECT_EQ(GetLastError(), error(ERROR_DIRECTORY));
}

TEST_F(Folders, AreSearchedForAFile) {
    make("tool.exe", "");
    char found[MAX_PATH];
    char* part = nullptr;
    const DWORD length = SearchPathA(path("").c_str(), "tool", ".exe", sizeof found, found, &part);
    EXPECT_EQ(length, std::strlen(found));
    EXPECT_STREQ(part, "tool.exe");
    EXPECT_EQ(SearchPathA(path("").c_str(), "none", ".exe", sizeof found, found, nullptr), 0u);
    EXPECT_EQ(GetLastError(), error(ERROR_FILE_NOT_FOUND));
}

TEST_F(Folders, TellOneFileFromAnother) {
    make("a", "xyz");
    BY_HANDLE_FILE_INFORMATION info{};
    HANDLE file = CreateFileA(path("a").c_str(), GENERIC_READ, 0, nullptr, OPEN_EXISTING, 0, nullptr);
    ASSERT_TRUE(GetFileInformationByHandle(file, &info));
    EXPECT_EQ(info.nFileSizeLow, 3u);
    EXPECT_EQ(info.nNumberOfLinks, 1u);
    EXPECT_NE(info.nFileIndexLow, 0u);
    EXPECT_TRUE(CloseHandle(file));
    EXPECT_EQ(last_error_of(GetFileInformationByHandle(file, &info)), error(ERROR_INVALID_HANDLE));
}

TEST_F(Folders, LieOnDrives) {
    ULARGE_INTEGER usable{};
    ULARGE_INTEGER total{};
    ULARGE_INTEGER free{};
    ASSERT_TRUE(GetDiskFreeSpaceExA(path("").c_str(), &usable, &total, &free));
    EXPECT_LE(usable.QuadPart, free.QuadPart);
    EXPECT_LE(free.QuadPart, total.QuadPart);
    EXPECT_EQ(last_error_of(GetDiskFreeSpaceExA("Q:\\", &usable, &total, &free)), error(ERROR_PATH_NOT_FOUND));
    EXPECT_EQ(GetDriveTypeA("Z:\\"), static_cast<UINT>(DRIVE_FIXED));
    EXPECT_EQ(GetDriveTypeA("Q:\\"), static_cast<UINT>(DRIVE_NO_ROOT_DIR));
    EXPECT_NE(GetLogicalDrives() & 1u << 25, 0u);
    char roots[64] = {};
    const DWORD length = GetLogicalDriveStringsA(sizeof roots, roots);
    EXPECT_EQ(length, 4u * static_cast<DWORD>(__builtin_popcount(GetLogicalDrives())));
    EXPECT_STREQ(roots + length - 4, "Z:\\");
}

TEST(Pipe, CarriesBytesUntilAnEndIsClosed) {
    HANDLE reads = nullptr;
    HANDLE writes = nullptr;
    ASSERT_TRUE(CreatePipe(&reads, &writes, nullptr, 0));
    EXPECT_EQ(GetFileType(reads), static_cast<DWORD>(FILE_TYPE_PIPE));
    DWORD bytes = 0;
    EXPECT_TRUE(WriteFile(writes, "abc", 3, &bytes, nullptr));
    char text[8] = {};
    EXPECT_TRUE(ReadFile(reads, text, sizeof text, &bytes, nullptr));
    EXPECT_EQ(bytes, 3u);
    EXPECT_STREQ(text, "abc");
    EXPECT_TRUE(CloseHandle(writes));
    EXPECT_EQ(last_error_of(ReadFile(reads, text, sizeof text, &bytes, nullptr)), error(ERROR_BROKEN_PIPE));
    EXPECT_TRUE(CloseHandle(reads));
    ASSERT_TRUE(CreatePipe(&reads, &writes, nullptr, 0));
    EXPECT_TRUE(CloseHandle(reads));
    EXPECT_EQ(last_error_of(WriteFile(writes, "abc", 3, &bytes, nullptr)), error(ERROR_BROKEN_PIPE));
    EXPECT_TRUE(CloseHandle(writes));
}

}  // namespace
