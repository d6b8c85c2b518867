// SPDX-License-Identifier: Apache-2.0
#include "security_format/descriptor.h"

#include <gtest/gtest.h>
#include <ntstatus.h>

#include <cstring>
#include <random>

#include "security_format/descriptor_memory.h"
#include "security_format/sddl.h"

namespace pw::se {
namespace {

std::vector<std::byte> sample() {
    return parse_sddl(u"O:BAG:SYD:P(A;;GA;;;SY)(D;;GR;;;WD)S:(AU;SA;GA;;;WD)").value().to_self_relative();
}

TEST(Descriptor, EveryCutIsRefused) {
    const std::vector<std::byte> bytes = sample();
    ASSERT_TRUE(DescriptorParts::from_self_relative(bytes).is_ok());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_FALSE(DescriptorParts::from_self_relative(cut).is_ok()) << length;
    }
}

TEST(Descriptor, OffsetsAreChecked) {
    const std::vector<std::byte> bytes = sample();
    for (const std::size_t field : {4u, 8u, 12u, 16u}) {
        for (const std::uint32_t offset : {1u, 4u, 19u, 22u, 0x7FFFFFFCu, 0xFFFFFFFCu, 0xFFFFFFFFu,
                                           static_cast<std::uint32_t>(bytes.size())}) {
            auto wrong = bytes;
            std::memcpy(wrong.data() + field, &offset, sizeof offset);
            EXPECT_FALSE(DescriptorParts::from_self_relative(wrong).is_ok()) << field << " " << offset;
        }
    }
    auto wrong = bytes;
    wrong[0] = std::byte{2};
    EXPECT_EQ(DescriptorParts::from_self_relative(wrong).status().code(), STATUS_UNKNOWN_REVISION);
    wrong = bytes;
    wrong[3] = std::byte{0};  // absolute: addresses of somebody
    EXPECT_EQ(DescriptorParts::from_self_relative(wrong).status().code(), STATUS_INVALID_SECURITY_DESCR);
}

TEST(Descriptor, DamagedBytesAreRefusedOrStayValid) {
    std::mt19937 random(20260101);  // any seed: the sanitizer finds a read outside
    const std::vector<std::byte> good = sample();
    int accepted = 0;
    for (unsigned round = 0; round < 20000; ++round) {
        std::vector<std::byte> bytes = good;
        for (unsigned i = 0; i < 1 + round % 4; ++i) bytes[random() % bytes.size()] = static_cast<std::byte>(random());
        const auto parts = DescriptorParts::from_self_relative(bytes);
        if (!parts.is_ok()) continue;
        ++accepted;
        // What was accepted can be written and read again, and shows the same.
        const auto again = DescriptorParts::from_self_relative(parts.value().to_self_relative());
        ASSERT_TRUE(again.is_ok());
        ASSERT_EQ(again.value().dacl, parts.value().dacl);
        ASSERT_EQ(again.value().owner, parts.value().owner);
    }
    EXPECT_GT(accepted, 0);
}

TEST(Descriptor, NullAndEmptyListsDiffer) {
    EXPECT_TRUE(DescriptorParts::from_self_relative(parse_sddl(u"D:NO_ACCESS_CONTROL").value().to_self_relative()).value().grants_all());
    EXPECT_FALSE(DescriptorParts::from_self_relative(parse_sddl(u"D:").value().to_self_relative()).value().grants_all());
    EXPECT_TRUE(DescriptorParts::from_self_relative(parse_sddl(u"O:SY").value().to_self_relative()).value().grants_all());
}

TEST(DescriptorMemory, AbsoluteAndSelfRelativeFormsSayTheSame) {
    SECURITY_DESCRIPTOR absolute;
    EXPECT_EQ(descriptor_create(&absolute, 2).code(), STATUS_UNKNOWN_REVISION);
    ASSERT_TRUE(descriptor_create(&absolute, SECURITY_DESCRIPTOR_REVISION).is_success());
    const Sid owner = well_known::administrators();
    auto acl = AclBuilder().allow(GENERIC_READ, well_known::everyone()).take();
    ASSERT_TRUE(descriptor_set_owner(&absolute, owner.get(), false).is_success());
    ASSERT_TRUE(descriptor_set_group(&absolute, nullptr, true).is_success());
    ASSERT_TRUE(descriptor_set_dacl(&absolute, true, reinterpret_cast<PACL>(acl.data()), false).is_success());
    EXPECT_TRUE(descriptor_is_valid(&absolute));
    ULONG length = 0;
    EXPECT_EQ(descriptor_make_self_relative(&absolute, nullptr, &length).code(), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(length, 20 + acl.size() + owner.length_bytes());
    std::vector<std::byte> relative(length);
    ASSERT_TRUE(descriptor_make_self_relative(&absolute, relative.data(), &length).is_success());
    EXPECT_EQ(descriptor_length_bytes(relative.data()), length);
    EXPECT_EQ(descriptor_make_self_relative(relative.data(), relative.data(), &length).code(), STATUS_BAD_DESCRIPTOR_FORMAT);
    EXPECT_EQ(descriptor_set_owner(relative.data(), owner.get(), false).code(), STATUS_INVALID_SECURITY_DESCR);
    for (PSECURITY_DESCRIPTOR form : {static_cast<PSECURITY_DESCRIPTOR>(&absolute), static_cast<PSECURITY_DESCRIPTOR>(relative.data())}) {
        PSID sid = nullptr;
        PACL dacl = nullptr;
        bool flag = true, present = false;
        ASSERT_TRUE(descriptor_get_owner(form, &sid, &flag).is_success());
        EXPECT_EQ(Sid::from_memory(sid), owner);
        EXPECT_FALSE(flag);
        ASSERT_TRUE(descriptor_get_group(form, &sid, &flag).is_success());
        EXPECT_EQ(sid, nullptr);
        EXPECT_TRUE(flag);
        ASSERT_TRUE(descriptor_get_dacl(form, &present, &dacl, &flag).is_success());
        ASSERT_TRUE(present);
        EXPECT_EQ(std::memcmp(dacl, acl.data(), acl.size()), 0);
        ASSERT_TRUE(descriptor_get_sacl(form, &present, &dacl, &flag).is_success());
        EXPECT_FALSE(present);
    }
}

}  // namespace
}  // namespace pw::se
