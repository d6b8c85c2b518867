// SPDX-License-Identifier: Apache-2.0
#include "win32_api/dos_path.h"

#include <gtest/gtest.h>

#include "win32_api/text.h"

namespace pw::win32 {
namespace {

constexpr std::u16string_view cwd = u"Z:\\home\\me";

std::string full(std::u16string_view path) { return narrow(full_path(path, cwd)); }
std::string native(std::u16string_view path) { return narrow(native_path(full_path(path, cwd))); }

TEST(DosPath, MakesRelativePathsFull) {
    EXPECT_EQ(full(u"a.sys"), "Z:\\home\\me\\a.sys");
    EXPECT_EQ(full(u"./b/../a.sys"), "Z:\\home\\me\\a.sys");
    EXPECT_EQ(full(u"..\\a.sys"), "Z:\\home\\a.sys");
    EXPECT_EQ(full(u"..\\..\\..\\..\\a"), "Z:\\a");
    EXPECT_EQ(full(u"Z:a"), "Z:\\home\\me\\a");
    EXPECT_EQ(full(u"."), "Z:\\home\\me");
    EXPECT_EQ(narrow(full_path(u"a", u"Z:\\")), "Z:\\a");
}

TEST(DosPath, KeepsTheDriveOrTakesTheCurrentOne) {
    EXPECT_EQ(full(u"/tmp/x"), "Z:\\tmp\\x");
    EXPECT_EQ(full(u"z:\\tmp//x"), "z:\\tmp\\x");
    EXPECT_EQ(full(u"C:\\x\\.\\y"), "C:\\x\\y");
    EXPECT_EQ(full(u"C:x"), "C:\\x");
    EXPECT_EQ(full(u"C:\\.."), "C:\\");
}

TEST(DosPath, KeepsABackslashAtTheEnd) {
    EXPECT_EQ(full(u"dir\\"), "Z:\\home\\me\\dir\\");
    EXPECT_EQ(full(u"\\"), "Z:\\");
    EXPECT_EQ(full(u"Z:\\dir"), "Z:\\dir");
}

TEST(DosPath, NamesDevicesAndLiteralPaths) {
    EXPECT_EQ(native(u"\\\\.\\PwDevice"), "\\??\\PwDevice");
    EXPECT_EQ(native(u"//./PwDevice"), "\\??\\PwDevice");
    EXPECT_EQ(native(u"\\\\.\\PwDevice\\sub\\..\\x"), "\\??\\PwDevice\\x");
    EXPECT_EQ(native(u"\\\\.\\PwDevice\\"), "\\??\\PwDevice\\");
    EXPECT_EQ(native(u"\\\\?\\Z:\\a\\..\\b"), "\\??\\Z:\\a\\..\\b");
    EXPECT_EQ(native(u"\\??\\PwDevice"), "\\??\\PwDevice");
    EXPECT_EQ(native(u"\\\\.\\GLOBALROOT\\Device\\Pw"), "\\??\\GLOBALROOT\\Device\\Pw");
    EXPECT_EQ(native(u"\\\\server\\share\\f"), "\\??\\UNC\\server\\share\\f");
    EXPECT_EQ(native(u"f"), "\\??\\Z:\\home\\me\\f");
}

TEST(DosPath, LeadsToTheMachinesFilesOnDriveZOnly) {
    EXPECT_EQ(host_path(u"\\??\\Z:\\a\\b.txt"), "/a/b.txt");
    EXPECT_EQ(host_path(u"\\??\\z:\\"), "/");
    EXPECT_EQ(host_path(u"\\??\\NUL"), "/dev/null");
    EXPECT_EQ(host_path(u"\\??\\D:\\a"), std::nullopt);
    EXPECT_EQ(host_path(u"\\??\\Z:"), std::nullopt);  // the volume, not its root directory
    EXPECT_EQ(host_path(u"\\??\\PwDevice"), std::nullopt);
    EXPECT_EQ(host_path(native_path(full_path(u"nul", cwd))), "/dev/null");
    EXPECT_EQ(narrow(windows_path("/a/b c")), "Z:\\a\\b c");
}

TEST(DosPath, CarriesEveryCharacter) {
    const std::u16string path = u"Z:\\tmp\\\u00fc\u4e2d\U0001F600";
    EXPECT_EQ(windows_path(*host_path(native_path(path))), path);
}

}  // namespace
}  // namespace pw::win32
