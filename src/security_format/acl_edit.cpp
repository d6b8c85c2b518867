// SPDX-License-Identifier: Apache-2.0
#include "security_format/acl_edit.h"

#include <ntstatus.h>

#include <cstring>

#include "security_format/acl.h"

namespace pw::se {
namespace {

constexpr ULONG lowest_revision = 2;
constexpr ULONG highest_revision = 4;
constexpr std::size_t max_acl_bytes = 0xFFFC;
constexpr ULONG known_flags = VALID_INHERIT_FLAGS | SUCCESSFUL_ACCESS_ACE_FLAG | FAILED_ACCESS_ACE_FLAG;

std::byte* bytes_of(ACL* acl) { return reinterpret_cast<std::byte*>(acl); }

// Precondition: the list is valid. The offset of the `index`th entry, or of the free space behind the last one.
std::size_t offset_of(const ACL* acl, ULONG index) {
    std::size_t offset = sizeof(ACL);
    for (ULONG i = 0; i < index && i < acl->AceCount; ++i) {
        offset += reinterpret_cast<const ACE_HEADER*>(reinterpret_cast<const std::byte*>(acl) + offset)->AceSize;
    }
    return offset;
}

}  // namespace

Status acl_create(ACL* acl, std::size_t length_bytes, ULONG revision) {
    if (length_bytes < sizeof(ACL)) return STATUS_BUFFER_TOO_SMALL;
    if (revision < lowest_revision || revision > highest_revision || length_bytes > 0xFFFF) return STATUS_INVALID_PARAMETER;
    *acl = {static_cast<BYTE>(revision), 0, static_cast<WORD>(length_bytes & max_acl_bytes), 0, 0};
    return {};
}

bool acl_is_valid(const ACL* acl) {
    return acl != nullptr && acl_length_bytes({reinterpret_cast<const std::byte*>(acl), acl->AclSize}).has_value();
}

Status acl_add(ACL* acl, ULONG revision, ULONG flags, ACCESS_MASK mask, const void* sid, BYTE type) {
    const auto value = Sid::from_memory(sid);
    if (!value) return STATUS_INVALID_SID;
    if (revision < lowest_revision || revision > highest_revision || acl->AclRevision > highest_revision) {
        return STATUS_REVISION_MISMATCH;
    }
    if (flags & ~known_flags) return STATUS_INVALID_PARAMETER;
    if (!acl_is_valid(acl)) return STATUS_INVALID_ACL;
    const std::size_t offset = offset_of(acl, acl->AceCount);
    const std::size_t ace_bytes = sizeof(ACE_HEADER) + sizeof mask + value->length_bytes();
    if (ace_bytes > acl->AclSize - offset) return STATUS_ALLOTTED_SPACE_EXCEEDED;
    const ACE_HEADER head{type, static_cast<BYTE>(flags), static_cast<WORD>(ace_bytes)};
    std::byte* ace = bytes_of(acl) + offset;
    std::memcpy(ace, &head, sizeof head);
    std::memcpy(ace + sizeof head, &mask, sizeof mask);
    std::memcpy(ace + sizeof head + sizeof mask, value->bytes().data(), value->length_bytes());
    ++acl->AceCount;
    if (revision > acl->AclRevision) acl->AclRevision = static_cast<BYTE>(revision);
    return {};
}

Status acl_insert(ACL* acl, ULONG revision, ULONG index, const void* aces, std::size_t aces_bytes) {
    if (!acl_is_valid(acl) || revision < lowest_revision || revision > highest_revision) return STATUS_INVALID_PARAMETER;
    // The new entries are a list without a header: count and check them as one.
    std::size_t count = 0;
    for (std::size_t at = 0; at < aces_bytes; ++count) {
        ACE_HEADER head;
        if (aces_bytes - at < sizeof head) return STATUS_INVALID_PARAMETER;
        std::memcpy(&head, static_cast<const std::byte*>(aces) + at, sizeof head);
        if (head.AceSize < sizeof head || head.AceSize % 4 != 0 || head.AceSize > aces_bytes - at) {
            return STATUS_INVALID_PARAMETER;
        }
        at += head.AceSize;
    }
    const std::size_t end = offset_of(acl, acl->AceCount);
    if (aces_bytes > acl->AclSize - end || count + acl->AceCount > 0xFFFF) return STATUS_BUFFER_TOO_SMALL;
    const std::size_t offset = offset_of(acl, index);
    std::memmove(bytes_of(acl) + offset + aces_bytes, bytes_of(acl) + offset, end - offset);
    std::memcpy(bytes_of(acl) + offset, aces, aces_bytes);
    acl->AceCount = static_cast<WORD>(acl->AceCount + count);
    if (revision > acl->AclRevision) acl->AclRevision = static_cast<BYTE>(revision);
    return {};
}

Status acl_delete(ACL* acl, ULONG index) {
    if (!acl_is_valid(acl) || index >= acl->AceCount) return STATUS_INVALID_PARAMETER;
    const std::size_t offset = offset_of(acl, index);
    const std::size_t next = offset_of(acl, index + 1);
    const std::size_t end = offset_of(acl, acl->AceCount);
    std::memmove(bytes_of(acl) + offset, bytes_of(acl) + next, end - next);
    std::memset(bytes_of(acl) + end - (next - offset), 0, next - offset);
    --acl->AceCount;
    return {};
}

Status acl_get(const ACL* acl, ULONG index, void** ace) {
    if (!acl_is_valid(acl) || index >= acl->AceCount) return STATUS_INVALID_PARAMETER;
    *ace = bytes_of(const_cast<ACL*>(acl)) + offset_of(acl, index);
    return {};
}

Status acl_first_free(ACL* acl, void** ace) {
    *ace = nullptr;
    if (!acl_is_valid(acl)) return STATUS_INVALID_ACL;
    const std::size_t offset = offset_of(acl, acl->AceCount);
    if (offset < acl->AclSize) *ace = bytes_of(acl) + offset;
    return {};
}

}  // namespace pw::se
