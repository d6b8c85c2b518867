// SPDX-License-Identifier: Apache-2.0
#include "wdk_api/text.h"

namespace pw::wdk {

Result<nt::ObjectName> name_of(const nt::Caller& caller, POBJECT_ATTRIBUTES attributes) {
    nt::ObjectName name;
    if (!attributes) return name;
    if (attributes->Length != sizeof(OBJECT_ATTRIBUTES)) return STATUS_INVALID_PARAMETER;
    name.attributes = attributes->Attributes;
    if (attributes->ObjectName) {
        if (attributes->ObjectName->Length % sizeof(char16_t) != 0) return STATUS_OBJECT_NAME_INVALID;
        name.has_name = true;
        name.path = text_of(attributes->ObjectName);
    }
    if (attributes->SecurityDescriptor) {
        PW_TRY_ASSIGN(se::DescriptorParts parts, se::DescriptorParts::from_memory(attributes->SecurityDescriptor));
        name.security = se::SharedDescriptor::create(std::move(parts));
    }
    if (attributes->RootDirectory) {
        PW_TRY(nt::take_root(caller, reinterpret_cast<std::uint64_t>(attributes->RootDirectory), name));
    }
    return name;
}

}  // namespace pw::wdk
