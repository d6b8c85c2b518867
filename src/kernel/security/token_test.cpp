// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/token.h"

#include <gtest/gtest.h>
#include <ntstatus.h>

#include <algorithm>

#include "kernel/objects/object_manager.h"
#include "kernel/security/assign.h"
#include "kernel/security/defaults.h"
#include "security_format/sddl.h"

namespace pw::se {
namespace {

constexpr SECURITY_INFORMATION owner_group_dacl =
    OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION;

std::string text(const DescriptorParts& parts) {
    const std::u16string sddl = print_sddl(parts, owner_group_dacl).value();
    return {sddl.begin(), sddl.end()};
}

class TokenTest : public ::testing::Test {
protected:
    Ref<Token> user(std::uint32_t id, bool elevated) {
        const std::uint32_t groups[] = {100, 27, 100};
        return Token::create(objects_, {.user_id = id, .group_id = 100, .groups = groups, .is_elevated = elevated});
    }
    static bool holds(const Token& token, const Sid& sid) { return token.subject().matches(sid, false); }
    static DescriptorParts assigned(std::u16string_view sddl, const Token& token) {
        const DescriptorParts parts = parse_sddl(sddl).value();
        return assign_descriptor(&parts, token, ob::event_type.generic_mapping, false).value();
    }
    ob::ObjectManager objects_;
};

TEST_F(TokenTest, UserAndGroupsFollowSambasConvention) {
    const auto token = user(1000, false);
    EXPECT_EQ(token->user(), well_known::unix_user(1000));
    EXPECT_EQ(token->primary_group(), well_known::unix_group(100));
    EXPECT_TRUE(holds(*token, well_known::unix_group(27)));
    EXPECT_TRUE(holds(*token, well_known::everyone()));
    EXPECT_TRUE(holds(*token, well_known::authenticated_users()));
    EXPECT_FALSE(holds(*token, well_known::administrators()));
    EXPECT_FALSE(holds(*token, well_known::local_system()));
    EXPECT_EQ(std::ranges::count(token->groups(), well_known::unix_group(100), &TokenGroup::sid), 1);
}

TEST_F(TokenTest, ElevatedMeansAdministratorsAndSystem) {
    const auto token = user(0, true);
    EXPECT_EQ(token->user(), well_known::unix_user(0));
    EXPECT_TRUE(holds(*token, well_known::administrators()));
    EXPECT_TRUE(holds(*token, well_known::local_system()));
    EXPECT_TRUE(token->is_administrator());
}

TEST_F(TokenTest, PrivilegesAreHeldBeforeTheyAreEnabled) {
    const auto token = user(0, true);
    EXPECT_FALSE(token->subject().has(Privilege::security));
    token->adjust_privileges(bit_of(Privilege::security) | bit_of(Privilege::tcb), 0);
    EXPECT_TRUE(token->subject().has(Privilege::security));
    EXPECT_FALSE(token->subject().has(Privilege::tcb));  // not held
    token->adjust_privileges(0, bit_of(Privilege::security));
    EXPECT_FALSE(token->subject().has(Privilege::security));
}

TEST_F(TokenTest, NewObjectsGetTheCreatorsDefaults) {
    const auto standard = user(1000, false);
    EXPECT_EQ(text(assign_descriptor(nullptr, *standard, ob::event_type.generic_mapping, false).value()),
              "O:S-1-22-1-1000G:S-1-22-2-100D:(A;;0x1f0003;;;S-1-22-1-1000)(A;;0x1f0003;;;SY)");
    const auto system = Token::create_system(objects_);
    EXPECT_EQ(text(assign_descriptor(nullptr, *system, ob::event_type.generic_mapping, true).value()),
              "O:BAG:SYD:(A;;0x1f0003;;;SY)(A;;0x120001;;;BA)");
}

TEST_F(TokenTest, WhatTheCreatorAsksForIsMappedAndCompleted) {
    const auto token = user(1000, false);
    EXPECT_EQ(text(assigned(u"D:P(A;;GR;;;WD)", *token)), "O:S-1-22-1-1000G:S-1-22-2-100D:P(A;;CCRC;;;WD)");
    EXPECT_EQ(text(assigned(u"D:", *token)), "O:S-1-22-1-1000G:S-1-22-2-100D:");
    EXPECT_EQ(text(assigned(u"D:NO_ACCESS_CONTROL", *token)), "O:S-1-22-1-1000G:S-1-22-2-100D:NO_ACCESS_CONTROL");
}

TEST_F(TokenTest, TheContainersEntriesComeBeforeTheTokensDefaultAndBehindTheCreators) {
    const auto token = user(1000, false);
    const DescriptorParts directory = parse_sddl(u"D:(A;OICI;GR;;;WD)(A;;GA;;;SY)").value();
    const GENERIC_MAPPING& events = ob::event_type.generic_mapping;
    const auto in_directory = [&](const char16_t* asked, bool is_container = false) {
        const DescriptorParts parts = asked ? parse_sddl(asked).value() : DescriptorParts();
        return text(assign_descriptor(asked ? &parts : nullptr, *token, events, false,
                                      {.parts = &directory, .child_is_container = is_container})
                        .value());
    };
    const std::string who = "O:S-1-22-1-1000G:S-1-22-2-100";
    EXPECT_EQ(in_directory(nullptr), who + "D:(A;ID;CCRC;;;WD)");
    EXPECT_EQ(in_directory(nullptr, true), who + "D:(A;ID;CCRC;;;WD)(A;OICIIOID;GR;;;WD)");
    EXPECT_EQ(in_directory(u"D:(A;;GR;;;BA)"), who + "D:(A;;CCRC;;;BA)(A;ID;CCRC;;;WD)");
    EXPECT_EQ(in_directory(u"D:P(A;;GR;;;BA)"), who + "D:P(A;;CCRC;;;BA)");
    EXPECT_EQ(in_directory(u"D:NO_ACCESS_CONTROL"), who + "D:NO_ACCESS_CONTROL");
    // Nothing to inherit: the token's default, as without a directory.
    const DescriptorParts plain = parse_sddl(u"D:(A;;GA;;;SY)").value();
    EXPECT_EQ(text(assign_descriptor(nullptr, *token, events, false, {.parts = &plain}).value()),
              text(assign_descriptor(nullptr, *token, events, false).value()));
}

TEST_F(TokenTest, OwnersAndAuditListsAreNotForTheTaking) {
    const auto token = user(1000, false);
    const DescriptorParts foreign = parse_sddl(u"O:SYD:").value();
    EXPECT_EQ(assign_descriptor(&foreign, *token, ob::event_type.generic_mapping, false).status().code(), STATUS_INVALID_OWNER);
    EXPECT_TRUE(assign_descriptor(&foreign, *token, ob::event_type.generic_mapping, true).is_ok());
    const DescriptorParts audited = parse_sddl(u"D:S:(AU;SA;GA;;;WD)").value();
    EXPECT_EQ(assign_descriptor(&audited, *token, ob::event_type.generic_mapping, false).status().code(),
              STATUS_PRIVILEGE_NOT_HELD);
    const auto administrator = user(0, true);
    const DescriptorParts administrators = parse_sddl(u"O:BA").value();
    EXPECT_TRUE(assign_descriptor(&administrators, *administrator, ob::event_type.generic_mapping, false).is_ok());
}

TEST_F(TokenTest, ChangesReplaceOnlyWhatIsNamed) {
    const auto token = user(1000, false);
    const DescriptorParts present = assigned(u"D:(A;;GA;;;WD)", *token);
    const DescriptorParts change = parse_sddl(u"O:SYG:BUD:P(A;;GR;;;BU)").value();
    const auto changed = change_descriptor(present, DACL_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION, change, *token,
                                           ob::event_type.generic_mapping, false);
    EXPECT_EQ(text(changed.value()), "O:S-1-22-1-1000G:BUD:P(A;;CCRC;;;BU)");
    EXPECT_EQ(change_descriptor(present, OWNER_SECURITY_INFORMATION, change, *token, ob::event_type.generic_mapping, false)
                  .status()
                  .code(),
              STATUS_INVALID_OWNER);
}

TEST_F(TokenTest, SystemDefaultsAreValidTexts) {
    for (const DescriptorRef& descriptor : {system_directory_descriptor(), shared_directory_descriptor(), symbolic_link_descriptor(),
                                            device_descriptor(), service_manager_descriptor(), service_descriptor()}) {
        EXPECT_FALSE(descriptor->parts().grants_all());
    }
    // Everybody may open a plain device; only administrators may change what it is.
    const auto standard = user(1000, false);
    const DescriptorRef device = device_descriptor();
    EXPECT_TRUE(access_check(&device->parts(), standard->subject(),
                             {GENERIC_READ | GENERIC_WRITE, 0, ob::file_type.generic_mapping})
                    .status.is_success());
    EXPECT_FALSE(
        access_check(&device->parts(), standard->subject(), {WRITE_DAC, 0, ob::file_type.generic_mapping}).status.is_success());
}

}  // namespace
}  // namespace pw::se
