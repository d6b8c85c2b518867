// SPDX-License-Identifier: Apache-2.0
// What a new object's list gets from its container's ("ACE Inheritance Rules").
#pragma once

#include <cstddef>
#include <span>

#include "security_format/acl.h"

namespace pw::se {

// The new object, as the rules see it.
struct InheritingObject {
    bool is_container = false;
    const Sid& owner;                 // for CREATOR OWNER
    const Sid& group;                 // for CREATOR GROUP
    const GENERIC_MAPPING& mapping;   // of its type
};

// Appends the entries that the object inherits from the valid list `container`, marked INHERITED_ACE. Returns how many.
std::size_t add_inherited(std::span<const std::byte> container, const InheritingObject& object, AclBuilder& list);

}  // namespace pw::se
