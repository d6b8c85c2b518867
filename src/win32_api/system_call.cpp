// SPDX-License-Identifier: Apache-2.0
#include "win32_api/system_call.h"

#include <cstring>

namespace pw::win32 {
namespace {

// A SECURITY_DESCRIPTOR is small; ACLs are at most 64 KiB, but one that large does not fit a call.
constexpr std::uint32_t max_security_bytes = 2048;
constexpr std::uint32_t fixed_sid_bytes = 8;

// Bytes of a SID or an ACL of the caller; 0 when it cannot be read or is no such thing.
std::uint32_t sid_bytes(const void* sid) {
    std::uint8_t head[2] = {};
    if (pw_guarded_copy(head, sid, sizeof head, nullptr) != 0 || head[0] != 1 || head[1] > 15) return 0;
    return fixed_sid_bytes + 4u * head[1];
}

std::uint32_t acl_bytes(const void* acl) {
    ACL head{};
    if (pw_guarded_copy(&head, acl, sizeof head, nullptr) != 0 || head.AclSize < sizeof(ACL)) return 0;
    return head.AclSize;
}

// Appends a part of an absolute descriptor behind the relative one that is built in `buffer`.
bool append_part(std::byte* buffer, std::uint32_t* used, const void* part, std::uint32_t length_bytes, DWORD* offset) {
    if (length_bytes == 0 || length_bytes > max_security_bytes - *used) return false;
    if (pw_guarded_copy(buffer + *used, part, length_bytes, nullptr) != 0) return false;
    *offset = *used;
    *used += (length_bytes + 3u) & ~3u;
    return *used <= max_security_bytes;
}

// Makes a self-relative copy of an absolute descriptor. 0: it is not valid, cannot be read, or is too large.
std::uint32_t make_relative(const SECURITY_DESCRIPTOR& absolute, std::byte* buffer) {
    SECURITY_DESCRIPTOR_RELATIVE head{};
    head.Revision = absolute.Revision;
    head.Sbz1 = absolute.Sbz1;
    head.Control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(absolute.Control | SE_SELF_RELATIVE);
    std::uint32_t used = sizeof head;
    const bool has_sacl = (absolute.Control & SE_SACL_PRESENT) != 0 && absolute.Sacl != nullptr;
    const bool has_dacl = (absolute.Control & SE_DACL_PRESENT) != 0 && absolute.Dacl != nullptr;
    bool ok = true;
    if (has_sacl) ok = ok && append_part(buffer, &used, absolute.Sacl, acl_bytes(absolute.Sacl), &head.Sacl);
    if (has_dacl) ok = ok && append_part(buffer, &used, absolute.Dacl, acl_bytes(absolute.Dacl), &head.Dacl);
    if (absolute.Owner != nullptr) ok = ok && append_part(buffer, &used, absolute.Owner, sid_bytes(absolute.Owner), &head.Owner);
    if (absolute.Group != nullptr) ok = ok && append_part(buffer, &used, absolute.Group, sid_bytes(absolute.Group), &head.Group);
    if (!ok) return 0;
    std::memcpy(buffer, &head, sizeof head);
    return used;
}

// Length of a self-relative descriptor of the caller: the end of the part that lies last. 0 when it is not valid.
std::uint32_t relative_bytes(const std::byte* descriptor) {
    SECURITY_DESCRIPTOR_RELATIVE head{};
    if (pw_guarded_copy(&head, descriptor, sizeof head, nullptr) != 0) return 0;
    std::uint32_t end = sizeof head;
    const auto extend = [&](DWORD offset, std::uint32_t (*length_of)(const void*)) {
        if (offset == 0) return true;
        const std::uint32_t length = offset > max_security_bytes ? 0 : length_of(descriptor + offset);
        if (length == 0) return false;
        if (offset + length > end) end = offset + length;
        return true;
    };
    if (!extend(head.Owner, sid_bytes) || !extend(head.Group, sid_bytes)) return 0;
    if ((head.Control & SE_SACL_PRESENT) != 0 && !extend(head.Sacl, acl_bytes)) return 0;
    if ((head.Control & SE_DACL_PRESENT) != 0 && !extend(head.Dacl, acl_bytes)) return 0;
    return end > max_security_bytes ? 0 : end;
}

}  // namespace

std::byte* PayloadBuilder::reserve(std::uint32_t length_bytes, nt::WireBytes* field) {
    const std::uint32_t start = (used_ + 7u) & ~7u;
    if (start > room_.size() || length_bytes > room_.size() - start) return nullptr;
    *field = {start, length_bytes};
    used_ = start + length_bytes;
    return room_.data() + start;
}

NTSTATUS PayloadBuilder::add(const void* source, std::uint32_t length_bytes, nt::WireBytes* field) {
    if (length_bytes == 0) {
        *field = {0, 0};
        return STATUS_SUCCESS;
    }
    const std::uint32_t before = used_;
    std::byte* const target = reserve(length_bytes, field);
    if (target == nullptr) return STATUS_INVALID_BUFFER_SIZE;
    if (pw_guarded_copy(target, source, length_bytes, nullptr) == 0) return STATUS_SUCCESS;
    used_ = before;
    *field = {0, 0};
    return STATUS_ACCESS_VIOLATION;
}

NTSTATUS PayloadBuilder::add_string(const UNICODE_STRING* source, nt::WireString* field) {
    UNICODE_STRING string{};
    if (!read_user(source, &string)) return STATUS_ACCESS_VIOLATION;
    if (string.Length % 2 != 0) return STATUS_OBJECT_NAME_INVALID;
    nt::WireBytes bytes{};
    const NTSTATUS status = add(string.Buffer, string.Length, &bytes);
    if (status == STATUS_INVALID_BUFFER_SIZE) return STATUS_NAME_TOO_LONG;
    *field = {bytes.offset, bytes.length_bytes};
    return status;
}

NTSTATUS PayloadBuilder::add_security(const void* descriptor, nt::WireBytes* field) {
    SECURITY_DESCRIPTOR_RELATIVE head{};
    if (pw_guarded_copy(&head, descriptor, sizeof head, nullptr) != 0) return STATUS_ACCESS_VIOLATION;
    if (head.Revision != 1) return STATUS_UNKNOWN_REVISION;
    if ((head.Control & SE_SELF_RELATIVE) != 0) {
        const std::uint32_t length = relative_bytes(static_cast<const std::byte*>(descriptor));
        return length == 0 ? STATUS_INVALID_SECURITY_DESCR : add(descriptor, length, field);
    }
    SECURITY_DESCRIPTOR absolute{};
    if (pw_guarded_copy(&absolute, descriptor, sizeof absolute, nullptr) != 0) return STATUS_ACCESS_VIOLATION;
    alignas(8) std::byte relative[max_security_bytes] = {};
    const std::uint32_t length = make_relative(absolute, relative);
    return length == 0 ? STATUS_INVALID_SECURITY_DESCR : add(relative, length, field);
}

NTSTATUS PayloadBuilder::add_object(const OBJECT_ATTRIBUTES* source, nt::WireObjectAttributes* field) {
    *field = {};
    if (source == nullptr) return STATUS_SUCCESS;
    OBJECT_ATTRIBUTES attributes{};
    if (!read_user(source, &attributes)) return STATUS_ACCESS_VIOLATION;
    if (attributes.Length != sizeof attributes) return STATUS_INVALID_PARAMETER;
    field->root_directory = wire_handle(attributes.RootDirectory);
    field->attributes = attributes.Attributes;
    if (attributes.ObjectName != nullptr) {
        field->has_name = 1;
        PW_NT_TRY(add_string(attributes.ObjectName, &field->name));
    }
    if (attributes.SecurityDescriptor != nullptr) {
        PW_NT_TRY(add_security(attributes.SecurityDescriptor, &field->security_descriptor));
    }
    return STATUS_SUCCESS;
}

NTSTATUS take_timeout(const LARGE_INTEGER* source, nt::WireTimeout* field) {
    *field = {};
    if (source == nullptr) return STATUS_SUCCESS;
    LARGE_INTEGER value{};
    if (!read_user(source, &value)) return STATUS_ACCESS_VIOLATION;
    field->present = 1;
    field->value_100ns = value.QuadPart;
    return STATUS_SUCCESS;
}

bool store_status_block(IO_STATUS_BLOCK* target, const nt::WireStatusBlock& block) {
    if (block.written == 0) return true;
    IO_STATUS_BLOCK value{};
    value.Status = block.status;
    value.Information = block.information;
    return write_user(target, value);
}

}  // namespace pw::win32
