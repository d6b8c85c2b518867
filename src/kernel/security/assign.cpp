// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/assign.h"

#include <ntstatus.h>

#include <span>
#include <utility>
#include <vector>

#include "security_format/acl_inherit.h"

namespace pw::se {
namespace {

Status check_owner(const Sid& owner, const Token& token, bool is_trusted) {
    // "The SID must be one that the token may own with, unless SeRestorePrivilege is enabled."
    const bool allowed = is_trusted || token.may_own(owner) || token.subject().has(Privilege::restore);
    return allowed ? Status() : Status(STATUS_INVALID_OWNER);
}

Status check_sacl(const Token& token, bool is_trusted) {
    return is_trusted || token.subject().has(Privilege::security) ? Status() : Status(STATUS_PRIVILEGE_NOT_HELD);
}

// An explicit list with what is inherited behind it; generic rights of both mapped. A NULL list stays one.
Result<std::vector<std::byte>> merged(std::span<const std::byte> explicit_list, std::span<const std::byte> container,
                                      const InheritingObject& object) {
    AclBuilder list;
    const std::vector<std::byte> mapped = map_generic_rights(explicit_list, object.mapping);
    for_each_ace(mapped, [&](const AceView& ace) {
        list.add_raw(ace.bytes);
        return true;
    });
    add_inherited(container, object, list);
    if (list.is_full()) return STATUS_INVALID_ACL;
    return list.take();
}

// What is inherited alone; empty when nothing is.
Result<std::vector<std::byte>> inherited_alone(std::span<const std::byte> container, const InheritingObject& object) {
    AclBuilder list;
    if (add_inherited(container, object, list) == 0) return std::vector<std::byte>();
    if (list.is_full()) return STATUS_INVALID_ACL;
    return list.take();
}

constexpr unsigned dacl_bits = SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERITED | SE_DACL_PROTECTED;
constexpr unsigned sacl_bits = SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERITED | SE_SACL_PROTECTED;

}  // namespace

Result<DescriptorParts> assign_descriptor(const DescriptorParts* explicit_parts, const Token& token,
                                          const GENERIC_MAPPING& mapping, bool is_trusted, const Container& container) {
    DescriptorParts parts;
    if (explicit_parts) parts = *explicit_parts;
    parts.control &= static_cast<SECURITY_DESCRIPTOR_CONTROL>(dacl_bits | sacl_bits);
    if (parts.owner) {
        PW_TRY(check_owner(*parts.owner, token, is_trusted));
    } else {
        parts.owner = token.owner();
    }
    if (!parts.group) parts.group = token.primary_group();
    const InheritingObject object{container.child_is_container, *parts.owner, *parts.group, mapping};
    const std::span<const std::byte> from_dacl = container.parts ? std::span(container.parts->dacl) : std::span<const std::byte>();
    const std::span<const std::byte> from_sacl = container.parts ? std::span(container.parts->sacl) : std::span<const std::byte>();
    if (parts.has_sacl) {
        PW_TRY(check_sacl(token, is_trusted));
        const bool inherits = (parts.control & SE_SACL_PROTECTED) == 0 && !parts.sacl.empty();
        PW_TRY_ASSIGN(parts.sacl, merged(parts.sacl, inherits ? from_sacl : std::span<const std::byte>(), object));
    } else {
        PW_TRY_ASSIGN(parts.sacl, inherited_alone(from_sacl, object));
        parts.has_sacl = !parts.sacl.empty();
    }
    // A list that its creator has by default only gives way to what is inherited.
    std::vector<std::byte> inherited;
    if (!parts.has_dacl || (parts.control & SE_DACL_DEFAULTED) != 0) {
        PW_TRY_ASSIGN(inherited, inherited_alone(from_dacl, object));
    }
    if (!inherited.empty()) {
        parts.has_dacl = true;
        parts.dacl = std::move(inherited);
        parts.control &= static_cast<SECURITY_DESCRIPTOR_CONTROL>(~unsigned{SE_DACL_DEFAULTED});
    } else if (!parts.has_dacl) {
        parts.has_dacl = true;
        parts.dacl = map_generic_rights(token.default_dacl(), mapping);
    } else if (!parts.dacl.empty()) {
        const bool inherits = (parts.control & SE_DACL_PROTECTED) == 0;
        PW_TRY_ASSIGN(parts.dacl, merged(parts.dacl, inherits ? from_dacl : std::span<const std::byte>(), object));
    }
    return parts;
}

Result<DescriptorParts> change_descriptor(const DescriptorParts& present, SECURITY_INFORMATION information,
                                          const DescriptorParts& change, const Token& token,
                                          const GENERIC_MAPPING& mapping, bool is_trusted) {
    DescriptorParts parts = present;
    unsigned control = parts.control;
    if (information & OWNER_SECURITY_INFORMATION) {
        if (!change.owner) return STATUS_INVALID_OWNER;
        PW_TRY(check_owner(*change.owner, token, is_trusted));
        parts.owner = change.owner;
    }
    if (information & GROUP_SECURITY_INFORMATION) {
        if (!change.group) return STATUS_INVALID_PRIMARY_GROUP;
        parts.group = change.group;
    }
    if (information & DACL_SECURITY_INFORMATION) {
        // A descriptor without a DACL grants everything: setting it takes the list away.
        parts.has_dacl = true;
        parts.dacl.clear();
        if (!change.grants_all()) parts.dacl = map_generic_rights(change.dacl, mapping);
        control = (control & ~dacl_bits) | (change.control & dacl_bits);
        if (information & PROTECTED_DACL_SECURITY_INFORMATION) control |= SE_DACL_PROTECTED;
        if (information & UNPROTECTED_DACL_SECURITY_INFORMATION) control &= ~unsigned{SE_DACL_PROTECTED};
    }
    if (information & SACL_SECURITY_INFORMATION) {
        PW_TRY(check_sacl(token, is_trusted));
        parts.has_sacl = change.has_sacl;
        parts.sacl.clear();
        if (!change.sacl.empty()) parts.sacl = map_generic_rights(change.sacl, mapping);
        control = (control & ~sacl_bits) | (change.control & sacl_bits);
    }
    parts.control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(control);
    return parts;
}

ACCESS_MASK access_to_query(SECURITY_INFORMATION information) {
    ACCESS_MASK access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |
                       LABEL_SECURITY_INFORMATION)) {
        access |= READ_CONTROL;
    }
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    return access;
}

ACCESS_MASK access_to_set(SECURITY_INFORMATION information) {
    ACCESS_MASK access = 0;
    if (information & (OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | LABEL_SECURITY_INFORMATION)) access |= WRITE_OWNER;
    if (information & DACL_SECURITY_INFORMATION) access |= WRITE_DAC;
    if (information & SACL_SECURITY_INFORMATION) access |= ACCESS_SYSTEM_SECURITY;
    return access;
}

}  // namespace pw::se
