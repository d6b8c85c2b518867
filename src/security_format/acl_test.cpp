// SPDX-License-Identifier: Apache-2.0
#include "security_format/acl.h"

#include <gtest/gtest.h>
#include <ntstatus.h>

#include <cstring>

#include "security_format/acl_edit.h"

namespace pw::se {
namespace {

std::vector<ACCESS_MASK> masks(std::span<const std::byte> acl) {
    std::vector<ACCESS_MASK> found;
    for_each_ace(acl, [&](const AceView& ace) {
        found.push_back(ace.mask);
        return true;
    });
    return found;
}

TEST(Acl, BuilderMakesAValidList) {
    const auto acl = AclBuilder().deny(1, well_known::everyone()).allow(2, well_known::local_system(), INHERIT_ONLY_ACE).take();
    EXPECT_EQ(acl_length_bytes(acl), acl.size());
    EXPECT_EQ(masks(acl), (std::vector<ACCESS_MASK>{1, 2}));
}

TEST(Acl, EveryCutAndEveryWrongLengthIsRefused) {
    const auto acl = AclBuilder().allow(1, well_known::everyone()).deny(2, well_known::administrators()).take();
    for (std::size_t length = 0; length < acl.size(); ++length) {
        EXPECT_FALSE(acl_length_bytes(std::span(acl).first(length)).has_value());
    }
    for (const unsigned wrong_size : {0u, 3u, 4u, 5u, 15u, 19u, 24u, 4096u, 65535u}) {
        auto wrong = acl;
        const auto size = static_cast<std::uint16_t>(wrong_size);
        std::memcpy(wrong.data() + sizeof(ACL) + 2, &size, sizeof size);  // AceSize of the first entry
        EXPECT_FALSE(acl_length_bytes(wrong).has_value()) << size;
    }
    auto wrong = acl;
    wrong[sizeof(ACL) + 9] = std::byte{9};  // its SID grows beyond the entry
    EXPECT_FALSE(acl_length_bytes(wrong).has_value());
    wrong = acl;
    wrong[0] = std::byte{1};
    EXPECT_FALSE(acl_length_bytes(wrong).has_value());
}

TEST(Acl, ObjectEntriesOfOneTypeDecideNothing) {
    // Header, mask, flags = object type present, GUID, SID.
    const Sid everyone = well_known::everyone();
    std::vector<std::byte> ace(4 + 4 + 4 + 16 + everyone.length_bytes());
    const ACE_HEADER head{ACCESS_DENIED_OBJECT_ACE_TYPE, 0, static_cast<WORD>(ace.size())};
    const DWORD mask = 1, flags = 1;
    std::memcpy(ace.data(), &head, 4);
    std::memcpy(ace.data() + 4, &mask, 4);
    std::memcpy(ace.data() + 8, &flags, 4);
    std::memcpy(ace.data() + 28, everyone.bytes().data(), everyone.length_bytes());
    const auto acl = AclBuilder().add_raw(ace).take();
    ASSERT_TRUE(acl_length_bytes(acl).has_value());
    for_each_ace(acl, [](const AceView& view) {
        EXPECT_FALSE(view.sid.has_value());
        return true;
    });
}

TEST(Acl, GenericRightsAreMapped) {
    const GENERIC_MAPPING mapping{1, 2, 4, 7};
    const auto acl = map_generic_rights(AclBuilder().allow(GENERIC_READ | 0x100, well_known::everyone()).take(), mapping);
    EXPECT_EQ(masks(acl), (std::vector<ACCESS_MASK>{0x101}));
}

TEST(AclEdit, ListsInMemoryGrowAndShrink) {
    alignas(ACL) std::byte room[8 + 20 + 20 + 2];
    auto* acl = reinterpret_cast<ACL*>(room);
    EXPECT_EQ(acl_create(acl, 7, ACL_REVISION).code(), STATUS_BUFFER_TOO_SMALL);
    EXPECT_EQ(acl_create(acl, sizeof room, 1).code(), STATUS_INVALID_PARAMETER);
    ASSERT_TRUE(acl_create(acl, sizeof room, ACL_REVISION).is_success());
    EXPECT_EQ(acl->AclSize, sizeof room - 2);
    const Sid everyone = well_known::everyone();
    EXPECT_EQ(acl_add(acl, 9, 0, 1, everyone.get(), ACCESS_ALLOWED_ACE_TYPE).code(), STATUS_REVISION_MISMATCH);
    EXPECT_EQ(acl_add(acl, ACL_REVISION, 0x20, 1, everyone.get(), ACCESS_ALLOWED_ACE_TYPE).code(), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(acl_add(acl, ACL_REVISION, 0, 1, nullptr, ACCESS_ALLOWED_ACE_TYPE).code(), STATUS_INVALID_SID);
    ASSERT_TRUE(acl_add(acl, ACL_REVISION, 0, 1, everyone.get(), ACCESS_ALLOWED_ACE_TYPE).is_success());
    ASSERT_TRUE(acl_add(acl, ACL_REVISION, 0, 2, everyone.get(), ACCESS_DENIED_ACE_TYPE).is_success());
    EXPECT_EQ(acl_add(acl, ACL_REVISION, 0, 3, everyone.get(), ACCESS_ALLOWED_ACE_TYPE).code(), STATUS_ALLOTTED_SPACE_EXCEEDED);
    void* ace = nullptr;
    ASSERT_TRUE(acl_first_free(acl, &ace).is_success());
    EXPECT_EQ(ace, nullptr);
    ASSERT_TRUE(acl_get(acl, 1, &ace).is_success());
    EXPECT_EQ(static_cast<ACCESS_DENIED_ACE*>(ace)->Mask, 2u);
    EXPECT_EQ(acl_get(acl, 2, &ace).code(), STATUS_INVALID_PARAMETER);
    std::byte saved[20];
    std::memcpy(saved, room + 28, sizeof saved);
    ASSERT_TRUE(acl_delete(acl, 0).is_success());
    EXPECT_EQ(acl_delete(acl, 1).code(), STATUS_INVALID_PARAMETER);
    ASSERT_TRUE(acl_insert(acl, ACL_REVISION, 0, saved, sizeof saved).is_success());
    EXPECT_EQ(acl_insert(acl, ACL_REVISION, 0, saved, 3).code(), STATUS_INVALID_PARAMETER);
    EXPECT_EQ(masks({room, acl->AclSize}), (std::vector<ACCESS_MASK>{2, 2}));
    EXPECT_TRUE(acl_is_valid(acl));
    acl->AceCount = 9;
    EXPECT_FALSE(acl_is_valid(acl));
    EXPECT_EQ(acl_first_free(acl, &ace).code(), STATUS_INVALID_ACL);
}

}  // namespace
}  // namespace pw::se
