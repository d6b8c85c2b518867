// SPDX-License-Identifier: Apache-2.0
// access_check(): whether a subject gets the rights that it asks for, as Microsoft documents it ("How AccessCheck Works",
// "Order of ACEs in a DACL").
#pragma once

#include <cstdint>
#include <span>

#include "base/status.h"
#include "kernel/security/privileges.h"
#include "security_format/descriptor.h"

namespace pw::se {

struct TokenGroup {
    Sid sid;
    ULONG attributes = SE_GROUP_MANDATORY | SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED;
};

// What a check reads of a token.
struct AccessSubject {
    const Sid& user;
    std::span<const TokenGroup> groups;
    PrivilegeSet enabled_privileges = 0;

    // An entry that grants matches enabled SIDs; one that denies also those that are for denying only.
    [[nodiscard]] bool matches(const Sid& sid, bool denies) const;
    [[nodiscard]] bool has(Privilege privilege) const { return (enabled_privileges & bit_of(privilege)) != 0; }
};

struct AccessRequest {
    ACCESS_MASK desired = 0;             // generic rights and MAXIMUM_ALLOWED are understood
    ACCESS_MASK previously_granted = 0;  // needs no further check
    const GENERIC_MAPPING& mapping;
};

struct AccessResult {
    Status status;            // STATUS_SUCCESS, STATUS_ACCESS_DENIED, STATUS_PRIVILEGE_NOT_HELD
    ACCESS_MASK granted = 0;  // with success: all that was asked for, or the most with MAXIMUM_ALLOWED
    PrivilegeSet used_privileges = 0;
};

// `descriptor` null: the object has none, and everything is granted. No lock, no allocation.
[[nodiscard]] AccessResult access_check(const DescriptorParts* descriptor, const AccessSubject& subject,
                                        const AccessRequest& request);

}  // namespace pw::se
