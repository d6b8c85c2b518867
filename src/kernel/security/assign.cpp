// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/assign.h"

#include <ntstatus.h>

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

constexpr unsigned dacl_bits = SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERITED | SE_DACL_PROTECTED;
constexpr unsigned sacl_bits = SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERITED | SE_SACL_PROTECTED;

}  // namespace

Result<DescriptorParts> assign_descriptor(const DescriptorParts* explicit_parts, const Token& token,
                                          const GENERIC_MAPPING& mapping, bool is_trusted) {
    DescriptorParts parts;
    if (explicit_parts) parts = *explicit_parts;
    parts.control &= static_cast<SECURITY_DESCRIPTOR_CONTROL>(dacl_bits | sacl_bits);
    if (parts.owner) {
        PW_TRY(check_owner(*parts.owner, token, is_trusted));
    } else {
        parts.owner = token.owner();
    }
    if (!parts.group) parts.group = token.primary_group();
    if (parts.has_sacl) {
        PW_TRY(check_sacl(token, is_trusted));
        parts.sacl = map_generic_rights(parts.sacl, mapping);
    }
    if (!parts.has_dacl) {
        parts.has_dacl = true;
        parts.dacl = token.default_dacl();
    }
    if (!parts.dacl.empty()) parts.dacl = map_generic_rights(parts.dacl, mapping);
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
