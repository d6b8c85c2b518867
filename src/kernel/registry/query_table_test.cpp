// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/query_table.h"

#include <gtest/gtest.h>
#include <pw_native_types.h>

#include <cstdlib>
#include <cstring>

#include "kernel/objects/object_manager.h"
#include "kernel/registry/relative_path.h"

namespace pw::cm {
namespace {

PWSTR wide(const char16_t* text) { return reinterpret_cast<PWSTR>(const_cast<char16_t*>(text)); }

struct Seen {
    std::u16string name;
    ULONG type;
    std::u16string text;  // of strings, with terminator
    ULONG bytes;
    PVOID entry_context;
};

class QueryTableTest : public ::testing::Test {
protected:
    QueryTableTest() : key(std::move(registry.create_path(u"\\Registry\\Machine\\Software\\Driver\\Parameters")).value()) {
        top = std::move(registry.find(nullptr, u"\\Registry\\Machine\\Software\\Driver")).value();
    }

    void put(KeyObject& where, std::u16string_view name, ULONG type, std::u16string_view text) {
        ASSERT_TRUE(registry.set_value(where, name, type, std::as_bytes(std::span(text))).is_success());
    }
    void put_number(KeyObject& where, std::u16string_view name, ULONG number) {
        ASSERT_TRUE(registry.set_value(where, name, REG_DWORD, std::as_bytes(std::span(&number, 1))).is_success());
    }

    static NTSTATUS NTAPI note(PWSTR name, ULONG type, PVOID data, ULONG bytes, PVOID context, PVOID entry_context) {
        auto& test = *static_cast<QueryTableTest*>(context);
        Seen seen{name ? reinterpret_cast<const char16_t*>(name) : u"(none)", type, {}, bytes, entry_context};
        if (type == REG_SZ || type == REG_EXPAND_SZ || type == REG_MULTI_SZ) {
            seen.text.assign(static_cast<const char16_t*>(data), bytes / sizeof(char16_t));
        }
        test.seen.push_back(seen);
        return test.routine_status;
    }

    NTSTATUS query(std::vector<RTL_QUERY_REGISTRY_TABLE> table, const char16_t* environment = nullptr) {
        table.push_back({});
        return query_values(registry, *top, table.data(), {.context = this, .environment = environment, .allocate = std::malloc}).code();
    }
    static RTL_QUERY_REGISTRY_TABLE direct(const char16_t* name, PVOID target, ULONG flags = 0) {
        RTL_QUERY_REGISTRY_TABLE entry = {};
        entry.Flags = RTL_QUERY_REGISTRY_DIRECT | flags;
        entry.Name = wide(name);
        entry.EntryContext = target;
        return entry;
    }
    static RTL_QUERY_REGISTRY_TABLE called(const char16_t* name, ULONG flags = 0) {
        RTL_QUERY_REGISTRY_TABLE entry = {};
        entry.QueryRoutine = note;
        entry.Flags = flags;
        entry.Name = wide(name);
        return entry;
    }
    static RTL_QUERY_REGISTRY_TABLE subkey(const char16_t* name, ULONG flags = 0) {
        RTL_QUERY_REGISTRY_TABLE entry = {};
        entry.Flags = RTL_QUERY_REGISTRY_SUBKEY | flags;
        entry.Name = wide(name);
        return entry;
    }

    ob::ObjectManager objects;
    Registry registry{objects};
    Ref<KeyObject> key;
    Ref<KeyObject> top;
    std::vector<Seen> seen;
    NTSTATUS routine_status = STATUS_SUCCESS;
};

TEST_F(QueryTableTest, StoresNumbersDirectlyAndTakesDefaultsForWhatIsNotThere) {
    put_number(*key, u"Limit", 42);
    ULONG limit = 0, missing = 0, untouched = 5;
    ULONG default_value = 7;
    auto with_default = direct(u"Missing", &missing);
    with_default.DefaultType = REG_DWORD;
    with_default.DefaultData = &default_value;
    with_default.DefaultLength = sizeof(default_value);
    EXPECT_EQ(query({subkey(u"Parameters"), direct(u"Limit", &limit), with_default, direct(u"Other", &untouched)}), STATUS_SUCCESS);
    EXPECT_EQ(limit, 42u);
    EXPECT_EQ(missing, 7u);
    EXPECT_EQ(untouched, 5u);
}

TEST_F(QueryTableTest, FailsForWhatIsRequiredAndNotThere) {
    ULONG value = 0;
    EXPECT_EQ(query({direct(u"Missing", &value, RTL_QUERY_REGISTRY_REQUIRED)}), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(query({subkey(u"Nowhere", RTL_QUERY_REGISTRY_REQUIRED)}), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(query({subkey(u"Nowhere"), direct(u"Limit", &value)}), STATUS_SUCCESS);
    EXPECT_EQ(query({called(nullptr, RTL_QUERY_REGISTRY_REQUIRED)}), STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_F(QueryTableTest, StoresStringsInTheBufferThatIsThereOrInANewOne) {
    put(*top, u"Path", REG_SZ, std::u16string_view(u"abc\0", 4));
    WCHAR room[4];
    UNICODE_STRING own = {0, sizeof(room), room};
    UNICODE_STRING allocated = {};
    EXPECT_EQ(query({direct(u"Path", &own), direct(u"Path", &allocated)}), STATUS_SUCCESS);
    EXPECT_EQ(own.Length, 6);
    EXPECT_EQ(std::memcmp(room, u"abc", 8), 0);
    ASSERT_NE(allocated.Buffer, nullptr);
    EXPECT_EQ(allocated.Length, 6);
    EXPECT_EQ(allocated.MaximumLength, 8);
    EXPECT_EQ(std::memcmp(allocated.Buffer, u"abc", 8), 0);
    std::free(allocated.Buffer);
    UNICODE_STRING small = {0, 6, room};
    EXPECT_EQ(query({direct(u"Path", &small)}), STATUS_BUFFER_TOO_SMALL);
}

TEST_F(QueryTableTest, StoresLongDataAsTheSizeBeforeItSays) {
    const std::byte data[6] = {std::byte{1}, std::byte{2}, std::byte{3}, std::byte{4}, std::byte{5}, std::byte{6}};
    ASSERT_TRUE(registry.set_value(*top, u"Blob", REG_BINARY, data).is_success());
    union {
        LONG size;
        ULONG words[4];
        std::byte bytes[16];
    } buffer = {};
    buffer.size = -16;
    EXPECT_EQ(query({direct(u"Blob", &buffer)}), STATUS_SUCCESS);
    EXPECT_EQ(std::memcmp(buffer.bytes, data, 6), 0);
    buffer.size = 16;
    EXPECT_EQ(query({direct(u"Blob", &buffer)}), STATUS_SUCCESS);
    EXPECT_EQ(buffer.words[0], 6u);
    EXPECT_EQ(buffer.words[1], ULONG{REG_BINARY});
    EXPECT_EQ(std::memcmp(buffer.bytes + 8, data, 6), 0);
    buffer.size = 13;
    EXPECT_EQ(query({direct(u"Blob", &buffer)}), STATUS_BUFFER_TOO_SMALL);
    buffer.size = -5;
    EXPECT_EQ(query({direct(u"Blob", &buffer)}), STATUS_BUFFER_TOO_SMALL);
}

TEST_F(QueryTableTest, ChecksTheTypeWhereAsked) {
    put(*top, u"Path", REG_SZ, std::u16string_view(u"abc\0", 4));
    ULONG number = 0;
    auto entry = direct(u"Path", &number, RTL_QUERY_REGISTRY_TYPECHECK);
    entry.DefaultType = (ULONG{REG_DWORD} << RTL_QUERY_REGISTRY_TYPECHECK_SHIFT) | REG_NONE;
    EXPECT_EQ(query({entry}), STATUS_OBJECT_TYPE_MISMATCH);
    EXPECT_EQ(number, 0u);
}

TEST_F(QueryTableTest, CallsRoutinesWithStringsOfAListOneByOne) {
    put(*top, u"List", REG_MULTI_SZ, std::u16string_view(u"one\0two\0\0", 9));
    EXPECT_EQ(query({called(u"List")}), STATUS_SUCCESS);
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].type, ULONG{REG_SZ});
    EXPECT_EQ(seen[0].text, std::u16string_view(u"one\0", 4));
    EXPECT_EQ(seen[1].text, std::u16string_view(u"two\0", 4));
    EXPECT_EQ(seen[1].name, u"List");
    seen.clear();
    EXPECT_EQ(query({called(u"List", RTL_QUERY_REGISTRY_NOEXPAND)}), STATUS_SUCCESS);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].type, ULONG{REG_MULTI_SZ});
    EXPECT_EQ(seen[0].bytes, 18u);
}

TEST_F(QueryTableTest, ExpandsVariablesUnlessToldNotTo) {
    put(*top, u"Root", REG_EXPAND_SZ, std::u16string_view(u"%Root%\\x %none%\0", 16));
    const char16_t environment[] = u"other=1\0rOOT=Z:\\r\0";
    EXPECT_EQ(query({called(u"Root"), called(u"Root", RTL_QUERY_REGISTRY_NOEXPAND)}, environment), STATUS_SUCCESS);
    ASSERT_EQ(seen.size(), 2u);
    EXPECT_EQ(seen[0].type, ULONG{REG_SZ});
    EXPECT_EQ(seen[0].text, std::u16string_view(u"Z:\\r\\x %none%\0", 14));
    EXPECT_EQ(seen[1].type, ULONG{REG_EXPAND_SZ});
    EXPECT_EQ(expand_environment(u"100% %% %Root", environment), u"100% %% %Root");
}

TEST_F(QueryTableTest, EnumeratesAndDeletesValues) {
    put_number(*key, u"a", 1);
    put_number(*key, u"b", 2);
    EXPECT_EQ(query({subkey(u"Parameters"), called(nullptr, RTL_QUERY_REGISTRY_DELETE)}), STATUS_SUCCESS);
    EXPECT_EQ(seen.size(), 2u);
    EXPECT_EQ(registry.facts(*key).value().values, 0u);
}

TEST_F(QueryTableTest, ReturnsToTheTopKeyAndCallsWithoutAValue) {
    put_number(*top, u"Up", 3);
    ULONG up = 0;
    auto only_call = called(nullptr, RTL_QUERY_REGISTRY_NOVALUE);
    only_call.EntryContext = &up;
    EXPECT_EQ(query({subkey(u"Parameters"), only_call, direct(u"Up", &up, RTL_QUERY_REGISTRY_TOPKEY | RTL_QUERY_REGISTRY_REQUIRED)}),
              STATUS_SUCCESS);
    EXPECT_EQ(up, 3u);
    ASSERT_EQ(seen.size(), 1u);
    EXPECT_EQ(seen[0].name, u"(none)");
    EXPECT_EQ(seen[0].type, ULONG{REG_NONE});
    EXPECT_EQ(seen[0].entry_context, &up);
}

TEST_F(QueryTableTest, EndsWithARoutinesFailure) {
    put_number(*top, u"a", 1);
    routine_status = STATUS_ACCESS_DENIED;
    EXPECT_EQ(query({called(u"a"), called(u"a")}), STATUS_ACCESS_DENIED);
    EXPECT_EQ(seen.size(), 1u);
}

TEST_F(QueryTableTest, RefusesTablesThatSayTwoThings) {
    ULONG value = 0;
    auto both = direct(u"a", &value);
    both.QueryRoutine = note;
    EXPECT_EQ(query({both}), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(query({direct(nullptr, &value)}), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(query({subkey(nullptr)}), STATUS_INVALID_PARAMETER);
}

TEST(RelativePath, StartsWhereTheConstantSays) {
    EXPECT_EQ(absolute_path(RTL_REGISTRY_SERVICES, wide(u"foo\\Parameters")).value(),
              u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\foo\\Parameters");
    EXPECT_EQ(absolute_path(RTL_REGISTRY_ABSOLUTE, wide(u"\\Registry\\Machine")).value(), u"\\Registry\\Machine");
    EXPECT_EQ(absolute_path(RTL_REGISTRY_DEVICEMAP | RTL_REGISTRY_OPTIONAL, nullptr).value(), u"\\Registry\\Machine\\Hardware\\DeviceMap");
    EXPECT_EQ(absolute_path(99, wide(u"x")).status().code(), STATUS_INVALID_PARAMETER);
}

}  // namespace
}  // namespace pw::cm
