// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/defaults.h"

#include "security_format/sddl.h"

namespace pw::se {

DescriptorRef descriptor_from_sddl(std::u16string_view text, const ob::ObjectType& type) {
    auto parsed = parse_sddl(text);
    PW_CHECK(parsed.is_ok());
    DescriptorParts parts = std::move(parsed).value();
    if (!parts.owner) parts.owner = well_known::administrators();
    if (!parts.group) parts.group = well_known::local_system();
    if (!parts.dacl.empty()) parts.dacl = map_generic_rights(parts.dacl, type.generic_mapping);
    return SharedDescriptor::create(std::move(parts));
}

DescriptorRef system_directory_descriptor() {
    return descriptor_from_sddl(u"D:(A;;GRGX;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)", ob::directory_type);
}
DescriptorRef shared_directory_descriptor() {
    return descriptor_from_sddl(u"D:(A;;CCDCLCSWRC;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)", ob::directory_type);
}
DescriptorRef symbolic_link_descriptor() {
    return descriptor_from_sddl(u"D:(A;;GRGX;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)", ob::symbolic_link_type);
}
DescriptorRef device_descriptor() {
    return descriptor_from_sddl(u"D:(A;;GRGWGX;;;WD)(A;;GA;;;SY)(A;;GA;;;BA)(A;;GRGWGX;;;RC)", ob::device_type);
}
DescriptorRef kernel_only_descriptor() { return descriptor_from_sddl(u"D:P", ob::section_type); }
DescriptorRef service_manager_descriptor() {
    // Connect, enumerate, query the lock status; administrators everything.
    return descriptor_from_sddl(u"D:(A;;CCLCSWRPLORC;;;AU)(A;;0xf01ff;;;BA)(A;;0xf01ff;;;SY)", ob::service_type);
}
DescriptorRef service_descriptor() {
    // Query configuration and status, enumerate dependents, interrogate; administrators everything.
    return descriptor_from_sddl(u"D:(A;;CCLCSWLORC;;;AU)(A;;0xf01ff;;;BA)(A;;0xf01ff;;;SY)", ob::service_type);
}

}  // namespace pw::se
