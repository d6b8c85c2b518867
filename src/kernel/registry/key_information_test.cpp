// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/key_information.h"

#include <gtest/gtest.h>

#include <cstring>

namespace pw::cm {
namespace {

std::u16string text_at(const Information& information, std::size_t offset, std::size_t bytes) {
    std::u16string text(bytes / sizeof(char16_t), u'\0');
    std::memcpy(text.data(), information.bytes.data() + offset, bytes);
    return text;
}

template <typename Head>
Head head_of(const Information& information) {
    Head head = {};
    std::memcpy(&head, information.bytes.data(), std::min(sizeof(head), information.bytes.size()));
    return head;
}

KeyFacts some_facts() {
    KeyFacts facts{.name = u"Foo", .path = u"\\REGISTRY\\MACHINE\\Foo", .class_name = u"Kind"};
    facts.last_write.QuadPart = 77;
    facts.subkeys = 2;
    facts.longest_subkey_name_units = 9;
    facts.values = 3;
    facts.longest_value_name_units = 5;
    facts.longest_value_bytes = 1000;
    return facts;
}

TEST(KeyInformation, HasNameAndClassWhereTheStructuresSay) {
    const Information node = std::move(key_information(some_facts(), KeyNodeInformation)).value();
    const auto head = head_of<KEY_NODE_INFORMATION>(node);
    EXPECT_EQ(head.LastWriteTime.QuadPart, 77);
    EXPECT_EQ(text_at(node, offsetof(KEY_NODE_INFORMATION, Name), head.NameLength), u"Foo");
    EXPECT_EQ(text_at(node, head.ClassOffset, head.ClassLength), u"Kind");
    const Information name = std::move(key_information(some_facts(), KeyNameInformation)).value();
    EXPECT_EQ(text_at(name, offsetof(KEY_NAME_INFORMATION, Name), head_of<KEY_NAME_INFORMATION>(name).NameLength),
              u"\\REGISTRY\\MACHINE\\Foo");
    const Information basic = std::move(key_information(some_facts(), KeyBasicInformation)).value();
    EXPECT_EQ(text_at(basic, offsetof(KEY_BASIC_INFORMATION, Name), head_of<KEY_BASIC_INFORMATION>(basic).NameLength), u"Foo");
}

TEST(KeyInformation, CountsLengthsInBytes) {
    const auto full = head_of<KEY_FULL_INFORMATION>(std::move(key_information(some_facts(), KeyFullInformation)).value());
    EXPECT_EQ(full.SubKeys, 2u);
    EXPECT_EQ(full.MaxNameLen, 18u);
    EXPECT_EQ(full.Values, 3u);
    EXPECT_EQ(full.MaxValueNameLen, 10u);
    EXPECT_EQ(full.MaxValueDataLen, 1000u);
    EXPECT_EQ(full.ClassLength, 8u);
}

TEST(KeyInformation, AlignsTheDataOfAValue) {
    const KeyValue value{.name = u"Odd", .type = REG_BINARY, .data = {std::byte{1}, std::byte{2}, std::byte{3}}};
    const Information full = std::move(value_information(value, KeyValueFullInformation)).value();
    const auto head = head_of<KEY_VALUE_FULL_INFORMATION>(full);
    EXPECT_EQ(head.DataOffset % 4, 0u);
    EXPECT_EQ(head.DataOffset + head.DataLength, full.bytes.size());
    EXPECT_EQ(full.bytes.back(), std::byte{3});
    const auto wide = head_of<KEY_VALUE_FULL_INFORMATION>(std::move(value_information(value, KeyValueFullInformationAlign64)).value());
    EXPECT_EQ(wide.DataOffset % 8, 0u);
    const Information partial = std::move(value_information(value, KeyValuePartialInformation)).value();
    EXPECT_EQ(partial.bytes.size(), offsetof(KEY_VALUE_PARTIAL_INFORMATION, Data) + 3);
}

TEST(KeyInformation, TellsTooSmallFromOverflow) {
    const KeyValue value{.name = u"x", .type = REG_DWORD, .data = std::vector<std::byte>(4)};
    const Information partial = std::move(value_information(value, KeyValuePartialInformation)).value();
    EXPECT_EQ(partial.status_for(0).code(), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(partial.status_for(11).code(), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(partial.status_for(12).code(), STATUS_BUFFER_OVERFLOW);
    EXPECT_EQ(partial.status_for(16).code(), STATUS_SUCCESS);
    EXPECT_EQ(value_information(value, 99).status().code(), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(key_information(some_facts(), 99).status().code(), STATUS_INVALID_PARAMETER);
}

}  // namespace
}  // namespace pw::cm
