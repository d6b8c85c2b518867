// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/access_check.h"

#include <gtest/gtest.h>
#include <ntstatus.h>

#include <vector>

#include "kernel/objects/object_type.h"
#include "security_format/sddl.h"

namespace pw::se {
namespace {

constexpr ACCESS_MASK denied = 0xFFFFFFFF;  // in the tables: STATUS_ACCESS_DENIED

class AccessCheck : public ::testing::Test {
protected:
    AccessCheck() : groups_{{well_known::everyone()}, {well_known::users()}, {well_known::unix_group(100)}} {}

    AccessResult check(std::u16string_view sddl, ACCESS_MASK desired, PrivilegeSet privileges = 0, ACCESS_MASK previously = 0) {
        const DescriptorParts parts = parse_sddl(sddl).value();
        return access_check(&parts, {user_, groups_, privileges}, {desired, previously, ob::event_type.generic_mapping});
    }
    ACCESS_MASK granted(std::u16string_view sddl, ACCESS_MASK desired) {
        const AccessResult result = check(sddl, desired);
        return result.status.is_success() ? result.granted : denied;
    }

    const Sid user_ = well_known::unix_user(1000);
    std::vector<TokenGroup> groups_;
};

TEST_F(AccessCheck, FollowsTheDocumentedOrder) {
    struct Row {
        std::u16string_view sddl;
        ACCESS_MASK desired;
        ACCESS_MASK expected;
    };
    constexpr ACCESS_MASK all = EVENT_ALL_ACCESS;
    const Row rows[] = {
        // No list, a NULL list: everything. An empty one: nothing.
        {u"O:SY", 3, 3},
        {u"D:NO_ACCESS_CONTROL", all, all},
        {u"D:NO_ACCESS_CONTROL", MAXIMUM_ALLOWED, all},
        {u"D:", 1, denied},
        {u"D:", MAXIMUM_ALLOWED, denied},
        // Users and groups; rights add up over the entries.
        {u"D:(A;;CC;;;S-1-22-1-1000)", 1, 1},
        {u"D:(A;;CC;;;S-1-22-1-1001)", 1, denied},
        {u"D:(A;;CC;;;S-1-22-2-100)(A;;DC;;;WD)", 3, 3},
        {u"D:(A;;CC;;;WD)", 3, denied},
        // A denial before the permission wins, one behind it comes too late.
        {u"D:(D;;CC;;;WD)(A;;CCDC;;;S-1-22-1-1000)", 1, denied},
        {u"D:(D;;CC;;;WD)(A;;CCDC;;;S-1-22-1-1000)", 2, 2},
        {u"D:(A;;CCDC;;;S-1-22-1-1000)(D;;CC;;;WD)", 1, 1},
        {u"D:(D;;CC;;;BA)(A;;CC;;;WD)", 1, 1},
        // MAXIMUM_ALLOWED, alone and with rights that must be there.
        {u"D:(D;;CC;;;WD)(A;;CCDC;;;S-1-22-1-1000)", MAXIMUM_ALLOWED, 2},
        {u"D:(A;;CC;;;WD)", MAXIMUM_ALLOWED | 1, 1},
        {u"D:(A;;CC;;;WD)", MAXIMUM_ALLOWED | 2, denied},
        // The owner reads and changes the descriptor, whatever the list says; unless it speaks of OWNER RIGHTS.
        {u"O:S-1-22-1-1000D:", READ_CONTROL | WRITE_DAC, READ_CONTROL | WRITE_DAC},
        {u"O:S-1-22-1-1000D:", MAXIMUM_ALLOWED, READ_CONTROL | WRITE_DAC},
        {u"O:S-1-22-1-1000D:(D;;RCWD;;;WD)", READ_CONTROL, READ_CONTROL},
        {u"O:S-1-22-1-1000D:", WRITE_OWNER, denied},
        {u"O:S-1-22-2-100D:", WRITE_DAC, WRITE_DAC},
        {u"O:SYD:", READ_CONTROL, denied},
        {u"O:S-1-22-1-1000D:(A;;CC;;;OW)", READ_CONTROL, denied},
        {u"O:S-1-22-1-1000D:(A;;CC;;;OW)", 1, 1},
        {u"O:SYD:(A;;CC;;;OW)", 1, denied},
        // Generic rights, in the request and in the list.
        {u"D:(A;;GR;;;WD)", GENERIC_READ, STANDARD_RIGHTS_READ | 1},
        {u"D:(A;;GA;;;WD)", GENERIC_ALL, all},
        {u"D:(A;;GR;;;WD)", GENERIC_WRITE, denied},
        // What is there to be inherited only says nothing here.
        {u"D:(A;IO;GA;;;WD)", 1, denied},
        {u"D:(D;IO;GA;;;WD)(A;;CC;;;WD)", 1, 1},
        // Nothing asked for is nothing granted.
        {u"D:(A;;GA;;;WD)", 0, denied},
    };
    for (const Row& row : rows) {
        EXPECT_EQ(granted(row.sddl, row.desired), row.expected)
            << std::string(row.sddl.begin(), row.sddl.end()) << " desired " << std::hex << row.desired;
    }
}

TEST_F(AccessCheck, AnObjectWithoutDescriptorGrantsEverything) {
    const AccessResult result = access_check(nullptr, {user_, groups_, 0}, {MAXIMUM_ALLOWED, 0, ob::event_type.generic_mapping});
    EXPECT_TRUE(result.status.is_success());
    EXPECT_EQ(result.granted, ACCESS_MASK{EVENT_ALL_ACCESS});
}

TEST_F(AccessCheck, PrivilegesGiveTheAuditListAndOwnership) {
    EXPECT_EQ(check(u"D:(A;;GA;;;WD)", ACCESS_SYSTEM_SECURITY).status.code(), STATUS_PRIVILEGE_NOT_HELD);
    EXPECT_EQ(check(u"D:NO_ACCESS_CONTROL", ACCESS_SYSTEM_SECURITY).status.code(), STATUS_PRIVILEGE_NOT_HELD);
    const AccessResult audit = check(u"D:", ACCESS_SYSTEM_SECURITY, bit_of(Privilege::security));
    EXPECT_TRUE(audit.status.is_success());
    EXPECT_EQ(audit.granted, ACCESS_MASK{ACCESS_SYSTEM_SECURITY});
    EXPECT_EQ(audit.used_privileges, bit_of(Privilege::security));
    EXPECT_TRUE(check(u"D:", WRITE_OWNER, bit_of(Privilege::take_ownership)).status.is_success());
    EXPECT_FALSE(check(u"D:", WRITE_OWNER | WRITE_DAC, bit_of(Privilege::take_ownership)).status.is_success());
}

TEST_F(AccessCheck, WhatWasGrantedBeforeIsNotCheckedAgain) {
    const AccessResult result = check(u"D:(A;;CC;;;WD)", 3, 0, 2);
    EXPECT_TRUE(result.status.is_success());
    EXPECT_EQ(result.granted, 3u);
}

TEST_F(AccessCheck, GroupsForDenyingOnlyDenyOnly) {
    groups_[1].attributes = SE_GROUP_USE_FOR_DENY_ONLY;
    EXPECT_EQ(granted(u"D:(A;;CC;;;BU)", 1), denied);
    EXPECT_EQ(granted(u"D:(D;;CC;;;BU)(A;;CC;;;WD)", 1), denied);
    groups_[1].attributes = 0;  // neither
    EXPECT_EQ(granted(u"D:(D;;CC;;;BU)(A;;CC;;;WD)", 1), 1u);
}

}  // namespace
}  // namespace pw::se
