// SPDX-License-Identifier: Apache-2.0
// SDDL, security descriptors as text: "O:BAG:SYD:P(A;;GA;;;SY)(A;;GR;;;WD)".
#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "security_format/descriptor.h"

namespace pw::se {

// Understands owner, group, both lists with their flags, the entry types A, D, AU, AL and ML, rights by name or number, SIDs by
// name or as S-1-…. STATUS_INVALID_PARAMETER for anything malformed; STATUS_NOT_SUPPORTED for object, callback and resource
// entries; STATUS_NONE_MAPPED for names of a domain's accounts (DA, DU …), which no machine here has.
[[nodiscard]] Result<DescriptorParts> parse_sddl(std::u16string_view text);

// The parts that `information` names. Entries of kinds that have no text are STATUS_NOT_SUPPORTED.
[[nodiscard]] Result<std::u16string> print_sddl(const DescriptorParts& parts, SECURITY_INFORMATION information);

// "SY", "S-1-5-18"; STATUS_INVALID_SID, STATUS_NONE_MAPPED.
[[nodiscard]] Result<Sid> parse_sid(std::u16string_view text);

}  // namespace pw::se
