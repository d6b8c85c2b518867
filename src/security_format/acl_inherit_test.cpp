// SPDX-License-Identifier: Apache-2.0
#include "security_format/acl_inherit.h"

#include <gtest/gtest.h>

#include <string>

#include "security_format/descriptor.h"
#include "security_format/sddl.h"

namespace pw::se {
namespace {

constexpr GENERIC_MAPPING mapping{0x1, 0x2, 0x4, 0x7};

class AclInherit : public ::testing::Test {
protected:
    // What an object owned by BU with the group BG inherits from a container with this list.
    static std::string inherited(std::u16string_view sddl, bool is_container) {
        const DescriptorParts container = parse_sddl(sddl).value();
        const Sid owner = well_known::local_system();
        const Sid group = well_known::administrators();
        AclBuilder list;
        const std::size_t count = add_inherited(container.dacl, {is_container, owner, group, mapping}, list);
        DescriptorParts parts;
        parts.has_dacl = true;
        parts.dacl = list.take();
        EXPECT_EQ(ace_count(parts.dacl), count);
        const std::u16string text = print_sddl(parts, DACL_SECURITY_INFORMATION).value();
        return {text.begin(), text.end()};
    }
    static std::string to_object(std::u16string_view sddl) { return inherited(sddl, false); }
    static std::string to_container(std::u16string_view sddl) { return inherited(sddl, true); }
};

// The table of "ACE Inheritance Rules", line by line.
TEST_F(AclInherit, OfObjectsOnly) {
    EXPECT_EQ(to_object(u"D:(A;OI;0x10;;;WD)"), "D:(A;ID;RP;;;WD)");
    EXPECT_EQ(to_container(u"D:(A;OI;0x10;;;WD)"), "D:(A;OIIOID;RP;;;WD)");
    EXPECT_EQ(to_container(u"D:(A;OINP;0x10;;;WD)"), "D:");
    EXPECT_EQ(to_object(u"D:(A;OINP;0x10;;;WD)"), "D:(A;ID;RP;;;WD)");
}

TEST_F(AclInherit, OfContainersOnly) {
    EXPECT_EQ(to_object(u"D:(A;CI;0x10;;;WD)"), "D:");
    EXPECT_EQ(to_container(u"D:(A;CI;0x10;;;WD)"), "D:(A;CIID;RP;;;WD)");
    EXPECT_EQ(to_container(u"D:(A;CINP;0x10;;;WD)"), "D:(A;ID;RP;;;WD)");
}

TEST_F(AclInherit, OfBoth) {
    EXPECT_EQ(to_object(u"D:(D;OICI;0x10;;;WD)"), "D:(D;ID;RP;;;WD)");
    EXPECT_EQ(to_container(u"D:(D;OICI;0x10;;;WD)"), "D:(D;OICIID;RP;;;WD)");
    EXPECT_EQ(to_container(u"D:(D;OICINP;0x10;;;WD)"), "D:(D;ID;RP;;;WD)");
    // Inherit only, for the container: for the children it decides.
    EXPECT_EQ(to_container(u"D:(A;OICIIO;0x10;;;WD)"), "D:(A;OICIID;RP;;;WD)");
    EXPECT_EQ(to_object(u"D:(A;OICIIO;0x10;;;WD)"), "D:(A;ID;RP;;;WD)");
}

TEST_F(AclInherit, NothingOfTheRest) {
    EXPECT_EQ(to_object(u"D:(A;;0x10;;;WD)(A;IO;0x10;;;WD)(A;NP;0x10;;;WD)"), "D:");
    EXPECT_EQ(to_container(u"D:(A;;0x10;;;WD)"), "D:");
    EXPECT_EQ(to_object(u"D:"), "D:");
    EXPECT_EQ(to_object(u"D:NO_ACCESS_CONTROL"), "D:");
    // In the container's order.
    EXPECT_EQ(to_object(u"D:(D;OI;0x10;;;WD)(A;;0x10;;;SY)(A;OI;0x20;;;WD)"), "D:(D;ID;RP;;;WD)(A;ID;WP;;;WD)");
}

TEST_F(AclInherit, GenericRightsAndCreatorsAreMappedWhereTheyDecide) {
    EXPECT_EQ(to_object(u"D:(A;OI;GR;;;CO)(A;OI;GW;;;CG)"), "D:(A;ID;CC;;;SY)(A;ID;DC;;;BA)");
    // A container gets one that decides and one that its children inherit.
    EXPECT_EQ(to_container(u"D:(A;OICI;GA;;;WD)"), "D:(A;ID;CCDCLC;;;WD)(A;OICIIOID;GA;;;WD)");
    EXPECT_EQ(to_container(u"D:(A;CI;0x10;;;CO)"), "D:(A;ID;RP;;;SY)(A;CIIOID;RP;;;CO)");
    EXPECT_EQ(to_container(u"D:(A;CINP;GA;;;CO)"), "D:(A;ID;CCDCLC;;;SY)");
    EXPECT_EQ(to_container(u"D:(A;OI;GA;;;CO)"), "D:(A;OIIOID;GA;;;CO)");  // unchanged for the next generation
}

}  // namespace
}  // namespace pw::se
