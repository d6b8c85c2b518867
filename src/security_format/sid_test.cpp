// SPDX-License-Identifier: Apache-2.0
#include "security_format/sid.h"

#include <gtest/gtest.h>

#include <cstring>
#include <vector>

namespace pw::se {
namespace {

TEST(Sid, IsWrittenAndReadAsText) {
    for (const auto* text : {u"S-1-5-18", u"S-1-1-0", u"S-1-22-1-1000", u"S-1-5-32-544", u"S-1-4294967295-1", u"S-1-0x100000000000-7",
                             u"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-4294967295"}) {
        const auto sid = Sid::from_text(text);
        ASSERT_TRUE(sid.has_value()) << std::string(text, text + std::char_traits<char16_t>::length(text));
        EXPECT_EQ(sid->text(), text);
        EXPECT_EQ(Sid::parse(sid->bytes()), sid);
    }
    EXPECT_EQ(Sid::from_text(u"s-1-0x5-18"), well_known::local_system());
}

TEST(Sid, RefusesWhatIsNoSid) {
    for (const auto* text : {u"", u"S", u"S-1-", u"S-1-5", u"S-2-5-18", u"S-1-5-", u"S-1-5-4294967296", u"S-1-281474976710656-1",
                             u"S-1-5-18 ", u"S-1-5-1x", u"S-1--5", u"S-1-5-1-2-3-4-5-6-7-8-9-10-11-12-13-14-15-16"}) {
        EXPECT_FALSE(Sid::from_text(text).has_value());
    }
}

TEST(Sid, BytesAreReadInsideTheirSpanOnly) {
    const Sid admins = well_known::administrators();
    const std::vector<std::byte> bytes(admins.bytes().begin(), admins.bytes().end());
    for (std::size_t length = 0; length < bytes.size(); ++length) {
        const std::vector<std::byte> cut(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(length));
        EXPECT_FALSE(Sid::parse(cut).has_value());
    }
    std::vector<std::byte> wrong = bytes;
    wrong[0] = std::byte{2};
    EXPECT_FALSE(Sid::parse(wrong).has_value());
    wrong = bytes;
    wrong[1] = std::byte{16};
    wrong.resize(Sid::max_bytes + 16);
    EXPECT_FALSE(Sid::parse(wrong).has_value());
}

TEST(Sid, LayoutIsTheDocumentedOne) {
    SID admins;
    static_assert(sizeof(SID) == 12);
    alignas(SID) std::byte room[16];
    std::memcpy(room, well_known::administrators().get(), sizeof room);
    std::memcpy(&admins, room, sizeof admins);
    EXPECT_EQ(admins.Revision, 1);
    EXPECT_EQ(admins.SubAuthorityCount, 2);
    EXPECT_EQ(admins.IdentifierAuthority.Value[5], 5);
    EXPECT_EQ(admins.SubAuthority[0], 32u);
    EXPECT_EQ(sid_length_bytes(room), sizeof room);
    EXPECT_EQ(sid_length_bytes(nullptr), 0u);
}

}  // namespace
}  // namespace pw::se
