// SPDX-License-Identifier: Apache-2.0
#include "security_format/sddl.h"

#include <gtest/gtest.h>
#include <ntstatus.h>

namespace pw::se {
namespace {

constexpr SECURITY_INFORMATION everything =
    OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION | SACL_SECURITY_INFORMATION;

std::string narrow(std::u16string_view text) { return {text.begin(), text.end()}; }

TEST(Sddl, RoundTripsThroughBytes) {
    for (const std::u16string_view text : {
             u"O:BAG:SYD:P(A;;GA;;;SY)(A;;GR;;;WD)",
             u"D:",
             u"D:P",
             u"D:NO_ACCESS_CONTROL",
             u"D:PARAI(D;OICI;FA;;;AN)(A;ID;KR;;;S-1-22-1-1000)",
             u"O:S-1-22-1-65534G:S-1-22-2-65534D:(A;;0x1301bf;;;AU)",
             u"O:SYD:(A;;CCDC;;;OW)S:(AU;SAFA;GA;;;WD)(ML;;NW;;;HI)",
             u"D:(A;IO;;;;CO)",
             u"S:NO_ACCESS_CONTROL",
             u"",
         }) {
        const auto parts = parse_sddl(text);
        ASSERT_TRUE(parts.is_ok()) << narrow(text);
        const auto again = DescriptorParts::from_self_relative(parts.value().to_self_relative());
        ASSERT_TRUE(again.is_ok()) << narrow(text);
        const auto printed = print_sddl(again.value(), everything);
        ASSERT_TRUE(printed.is_ok());
        EXPECT_EQ(narrow(printed.value()), narrow(text));
    }
}

TEST(Sddl, IsForgivingWhereDocumented) {
    const auto parts = parse_sddl(u" o:s-1-5-18d:p ( a ; ; 0x10000000 ; ; ; s-1-1-0 ) g:ba ");
    ASSERT_TRUE(parts.is_ok());
    EXPECT_EQ(narrow(print_sddl(parts.value(), everything).value()), "O:SYG:BAD:P(A;;GA;;;WD)");
    // Numbers in all three bases.
    EXPECT_EQ(narrow(print_sddl(parse_sddl(u"D:(A;;3;;;WD)(A;;07;;;WD)(A;;0xF;;;WD)").value(), everything).value()),
              "D:(A;;CCDC;;;WD)(A;;CCDCLC;;;WD)(A;;CCDCLCSW;;;WD)");
}

TEST(Sddl, RefusesTheRest) {
    for (const std::u16string_view text : {u"X:", u"D", u"D:(", u"D:()", u"D:(A)", u"D:(A;;GA;;;)", u"D:(A;;GQ;;;WD)", u"D:(A;;G;;;WD)",
                                           u"D:(A;ZZ;GA;;;WD)", u"D:(AU;;GA;;;WD)", u"S:(A;;GA;;;WD)", u"D:(Q;;GA;;;WD)", u"D:D:",
                                           u"O:SYO:SY", u"D:(A;;0x100000000;;;WD)", u"D:(A;;09;;;WD)", u"D:(A;;GA;;;WD", u"O:",
                                           u"O:QQ", u"D:NO_ACCESS_CONTROL(A;;GA;;;WD)", u"O:S-1-5", u"D:(A;;GA;;;WD)x"}) {
        EXPECT_FALSE(parse_sddl(text).is_ok()) << narrow(text);
    }
    EXPECT_EQ(parse_sddl(u"O:DA").status().code(), STATUS_NONE_MAPPED);
    EXPECT_EQ(parse_sddl(u"D:(OA;;GA;;;WD)").status().code(), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(parse_sddl(u"D:(XA;;GA;;;WD;(a==1))").status().code(), STATUS_NOT_SUPPORTED);
    EXPECT_EQ(parse_sddl(u"O:QQ").status().code(), STATUS_INVALID_SID);
    EXPECT_FALSE(parse_sddl(std::u16string(0x20000, u' ')).is_ok());
    // A list beyond 64 KiB does not exist.
    std::u16string many = u"D:";
    for (int i = 0; i < 3500; ++i) many += u"(A;;GA;;;WD)";
    EXPECT_FALSE(parse_sddl(many).is_ok());
}

TEST(Sddl, PrintsOnlyWhatIsAskedFor) {
    const auto parts = parse_sddl(u"O:SYG:BAD:(A;;GA;;;WD)S:(AU;SA;GA;;;WD)");
    ASSERT_TRUE(parts.is_ok());
    EXPECT_EQ(narrow(print_sddl(parts.value(), OWNER_SECURITY_INFORMATION).value()), "O:SY");
    EXPECT_EQ(narrow(print_sddl(parts.value(), DACL_SECURITY_INFORMATION).value()), "D:(A;;GA;;;WD)");
}

}  // namespace
}  // namespace pw::se
