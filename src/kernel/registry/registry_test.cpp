// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/registry.h"

#include <gtest/gtest.h>

#include <string>

#include "kernel/objects/object_manager.h"
#include "kernel/registry/limits.h"

namespace pw::cm {
namespace {

std::vector<std::byte> bytes(std::string_view text) {
    const auto* first = reinterpret_cast<const std::byte*>(text.data());
    return {first, first + text.size()};
}

class RegistryTest : public ::testing::Test {
protected:
    Ref<KeyObject> make(std::u16string_view path, const NewKey& wanted = {}) {
        auto created = registry.create(nullptr, path, wanted);
        EXPECT_TRUE(created.is_ok());
        return created.is_ok() ? created.value().key : Ref<KeyObject>();
    }
    NTSTATUS find_status(std::u16string_view path, KeyObject* root = nullptr) { return registry.find(root, path).status().code(); }

    ob::ObjectManager objects;
    Registry registry{objects};
};

TEST_F(RegistryTest, FindsKeysWithoutRegardToCaseAndTellsWhatIsWrongWithAPath) {
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\Fooé");
    EXPECT_EQ(registry.find(nullptr, u"\\REGISTRY\\machine\\SOFTWARE\\fOOÉ").value().get(), key.get());
    EXPECT_EQ(registry.find(nullptr, u"\\Registry\\Machine\\Software\\Fooé\\").value().get(), key.get());
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\Software\\Bar"), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(find_status(u"\\Registry\\Nowhere\\Software\\Bar"), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(find_status(u"\\Device\\Foo"), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(find_status(u"Registry\\Machine"), STATUS_OBJECT_PATH_SYNTAX_BAD);
    EXPECT_EQ(find_status(u"\\Registry\\\\Machine"), STATUS_OBJECT_PATH_SYNTAX_BAD);
    EXPECT_EQ(find_status(u"\\x", key.get()), STATUS_OBJECT_PATH_SYNTAX_BAD);
    EXPECT_EQ(registry.find(key.get(), u"").value().get(), key.get());
}

TEST_F(RegistryTest, LeadsFromCurrentControlSetToTheOneThereIs) {
    make(u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\foo");
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\System\\ControlSet001\\Services\\FOO"), STATUS_SUCCESS);
    // Only there.
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\Software\\CurrentControlSet"), STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_F(RegistryTest, CreatesTheLastComponentOnlyAndOpensWhatIsThere) {
    EXPECT_EQ(registry.create(nullptr, u"\\Registry\\Machine\\Software\\a\\b", {}).status().code(), STATUS_OBJECT_NAME_NOT_FOUND);
    auto first = registry.create(nullptr, u"\\Registry\\Machine\\Software\\a", {.class_name = u"kind"});
    ASSERT_TRUE(first.is_ok());
    EXPECT_TRUE(first.value().is_new);
    auto second = registry.create(nullptr, u"\\Registry\\Machine\\Software\\A", {});
    EXPECT_FALSE(second.value().is_new);
    EXPECT_EQ(second.value().key.get(), first.value().key.get());
    EXPECT_EQ(registry.facts(*first.value().key).value().class_name, u"kind");
    EXPECT_TRUE(registry.create_path(u"\\Registry\\Machine\\Software\\x\\y\\z").is_ok());
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\Software\\x\\y\\z"), STATUS_SUCCESS);
}

TEST_F(RegistryTest, AsksWhetherAKeyMayBeMade) {
    const NewKey wanted{.may_create = [](const KeyObject&) -> Status { return STATUS_ACCESS_DENIED; }};
    EXPECT_EQ(registry.create(nullptr, u"\\Registry\\Machine\\Software\\a", wanted).status().code(), STATUS_ACCESS_DENIED);
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\Software\\a"), STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_F(RegistryTest, KeepsVolatileKeysBelowVolatileKeys) {
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\a", {.is_volatile = true});
    EXPECT_EQ(registry.create(key.get(), u"b", {}).status().code(), STATUS_CHILD_MUST_BE_VOLATILE);
    EXPECT_TRUE(registry.create(key.get(), u"b", {.is_volatile = true}).is_ok());
}

TEST_F(RegistryTest, SetsAsksAndRemovesValues) {
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\a");
    EXPECT_EQ(registry.value(*key, u"Limit").status().code(), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_EQ(registry.set_value(*key, u"Limit", 4, bytes("1234")).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.set_value(*key, u"LIMIT", 3, bytes("56")).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.set_value(*key, u"", 1, bytes("")).code(), STATUS_SUCCESS);
    auto value = registry.value(*key, u"limit");
    ASSERT_TRUE(value.is_ok());
    EXPECT_EQ(value.value().name, u"Limit");  // as it was first given
    EXPECT_EQ(value.value().type, 3u);
    EXPECT_EQ(value.value().data, bytes("56"));
    EXPECT_EQ(registry.facts(*key).value().values, 2u);
    EXPECT_EQ(registry.facts(*key).value().longest_value_name_units, 5u);
    EXPECT_EQ(registry.value_at(*key, 2).status().code(), STATUS_NO_MORE_ENTRIES);
    EXPECT_EQ(registry.remove_value(*key, u"lImit").code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.remove_value(*key, u"lImit").code(), STATUS_OBJECT_NAME_NOT_FOUND);
}

TEST_F(RegistryTest, EnumeratesSubkeysEachOnce) {
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\a");
    for (const char16_t* name : {u"c", u"A", u"b"}) ASSERT_TRUE(registry.create(key.get(), name, {}).is_ok());
    std::u16string names;
    for (ULONG i = 0; i < 3; ++i) names += registry.subkey_facts(*key, i).value().name;
    EXPECT_EQ(names, u"Abc");
    EXPECT_EQ(registry.subkey_facts(*key, 3).status().code(), STATUS_NO_MORE_ENTRIES);
    EXPECT_EQ(registry.subkey_facts(*key, 0).value().path, u"\\REGISTRY\\MACHINE\\Software\\a\\A");
}

TEST_F(RegistryTest, DeletesAKeyWithoutSubkeysAndSaysSoToItsHandles) {
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\a");
    const Ref<KeyObject> child = make(u"\\Registry\\Machine\\Software\\a\\b");
    EXPECT_EQ(registry.remove(*key).code(), STATUS_CANNOT_DELETE);
    EXPECT_EQ(registry.remove(*child).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.remove(*child).code(), STATUS_KEY_DELETED);
    EXPECT_EQ(registry.facts(*child).status().code(), STATUS_KEY_DELETED);
    EXPECT_EQ(registry.set_value(*child, u"x", 1, {}).code(), STATUS_KEY_DELETED);
    EXPECT_EQ(find_status(u"x", child.get()), STATUS_KEY_DELETED);
    EXPECT_EQ(registry.remove(*key).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.remove(*registry.find(nullptr, u"\\Registry\\Machine").value()).code(), STATUS_CANNOT_DELETE);
}

TEST_F(RegistryTest, TakesATreeAway) {
    const Ref<KeyObject> deep = registry.create_path(u"\\Registry\\Machine\\Software\\a\\b\\c").value();
    EXPECT_FALSE(registry.remove_tree(u"\\Registry\\Machine\\Software\\a").empty());
    EXPECT_EQ(registry.facts(*deep).status().code(), STATUS_KEY_DELETED);
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\Software\\a"), STATUS_OBJECT_NAME_NOT_FOUND);
    EXPECT_TRUE(registry.remove_tree(u"\\Registry\\Machine\\Software\\a").empty());
    EXPECT_TRUE(registry.remove_tree(u"\\Registry\\Machine\\System").empty());
    EXPECT_EQ(find_status(u"\\Registry\\Machine\\System"), STATUS_SUCCESS);
}

TEST_F(RegistryTest, KeepsTheDocumentedLimits) {
    const std::u16string name(max_key_name_units, u'k');
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\" + name);
    EXPECT_EQ(registry.create(key.get(), name + u"k", {}).status().code(), STATUS_OBJECT_NAME_INVALID);
    const std::u16string value_name(max_value_name_units, u'v');
    EXPECT_EQ(registry.set_value(*key, value_name, 3, {}).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.set_value(*key, value_name + u"v", 3, {}).code(), STATUS_INVALID_PARAMETER);
    const std::vector<std::byte> data(max_value_bytes + 1);
    EXPECT_EQ(registry.set_value(*key, u"a", 3, {data.data(), max_value_bytes}).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.set_value(*key, u"b", 3, data).code(), STATUS_INVALID_PARAMETER);
    Ref<KeyObject> deep = key;
    std::size_t depth = 0;
    for (; depth <= max_depth; ++depth) {
        auto next = registry.create(deep.get(), u"d", {});
        if (!next) break;
        deep = std::move(next).value().key;
    }
    EXPECT_LT(depth, max_depth);
    EXPECT_GT(depth, max_depth - 8);
}

TEST_F(RegistryTest, TakesNoMoreMemoryThanItsQuotaAndGivesItBack) {
    const Ref<KeyObject> key = make(u"\\Registry\\Machine\\Software\\a");
    const std::vector<std::byte> data(max_value_bytes);
    NTSTATUS status = STATUS_SUCCESS;
    ULONG count = 0;
    const auto name = [](ULONG number) { return std::u16string(number + 1, u'x'); };
    while (count < 100 && status == STATUS_SUCCESS) status = registry.set_value(*key, name(count++), 3, data).code();
    EXPECT_EQ(status, STATUS_REGISTRY_QUOTA_LIMIT);
    EXPECT_EQ(count, max_registry_bytes / max_value_bytes);
    EXPECT_EQ(registry.remove_value(*key, name(0)).code(), STATUS_SUCCESS);
    EXPECT_EQ(registry.set_value(*key, u"again", 3, data).code(), STATUS_SUCCESS);
    EXPECT_FALSE(registry.remove_tree(u"\\Registry\\Machine\\Software\\a").empty());
    EXPECT_EQ(registry.set_value(*make(u"\\Registry\\Machine\\Software\\b"), u"again", 3, data).code(), STATUS_SUCCESS);
}

}  // namespace
}  // namespace pw::cm
