// SPDX-License-Identifier: Apache-2.0
// What descriptor a new object gets, and how a descriptor is changed.
#pragma once

#include <optional>

#include "base/result.h"
#include "kernel/security/token.h"
#include "security_format/descriptor.h"

namespace pw::se {

// Where a new object is created.
struct Container {
    const DescriptorParts* parts = nullptr;  // null: nowhere, so nothing is inherited
    bool child_is_container = false;         // the new object is one itself (a directory)
};

// Of what the creator asks for (null: nothing), the inheritable entries of its container and its token's defaults, in the order
// of "DACL for a New Object"; generic rights become the object type's own. `is_trusted`: a kernel-mode creator, who may name
// any owner. STATUS_INVALID_OWNER, STATUS_PRIVILEGE_NOT_HELD (an audit list without the right to it), STATUS_INVALID_ACL (too
// long with what it inherits).
[[nodiscard]] Result<DescriptorParts> assign_descriptor(const DescriptorParts* explicit_parts, const Token& token,
                                                        const GENERIC_MAPPING& mapping, bool is_trusted,
                                                        const Container& container = {});

// The descriptor `present` with the parts that `information` names taken from `change`. The same statuses.
[[nodiscard]] Result<DescriptorParts> change_descriptor(const DescriptorParts& present, SECURITY_INFORMATION information,
                                                        const DescriptorParts& change, const Token& token,
                                                        const GENERIC_MAPPING& mapping, bool is_trusted);

// The rights to a handle that reading or changing those parts takes.
[[nodiscard]] ACCESS_MASK access_to_query(SECURITY_INFORMATION information);
[[nodiscard]] ACCESS_MASK access_to_set(SECURITY_INFORMATION information);

}  // namespace pw::se
