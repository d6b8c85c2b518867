// SPDX-License-Identifier: Apache-2.0
#include "security_format/descriptor_memory.h"

#include <ntstatus.h>

#include <cstring>

#include "security_format/acl_edit.h"

namespace pw::se {
namespace {

constexpr unsigned rounded(unsigned bytes) { return (bytes + 3u) & ~3u; }

bool is_relative(const SECURITY_DESCRIPTOR* descriptor) { return (descriptor->Control & SE_SELF_RELATIVE) != 0; }

SECURITY_DESCRIPTOR* settable(PSECURITY_DESCRIPTOR memory, Status* status) {
    auto* descriptor = static_cast<SECURITY_DESCRIPTOR*>(memory);
    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) *status = STATUS_UNKNOWN_REVISION;
    else if (is_relative(descriptor)) *status = STATUS_INVALID_SECURITY_DESCR;
    return status->is_success() ? descriptor : nullptr;
}

void set_control(SECURITY_DESCRIPTOR* descriptor, SECURITY_DESCRIPTOR_CONTROL bit, bool on) {
    const unsigned control = descriptor->Control;
    descriptor->Control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(on ? control | bit : control & ~unsigned{bit});
}

// The descriptor with pointers, whatever its form.
SECURITY_DESCRIPTOR with_pointers(PSECURITY_DESCRIPTOR memory) {
    SECURITY_DESCRIPTOR view{};
    std::memcpy(&view, memory, sizeof(SECURITY_DESCRIPTOR_RELATIVE));
    if (!is_relative(&view)) {
        std::memcpy(&view, memory, sizeof view);
        return view;
    }
    SECURITY_DESCRIPTOR_RELATIVE head;
    std::memcpy(&head, memory, sizeof head);
    const auto at = [&](DWORD offset) -> void* { return offset == 0 ? nullptr : static_cast<std::byte*>(memory) + offset; };
    view.Owner = at(head.Owner);
    view.Group = at(head.Group);
    view.Sacl = static_cast<PACL>(at(head.Sacl));
    view.Dacl = static_cast<PACL>(at(head.Dacl));
    return view;
}

Status get(PSECURITY_DESCRIPTOR memory, SECURITY_DESCRIPTOR* view) {
    *view = with_pointers(memory);
    return view->Revision == SECURITY_DESCRIPTOR_REVISION ? Status() : Status(STATUS_UNKNOWN_REVISION);
}

}  // namespace

Status descriptor_create(PSECURITY_DESCRIPTOR memory, ULONG revision) {
    if (revision != SECURITY_DESCRIPTOR_REVISION) return STATUS_UNKNOWN_REVISION;
    auto* descriptor = static_cast<SECURITY_DESCRIPTOR*>(memory);
    *descriptor = {};
    descriptor->Revision = SECURITY_DESCRIPTOR_REVISION;
    return {};
}

bool descriptor_is_valid(PSECURITY_DESCRIPTOR memory) { return DescriptorParts::from_memory(memory).is_ok(); }

Status descriptor_set_owner(PSECURITY_DESCRIPTOR memory, PSID owner, bool is_defaulted) {
    Status status;
    if (auto* descriptor = settable(memory, &status)) {
        descriptor->Owner = owner;
        set_control(descriptor, SE_OWNER_DEFAULTED, is_defaulted);
    }
    return status;
}

Status descriptor_set_group(PSECURITY_DESCRIPTOR memory, PSID group, bool is_defaulted) {
    Status status;
    if (auto* descriptor = settable(memory, &status)) {
        descriptor->Group = group;
        set_control(descriptor, SE_GROUP_DEFAULTED, is_defaulted);
    }
    return status;
}

Status descriptor_set_dacl(PSECURITY_DESCRIPTOR memory, bool is_present, PACL dacl, bool is_defaulted) {
    Status status;
    auto* descriptor = settable(memory, &status);
    if (!descriptor) return status;
    set_control(descriptor, SE_DACL_PRESENT, is_present);
    // Documented: with FALSE, the other arguments are ignored. A present NULL list grants everything to everybody.
    if (!is_present) return status;
    descriptor->Dacl = dacl;
    set_control(descriptor, SE_DACL_DEFAULTED, is_defaulted);
    return status;
}

Status descriptor_set_sacl(PSECURITY_DESCRIPTOR memory, bool is_present, PACL sacl, bool is_defaulted) {
    Status status;
    auto* descriptor = settable(memory, &status);
    if (!descriptor) return status;
    set_control(descriptor, SE_SACL_PRESENT, is_present);
    if (!is_present) return status;
    descriptor->Sacl = sacl;
    set_control(descriptor, SE_SACL_DEFAULTED, is_defaulted);
    return status;
}

Status descriptor_get_owner(PSECURITY_DESCRIPTOR memory, PSID* owner, bool* is_defaulted) {
    SECURITY_DESCRIPTOR view;
    PW_TRY(get(memory, &view));
    *owner = view.Owner;
    *is_defaulted = (view.Control & SE_OWNER_DEFAULTED) != 0;
    return {};
}

Status descriptor_get_group(PSECURITY_DESCRIPTOR memory, PSID* group, bool* is_defaulted) {
    SECURITY_DESCRIPTOR view;
    PW_TRY(get(memory, &view));
    *group = view.Group;
    *is_defaulted = (view.Control & SE_GROUP_DEFAULTED) != 0;
    return {};
}

Status descriptor_get_dacl(PSECURITY_DESCRIPTOR memory, bool* is_present, PACL* dacl, bool* is_defaulted) {
    SECURITY_DESCRIPTOR view;
    PW_TRY(get(memory, &view));
    *is_present = (view.Control & SE_DACL_PRESENT) != 0;
    if (!*is_present) return {};
    *dacl = view.Dacl;
    *is_defaulted = (view.Control & SE_DACL_DEFAULTED) != 0;
    return {};
}

Status descriptor_get_sacl(PSECURITY_DESCRIPTOR memory, bool* is_present, PACL* sacl, bool* is_defaulted) {
    SECURITY_DESCRIPTOR view;
    PW_TRY(get(memory, &view));
    *is_present = (view.Control & SE_SACL_PRESENT) != 0;
    if (!*is_present) return {};
    *sacl = view.Sacl;
    *is_defaulted = (view.Control & SE_SACL_DEFAULTED) != 0;
    return {};
}

ULONG descriptor_length_bytes(PSECURITY_DESCRIPTOR memory) {
    const SECURITY_DESCRIPTOR view = with_pointers(memory);
    std::size_t bytes = is_relative(&view) ? sizeof(SECURITY_DESCRIPTOR_RELATIVE) : sizeof(SECURITY_DESCRIPTOR);
    bytes += rounded(static_cast<unsigned>(sid_length_bytes(view.Owner)));
    bytes += rounded(static_cast<unsigned>(sid_length_bytes(view.Group)));
    if ((view.Control & SE_DACL_PRESENT) && view.Dacl) bytes += rounded(view.Dacl->AclSize);
    if ((view.Control & SE_SACL_PRESENT) && view.Sacl) bytes += rounded(view.Sacl->AclSize);
    return static_cast<ULONG>(bytes);
}

Status store_self_relative(const DescriptorParts& parts, void* buffer, ULONG length_bytes, ULONG* needed_bytes) {
    *needed_bytes = static_cast<ULONG>(parts.self_relative_bytes());
    if (length_bytes < *needed_bytes) return STATUS_BUFFER_TOO_SMALL;
    const std::vector<std::byte> bytes = parts.to_self_relative();
    std::memcpy(buffer, bytes.data(), bytes.size());
    return {};
}

Status descriptor_make_self_relative(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR relative, ULONG* length_bytes) {
    if (is_relative(static_cast<const SECURITY_DESCRIPTOR*>(absolute))) return STATUS_BAD_DESCRIPTOR_FORMAT;
    PW_TRY_ASSIGN(const DescriptorParts parts, DescriptorParts::from_memory(absolute));
    return store_self_relative(parts, relative, *length_bytes, length_bytes);
}

}  // namespace pw::se
