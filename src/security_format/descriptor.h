// SPDX-License-Identifier: Apache-2.0
// DescriptorParts: a security descriptor taken apart and validated; and its self-relative form.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "base/ref.h"
#include "base/result.h"
#include "security_format/acl.h"
#include "security_format/sid.h"

namespace pw::se {

// Four parts of at most 64 KiB and 68 bytes: nothing longer is looked at.
constexpr std::size_t max_descriptor_bytes = sizeof(SECURITY_DESCRIPTOR_RELATIVE) + 2 * 0x10000 + 2 * Sid::max_bytes + 16;

struct DescriptorParts {
    // The SE_… bits that say nothing about form and presence (defaulted, protected, auto-inherited).
    SECURITY_DESCRIPTOR_CONTROL control = 0;
    std::optional<Sid> owner;
    std::optional<Sid> group;
    // A present list without bytes is a NULL list: a NULL DACL grants everything to everybody.
    bool has_dacl = false;
    bool has_sacl = false;
    std::vector<std::byte> dacl;
    std::vector<std::byte> sacl;

    // Hostile bytes, captured before. STATUS_UNKNOWN_REVISION, STATUS_INVALID_SECURITY_DESCR, STATUS_INVALID_SID,
    // STATUS_INVALID_ACL.
    [[nodiscard]] static Result<DescriptorParts> from_self_relative(std::span<const std::byte> bytes);
    // A descriptor in either form in the caller's own memory. The same statuses; a wild pointer is the caller's.
    [[nodiscard]] static Result<DescriptorParts> from_memory(const void* descriptor);

    // Only the parts that `information` names (OWNER_SECURITY_INFORMATION …).
    [[nodiscard]] DescriptorParts selected(SECURITY_INFORMATION information) const;
    [[nodiscard]] std::vector<std::byte> to_self_relative() const;
    [[nodiscard]] std::size_t self_relative_bytes() const;
    [[nodiscard]] bool grants_all() const { return !has_dacl || dacl.empty(); }
};

// What an object carries: immutable, shared by whoever reads it while another one is set.
class SharedDescriptor final : public RefCounted<SharedDescriptor> {
public:
    [[nodiscard]] static Ref<const SharedDescriptor> create(DescriptorParts parts) {
        return Ref<const SharedDescriptor>::adopt(new SharedDescriptor(std::move(parts)));
    }
    [[nodiscard]] const DescriptorParts& parts() const { return parts_; }

private:
    friend class RefCounted<SharedDescriptor>;
    explicit SharedDescriptor(DescriptorParts parts) : parts_(std::move(parts)) {}
    ~SharedDescriptor() = default;
    const DescriptorParts parts_;
};

}  // namespace pw::se
