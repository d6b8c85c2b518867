// SPDX-License-Identifier: Apache-2.0
// Access control lists as bytes: validation, a walk over the entries, and a builder.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "base/status.h"
#include "security_format/sid.h"

namespace pw::se {

// One entry, as a walk shows it.
struct AceView {
    std::uint8_t type = 0;
    std::uint8_t flags = 0;
    ACCESS_MASK mask = 0;                       // 0 for types that have none
    std::optional<Sid> sid;                     // nothing for types that are not understood, or entries of one object type only
    std::span<const std::byte> bytes;           // the whole entry

    [[nodiscard]] bool is_inherit_only() const { return (flags & INHERIT_ONLY_ACE) != 0; }
};

// The size that the header of a list gives, if the list lies inside `bytes` and every entry in the list; nothing otherwise.
// Every type that carries a mask and a SID is checked to its SID's end.
[[nodiscard]] std::optional<std::size_t> acl_length_bytes(std::span<const std::byte> bytes);

// Precondition: acl_length_bytes(acl) is something. An empty span has no entries. Ends early when visit returns false.
template <typename Visit>
void for_each_ace(std::span<const std::byte> acl, Visit visit);

[[nodiscard]] std::uint16_t ace_count(std::span<const std::byte> acl);

class AclBuilder {
public:
    AclBuilder& allow(ACCESS_MASK mask, const Sid& sid, std::uint8_t flags = 0) {
        return add(ACCESS_ALLOWED_ACE_TYPE, flags, mask, sid);
    }
    AclBuilder& deny(ACCESS_MASK mask, const Sid& sid, std::uint8_t flags = 0) {
        return add(ACCESS_DENIED_ACE_TYPE, flags, mask, sid);
    }
    // Beyond 64 KiB nothing is added any more, and is_full() says so.
    AclBuilder& add(std::uint8_t type, std::uint8_t flags, ACCESS_MASK mask, const Sid& sid);
    // An entry as it stands in another valid list.
    AclBuilder& add_raw(std::span<const std::byte> ace);
    [[nodiscard]] bool is_full() const { return is_full_; }
    [[nodiscard]] std::vector<std::byte> take();

private:
    std::vector<std::byte> aces_;
    std::uint16_t count_ = 0;
    bool is_full_ = false;
    bool has_object_ace_ = false;
};

// A copy of a valid list in which generic rights are replaced by the object type's own, as NT does when a descriptor is
// assigned to an object.
[[nodiscard]] std::vector<std::byte> map_generic_rights(std::span<const std::byte> acl, const GENERIC_MAPPING& mapping);
[[nodiscard]] ACCESS_MASK map_generic_mask(ACCESS_MASK mask, const GENERIC_MAPPING& mapping);

// --- implementation of the walk
[[nodiscard]] AceView ace_at(std::span<const std::byte> acl, std::size_t offset);

template <typename Visit>
void for_each_ace(std::span<const std::byte> acl, Visit visit) {
    std::size_t offset = sizeof(ACL);
    for (unsigned i = 0, count = ace_count(acl); i < count; ++i) {
        const AceView ace = ace_at(acl, offset);
        if (!visit(ace)) return;
        offset += ace.bytes.size();
    }
}

}  // namespace pw::se
