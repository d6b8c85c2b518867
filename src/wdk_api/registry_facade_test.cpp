// SPDX-License-Identifier: Apache-2.0
// The registry as a driver calls it, and the file that keeps it.
#include <ntifs.h>

#include <cstdio>
#include <fstream>
#include <random>

#include "wdk_api/kernel_fixture_test.h"

namespace pw::wdk {
namespace {

class RegistryFacade : public test::KernelFixture {
protected:
    static HANDLE make(std::u16string_view path, ULONG options = 0, NTSTATUS expected = STATUS_SUCCESS, HANDLE root = nullptr) {
        UNICODE_STRING name = test::string_of(path);
        OBJECT_ATTRIBUTES attributes = test::attributes_of(&name);
        attributes.RootDirectory = root;
        HANDLE key = nullptr;
        EXPECT_EQ(ZwCreateKey(&key, KEY_ALL_ACCESS, &attributes, 0, nullptr, options, nullptr), expected);
        return key;
    }
};

constexpr std::u16string_view software = u"\\Registry\\Machine\\Software\\Test";

TEST_F(RegistryFacade, OpensKeysRelativeToKeysOnly) {
    HANDLE key = make(software);
    HANDLE child = make(u"Child", 0, STATUS_SUCCESS, key);
    EXPECT_EQ(ZwClose(child), STATUS_SUCCESS);
    UNICODE_STRING name = test::string_of(u"\\Device");
    OBJECT_ATTRIBUTES attributes = test::attributes_of(&name);
    HANDLE directory = nullptr;
    ASSERT_EQ(ZwOpenDirectoryObject(&directory, DIRECTORY_QUERY, &attributes), STATUS_SUCCESS);
    make(u"Child", 0, STATUS_OBJECT_TYPE_MISMATCH, directory);
    // And nothing but keys relative to keys.
    name = test::string_of(u"event");
    attributes.RootDirectory = key;
    HANDLE event = nullptr;
    EXPECT_EQ(ZwCreateEvent(&event, EVENT_ALL_ACCESS, &attributes, NotificationEvent, FALSE), STATUS_OBJECT_TYPE_MISMATCH);
    EXPECT_EQ(ZwClose(directory), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(key), STATUS_SUCCESS);
}

TEST_F(RegistryFacade, RefusesOptionsThatItDoesNotHave) {
    make(software, REG_OPTION_CREATE_LINK, STATUS_NOT_IMPLEMENTED);
    EXPECT_TRUE(has_report("REG_OPTION_CREATE_LINK is not implemented"));
    make(software, 0x100, STATUS_INVALID_PARAMETER);
    make(u"\\Device\\Nothing", 0, STATUS_OBJECT_NAME_NOT_FOUND);
    make(u"", 0, STATUS_OBJECT_PATH_SYNTAX_BAD);
}

TEST_F(RegistryFacade, GivesTheWholeNameOfAKey) {
    HANDLE key = make(software);
    union {
        KEY_NAME_INFORMATION name;
        char16_t room[64];
    } info;
    ULONG needed = 0;
    ASSERT_EQ(ZwQueryKey(key, KeyNameInformation, &info, sizeof(info), &needed), STATUS_SUCCESS);
    EXPECT_EQ(std::u16string_view(info.name.Name, info.name.NameLength / 2), u"\\REGISTRY\\MACHINE\\Software\\Test");
    EXPECT_EQ(ZwClose(key), STATUS_SUCCESS);
    EXPECT_EQ(ZwQueryKey(key, KeyNameInformation, &info, sizeof(info), &needed), STATUS_INVALID_HANDLE);
}

TEST_F(RegistryFacade, WorksByHandleInTheRtlRoutines) {
    HANDLE key = make(software);
    const auto path = reinterpret_cast<PCWSTR>(key);
    ULONG number = 9, found = 0;
    EXPECT_EQ(RtlWriteRegistryValue(RTL_REGISTRY_HANDLE, path, u"Number", REG_DWORD, &number, sizeof(number)), STATUS_SUCCESS);
    RTL_QUERY_REGISTRY_TABLE table[2] = {};
    table[0].Flags = RTL_QUERY_REGISTRY_DIRECT | RTL_QUERY_REGISTRY_REQUIRED;
    table[0].Name = const_cast<PWSTR>(u"Number");
    table[0].EntryContext = &found;
    EXPECT_EQ(RtlQueryRegistryValues(RTL_REGISTRY_HANDLE, path, table, nullptr, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(found, 9u);
    EXPECT_EQ(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES, u"nowhere", table, nullptr, nullptr), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(RtlQueryRegistryValues(RTL_REGISTRY_SERVICES | RTL_REGISTRY_OPTIONAL, u"nowhere", table, nullptr, nullptr), STATUS_SUCCESS);
    EXPECT_EQ(ZwClose(key), STATUS_SUCCESS);
}

std::unique_ptr<nt::Kernel> kernel_with(const std::string& path, std::string* said) {
    static test::NoLoader loader;
    nt::KernelOptions options;
    options.loader = &loader;
    options.virtual_processors = 1;
    options.registry_path = path;
    options.report = [said](const std::string& line) { *said += line + "\n"; };
    options.debug_print = [](const void*, std::string_view) {};
    auto created = nt::Kernel::create(options);
    return created ? std::move(created).value() : nullptr;
}

template <typename Act>
void run(nt::Kernel& kernel, const Act& act) {
    set_default_kernel(&kernel);
    {
        nt::Kernel::SystemThreadScope scope(kernel);
        act();
    }
    kernel.stop();
    set_default_kernel(nullptr);
}

TEST(RegistryOfAHost, IsKeptInItsFile) {
    const std::string path = ::testing::TempDir() + "registry_facade_test." + std::to_string(std::random_device()());
    std::string said;
    auto first = kernel_with(path, &said);
    ASSERT_NE(first, nullptr);
    run(*first, [] {
        ULONG number = 11;
        EXPECT_EQ(RtlCreateRegistryKey(RTL_REGISTRY_SERVICES, const_cast<PWSTR>(u"kept")), STATUS_SUCCESS);
        EXPECT_EQ(RtlWriteRegistryValue(RTL_REGISTRY_SERVICES, u"kept", u"Number", REG_DWORD, &number, sizeof(number)), STATUS_SUCCESS);
    });
    first.reset();
    auto second = kernel_with(path, &said);
    ASSERT_NE(second, nullptr);
    run(*second, [] {
        EXPECT_EQ(RtlCheckRegistryKey(RTL_REGISTRY_SERVICES, const_cast<PWSTR>(u"kept")), STATUS_SUCCESS);
        EXPECT_EQ(RtlDeleteRegistryValue(RTL_REGISTRY_SERVICES, u"kept", u"Number"), STATUS_SUCCESS);
    });
    second.reset();
    EXPECT_EQ(said, "");
    std::ofstream(path) << "partywall registry 1\nnonsense\n";
    EXPECT_EQ(kernel_with(path, &said), nullptr);
    EXPECT_NE(said.find("line 2 is not of a registry"), std::string::npos) << said;
    std::remove(path.c_str());
}

}  // namespace
}  // namespace pw::wdk
