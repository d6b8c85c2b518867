// SPDX-License-Identifier: Apache-2.0
#include "security_format/descriptor.h"

#include <ntstatus.h>

#include <cstring>

namespace pw::se {
namespace {

constexpr SECURITY_DESCRIPTOR_CONTROL form_bits = SE_SELF_RELATIVE | SE_DACL_PRESENT | SE_SACL_PRESENT;

constexpr std::size_t rounded(std::size_t bytes) { return (bytes + 3) & ~std::size_t{3}; }

Status take_sid(std::span<const std::byte> bytes, DWORD offset, std::optional<Sid>* sid) {
    if (offset == 0) return {};
    if (offset < sizeof(SECURITY_DESCRIPTOR_RELATIVE) || offset % 4 != 0 || offset > bytes.size()) {
        return STATUS_INVALID_SECURITY_DESCR;
    }
    *sid = Sid::parse(bytes.subspan(offset));
    return *sid ? Status() : Status(STATUS_INVALID_SID);
}

Status take_acl(std::span<const std::byte> bytes, DWORD offset, std::vector<std::byte>* acl) {
    if (offset == 0) return {};
    if (offset < sizeof(SECURITY_DESCRIPTOR_RELATIVE) || offset % 4 != 0 || offset > bytes.size()) {
        return STATUS_INVALID_SECURITY_DESCR;
    }
    const auto length = acl_length_bytes(bytes.subspan(offset));
    if (!length) return STATUS_INVALID_ACL;
    acl->assign(bytes.begin() + offset, bytes.begin() + offset + static_cast<std::ptrdiff_t>(*length));
    return {};
}

// The bytes that a list in the caller's memory says it has.
std::span<const std::byte> acl_in_memory(const ACL* acl) {
    return {reinterpret_cast<const std::byte*>(acl), acl->AclSize};
}

Status copy_sid(const void* memory, std::optional<Sid>* sid) {
    if (memory == nullptr) return {};
    *sid = Sid::from_memory(memory);
    return *sid ? Status() : Status(STATUS_INVALID_SID);
}

Status copy_acl(const ACL* memory, std::vector<std::byte>* acl) {
    if (memory == nullptr) return {};
    const std::span<const std::byte> bytes = acl_in_memory(memory);
    if (!acl_length_bytes(bytes)) return STATUS_INVALID_ACL;
    acl->assign(bytes.begin(), bytes.end());
    return {};
}

const void* behind(const void* descriptor, DWORD offset) {
    return offset == 0 ? nullptr : static_cast<const std::byte*>(descriptor) + offset;
}

}  // namespace

Result<DescriptorParts> DescriptorParts::from_self_relative(std::span<const std::byte> bytes) {
    SECURITY_DESCRIPTOR_RELATIVE head;
    if (bytes.size() < sizeof head || bytes.size() > max_descriptor_bytes) return STATUS_INVALID_SECURITY_DESCR;
    std::memcpy(&head, bytes.data(), sizeof head);
    if (head.Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    if (!(head.Control & SE_SELF_RELATIVE)) return STATUS_INVALID_SECURITY_DESCR;
    DescriptorParts parts;
    parts.control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(head.Control & ~form_bits);
    parts.has_dacl = (head.Control & SE_DACL_PRESENT) != 0;
    parts.has_sacl = (head.Control & SE_SACL_PRESENT) != 0;
    PW_TRY(take_sid(bytes, head.Owner, &parts.owner));
    PW_TRY(take_sid(bytes, head.Group, &parts.group));
    if (parts.has_dacl) PW_TRY(take_acl(bytes, head.Dacl, &parts.dacl));
    if (parts.has_sacl) PW_TRY(take_acl(bytes, head.Sacl, &parts.sacl));
    return parts;
}

Result<DescriptorParts> DescriptorParts::from_memory(const void* descriptor) {
    if (descriptor == nullptr) return STATUS_INVALID_SECURITY_DESCR;
    SECURITY_DESCRIPTOR absolute{};
    std::memcpy(&absolute, descriptor, sizeof(SECURITY_DESCRIPTOR_RELATIVE));  // the shorter form: what both have
    if (absolute.Revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    if (absolute.Control & SE_SELF_RELATIVE) {
        SECURITY_DESCRIPTOR_RELATIVE head;
        std::memcpy(&head, descriptor, sizeof head);
        absolute.Owner = const_cast<PSID>(behind(descriptor, head.Owner));
        absolute.Group = const_cast<PSID>(behind(descriptor, head.Group));
        absolute.Sacl = static_cast<PACL>(const_cast<void*>(behind(descriptor, head.Sacl)));
        absolute.Dacl = static_cast<PACL>(const_cast<void*>(behind(descriptor, head.Dacl)));
    } else {
        std::memcpy(&absolute, descriptor, sizeof absolute);
    }
    DescriptorParts parts;
    parts.control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(absolute.Control & ~form_bits);
    parts.has_dacl = (absolute.Control & SE_DACL_PRESENT) != 0;
    parts.has_sacl = (absolute.Control & SE_SACL_PRESENT) != 0;
    PW_TRY(copy_sid(absolute.Owner, &parts.owner));
    PW_TRY(copy_sid(absolute.Group, &parts.group));
    if (parts.has_dacl) PW_TRY(copy_acl(absolute.Dacl, &parts.dacl));
    if (parts.has_sacl) PW_TRY(copy_acl(absolute.Sacl, &parts.sacl));
    return parts;
}

DescriptorParts DescriptorParts::selected(SECURITY_INFORMATION information) const {
    DescriptorParts part;
    unsigned dropped = 0;
    if (information & OWNER_SECURITY_INFORMATION) part.owner = owner;
    else dropped |= SE_OWNER_DEFAULTED;
    if (information & GROUP_SECURITY_INFORMATION) part.group = group;
    else dropped |= SE_GROUP_DEFAULTED;
    if (information & DACL_SECURITY_INFORMATION) {
        part.has_dacl = has_dacl;
        part.dacl = dacl;
    } else {
        dropped |= SE_DACL_DEFAULTED | SE_DACL_AUTO_INHERIT_REQ | SE_DACL_AUTO_INHERITED | SE_DACL_PROTECTED;
    }
    if (information & SACL_SECURITY_INFORMATION) {
        part.has_sacl = has_sacl;
        part.sacl = sacl;
    } else {
        dropped |= SE_SACL_DEFAULTED | SE_SACL_AUTO_INHERIT_REQ | SE_SACL_AUTO_INHERITED | SE_SACL_PROTECTED;
    }
    part.control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(control & ~dropped);
    return part;
}

std::size_t DescriptorParts::self_relative_bytes() const {
    return sizeof(SECURITY_DESCRIPTOR_RELATIVE) + rounded(sacl.size()) + rounded(dacl.size()) +
           (owner ? owner->length_bytes() : 0) + (group ? group->length_bytes() : 0);
}

std::vector<std::byte> DescriptorParts::to_self_relative() const {
    std::vector<std::byte> bytes(self_relative_bytes());
    std::size_t used = sizeof(SECURITY_DESCRIPTOR_RELATIVE);
    const auto append = [&](std::span<const std::byte> part) -> DWORD {
        if (part.empty()) return 0;
        const std::size_t at = used;
        std::memcpy(bytes.data() + at, part.data(), part.size());
        used += rounded(part.size());
        return static_cast<DWORD>(at);
    };
    SECURITY_DESCRIPTOR_RELATIVE head{};
    head.Revision = SECURITY_DESCRIPTOR_REVISION;
    head.Control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(control | SE_SELF_RELATIVE | (has_dacl ? SE_DACL_PRESENT : 0) |
                                                            (has_sacl ? SE_SACL_PRESENT : 0));
    head.Sacl = append(sacl);
    head.Dacl = append(dacl);
    head.Owner = owner ? append(owner->bytes()) : 0;
    head.Group = group ? append(group->bytes()) : 0;
    std::memcpy(bytes.data(), &head, sizeof head);
    return bytes;
}

}  // namespace pw::se
