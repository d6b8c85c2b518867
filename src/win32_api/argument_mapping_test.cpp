// SPDX-License-Identifier: Apache-2.0
// How Win32 arguments become native ones: names, timeouts, dispositions, protections, command lines.
#include <gtest/gtest.h>

#include "win32_api/command_line.h"
#include "win32_api/create_options.h"
#include "win32_api/named_object.h"
#include "win32_api/section_access.h"
#include "win32_api/text.h"
#include "win32_api/timeout.h"

namespace pw::win32 {
namespace {

TEST(NamedObject, PutsNamesBelowBaseNamedObjects) {
    EXPECT_EQ(object_path(u"Pw"), u"\\BaseNamedObjects\\Pw");
    EXPECT_EQ(object_path(u"Global\\Pw"), u"\\BaseNamedObjects\\Pw");
    EXPECT_EQ(object_path(u"Local\\Pw"), u"\\BaseNamedObjects\\Pw");
    EXPECT_EQ(object_path(u"Global\\Local\\Pw"), u"\\BaseNamedObjects\\Local\\Pw");
    EXPECT_EQ(object_path(u"global\\Pw"), u"\\BaseNamedObjects\\global\\Pw");
}

TEST(NamedObject, OpensWhatExistsAndInheritsWhenAsked) {
    SECURITY_ATTRIBUTES security{sizeof security, nullptr, TRUE};
    NamedObject object(&security, u"Pw");
    EXPECT_EQ(object.get()->Attributes, static_cast<ULONG>(OBJ_OPENIF | OBJ_INHERIT));
    EXPECT_EQ(object.get()->ObjectName->Length, 2 * 20);
    NamedObject opened(FALSE, u"Pw");
    EXPECT_EQ(opened.get()->Attributes, 0u);
}

TEST(NamedObject, HasNoNameForNullAndEmpty) {
    EXPECT_EQ(NamedObject(nullptr, nullptr).get()->ObjectName, nullptr);
    EXPECT_EQ(NamedObject(nullptr, u"").get()->ObjectName, nullptr);
}

TEST(NamedObject, RefusesNamesThatAreTooLong) {
    EXPECT_TRUE(NamedObject(nullptr, std::u16string(MAX_PATH, u'a').c_str()).is_valid());
    SetLastError(0);
    EXPECT_FALSE(NamedObject(nullptr, std::u16string(MAX_PATH + 1, u'a').c_str()).is_valid());
    EXPECT_EQ(GetLastError(), static_cast<DWORD>(ERROR_FILENAME_EXCED_RANGE));
}

TEST(Timeout, CountsRelativeUnitsOf100Nanoseconds) {
    EXPECT_EQ(Timeout(0).get()->QuadPart, 0);
    EXPECT_EQ(Timeout(1).get()->QuadPart, -10'000);
    EXPECT_EQ(Timeout(0xFFFFFFFE).get()->QuadPart, -42'949'672'940'000);
    EXPECT_EQ(Timeout(INFINITE).get(), nullptr);
}

TEST(CreateOptions, MapsTheFiveDispositions) {
    EXPECT_EQ(native_disposition(CREATE_NEW), static_cast<ULONG>(FILE_CREATE));
    EXPECT_EQ(native_disposition(CREATE_ALWAYS), static_cast<ULONG>(FILE_OVERWRITE_IF));
    EXPECT_EQ(native_disposition(OPEN_EXISTING), static_cast<ULONG>(FILE_OPEN));
    EXPECT_EQ(native_disposition(OPEN_ALWAYS), static_cast<ULONG>(FILE_OPEN_IF));
    EXPECT_EQ(native_disposition(TRUNCATE_EXISTING), static_cast<ULONG>(FILE_OVERWRITE));
    EXPECT_EQ(native_disposition(0), std::nullopt);
    EXPECT_EQ(native_disposition(6), std::nullopt);
}

TEST(CreateOptions, AreSynchronousUnlessOverlapped) {
    EXPECT_EQ(native_create_options(FILE_ATTRIBUTE_NORMAL),
              static_cast<ULONG>(FILE_SYNCHRONOUS_IO_NONALERT | FILE_NON_DIRECTORY_FILE));
    EXPECT_EQ(native_create_options(FILE_FLAG_OVERLAPPED), static_cast<ULONG>(FILE_NON_DIRECTORY_FILE));
    EXPECT_EQ(native_create_options(FILE_FLAG_OVERLAPPED | FILE_FLAG_BACKUP_SEMANTICS | FILE_FLAG_WRITE_THROUGH),
              static_cast<ULONG>(FILE_OPEN_FOR_BACKUP_INTENT | FILE_WRITE_THROUGH));
}

TEST(CreateOptions, AskForWhatEveryHandleNeeds) {
    EXPECT_EQ(native_file_access(0, 0), static_cast<ACCESS_MASK>(SYNCHRONIZE | FILE_READ_ATTRIBUTES));
    EXPECT_EQ(native_file_access(GENERIC_READ, FILE_FLAG_DELETE_ON_CLOSE),
              GENERIC_READ | SYNCHRONIZE | FILE_READ_ATTRIBUTES | PW_ACCESS_DELETE);
    EXPECT_EQ(native_file_attributes(FILE_FLAG_OVERLAPPED | FILE_ATTRIBUTE_HIDDEN | FILE_ATTRIBUTE_DIRECTORY),
              static_cast<ULONG>(FILE_ATTRIBUTE_HIDDEN));
}

TEST(SectionAccess, SplitsProtectionAndAttributes) {
    EXPECT_EQ(section_protection(PAGE_READWRITE).attributes, static_cast<ULONG>(SEC_COMMIT));
    EXPECT_EQ(section_protection(PAGE_READONLY | SEC_RESERVE).attributes, static_cast<ULONG>(SEC_RESERVE));
    EXPECT_EQ(section_protection(PAGE_READONLY | SEC_RESERVE).page_protection, static_cast<ULONG>(PAGE_READONLY));
}

TEST(SectionAccess, GrantsWritingForWritableMappingsOnly) {
    EXPECT_EQ(section_access(PAGE_READONLY) & SECTION_MAP_WRITE, 0u);
    EXPECT_EQ(section_access(PAGE_WRITECOPY) & SECTION_MAP_WRITE, 0u);
    EXPECT_NE(section_access(PAGE_READWRITE) & SECTION_MAP_WRITE, 0u);
    EXPECT_EQ(section_access(PAGE_READWRITE) & SECTION_MAP_EXECUTE, 0u);
    EXPECT_NE(section_access(PAGE_EXECUTE_READ) & SECTION_MAP_EXECUTE, 0u);
}

TEST(SectionAccess, MapsViewsAsTheirAccessSays) {
    EXPECT_EQ(view_protection(FILE_MAP_READ), static_cast<ULONG>(PAGE_READONLY));
    EXPECT_EQ(view_protection(FILE_MAP_WRITE), static_cast<ULONG>(PAGE_READWRITE));
    EXPECT_EQ(view_protection(FILE_MAP_ALL_ACCESS), static_cast<ULONG>(PAGE_READWRITE));
    EXPECT_EQ(view_protection(FILE_MAP_COPY), static_cast<ULONG>(PAGE_WRITECOPY));
    EXPECT_EQ(view_protection(FILE_MAP_READ | FILE_MAP_EXECUTE), static_cast<ULONG>(PAGE_EXECUTE_READ));
    EXPECT_EQ(view_protection(FILE_MAP_ALL_ACCESS | FILE_MAP_EXECUTE), static_cast<ULONG>(PAGE_EXECUTE_READWRITE));
    EXPECT_EQ(view_protection(0), static_cast<ULONG>(PAGE_NOACCESS));
    EXPECT_EQ(open_section_access(FILE_MAP_COPY), static_cast<ACCESS_MASK>(SECTION_MAP_READ));
    EXPECT_EQ(open_section_access(FILE_MAP_READ | FILE_MAP_EXECUTE),
              static_cast<ACCESS_MASK>(SECTION_MAP_READ | SECTION_MAP_EXECUTE));
}

TEST(CommandLine, QuotesSoThatParsingGivesTheSameArguments) {
    EXPECT_EQ(command_line_of({"./app", "a b", "", "c"}), "./app \"a b\" \"\" c");
    EXPECT_EQ(command_line_of({"app", "say \"hi\""}), "app \"say \\\"hi\\\"\"");
    EXPECT_EQ(command_line_of({"app", "a b\\"}), "app \"a b\\\\\"");
    EXPECT_EQ(command_line_of({"app", "x\\\\\"y"}), "app \"x\\\\\\\\\\\"y\"");
}

TEST(Text, CopiesOnlyWhatFitsWithItsTerminator) {
    char buffer[4] = "zzz";
    EXPECT_EQ(copy_text(std::string("abc"), buffer, 4), 3u);
    EXPECT_STREQ(buffer, "abc");
    EXPECT_EQ(copy_text(std::string("abcd"), buffer, 4), 5u);
    EXPECT_STREQ(buffer, "abc");
    EXPECT_EQ(copy_text(std::string("ab"), nullptr, 0), 3u);
}

}  // namespace
}  // namespace pw::win32
