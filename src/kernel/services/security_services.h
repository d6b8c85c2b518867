// SPDX-License-Identifier: Apache-2.0
// Security descriptors of objects by handle, tokens (NtQuerySecurityObject, NtSetSecurityObject, NtOpenProcessToken,
// NtAdjustPrivilegesToken …). All at PASSIVE_LEVEL.
#pragma once

#include "kernel/security/token.h"
#include "kernel/services/caller.h"

namespace pw::nt {

// The parts that `information` names; an object without a descriptor shows an empty one. A file shows its device's.
// STATUS_ACCESS_DENIED.
[[nodiscard]] Result<se::DescriptorParts> query_security(const Caller& caller, std::uint64_t handle,
                                                         SECURITY_INFORMATION information);
// The same for an object at hand.
[[nodiscard]] se::DescriptorParts descriptor_of(const Caller& caller, ob::Object& object, SECURITY_INFORMATION information);
// STATUS_NO_SECURITY_ON_OBJECT for an object without a descriptor; STATUS_INVALID_OWNER, STATUS_PRIVILEGE_NOT_HELD.
[[nodiscard]] Status set_security(const Caller& caller, std::uint64_t handle, SECURITY_INFORMATION information,
                                  const se::DescriptorParts& change);

[[nodiscard]] Result<std::uint64_t> open_process_token(const Caller& caller, std::uint64_t process, ACCESS_MASK access,
                                                       ULONG attributes);
// A reference for an answer about the token: TOKEN_QUERY, or TOKEN_QUERY_SOURCE for TokenSource.
[[nodiscard]] Result<Ref<se::Token>> reference_token(const Caller& caller, std::uint64_t handle,
                                                     TOKEN_INFORMATION_CLASS information_class);

struct PrivilegeChange {
    se::PrivilegeSet enable = 0;
    se::PrivilegeSet disable = 0;
    bool names_unknown_ones = false;  // LUIDs that are no privileges were asked for, too
};
// *changed_before: those of the privileges that changed, as they were. STATUS_NOT_ALL_ASSIGNED (a success) when the token
// lacks some that were to be enabled.
[[nodiscard]] Status adjust_privileges(const Caller& caller, std::uint64_t token, const PrivilegeChange& change,
                                       se::PrivilegeSet* changed, se::PrivilegeSet* enabled_before);

}  // namespace pw::nt
