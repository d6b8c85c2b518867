// SPDX-License-Identifier: Apache-2.0
#include "security_format/acl_inherit.h"

#include <cstring>
#include <vector>

namespace pw::se {
namespace {

constexpr unsigned inheritance_flags = OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE | NO_PROPAGATE_INHERIT_ACE | INHERIT_ONLY_ACE;
constexpr ACCESS_MASK generic_rights = GENERIC_READ | GENERIC_WRITE | GENERIC_EXECUTE | GENERIC_ALL;

struct Inherited {
    bool is_effective = false;    // decides about the object itself
    unsigned passes_on = 0;       // the flags with which its own children inherit; 0: they do not
};

Inherited inherited_of(unsigned flags, bool is_container) {
    const bool to_objects = (flags & OBJECT_INHERIT_ACE) != 0;
    const bool to_containers = (flags & CONTAINER_INHERIT_ACE) != 0;
    if (!is_container) return {.is_effective = to_objects, .passes_on = 0};
    const bool goes_on = (flags & NO_PROPAGATE_INHERIT_ACE) == 0;
    return {.is_effective = to_containers,
            .passes_on = goes_on ? flags & unsigned{OBJECT_INHERIT_ACE | CONTAINER_INHERIT_ACE} : 0};
}

std::vector<std::byte> with_flags(std::span<const std::byte> ace, unsigned flags) {
    std::vector<std::byte> copy(ace.begin(), ace.end());
    copy[offsetof(ACE_HEADER, AceFlags)] = static_cast<std::byte>(flags);
    return copy;
}

const Sid* stand_in(const AceView& ace, const InheritingObject& object) {
    if (!ace.sid) return nullptr;
    if (*ace.sid == well_known::creator_owner()) return &object.owner;
    if (*ace.sid == well_known::creator_group()) return &object.group;
    return nullptr;
}

}  // namespace

std::size_t add_inherited(std::span<const std::byte> container, const InheritingObject& object, AclBuilder& list) {
    std::size_t count = 0;
    if (container.empty()) return count;
    for_each_ace(container, [&](const AceView& ace) {
        const Inherited inherited = inherited_of(ace.flags, object.is_container);
        if (!inherited.is_effective && inherited.passes_on == 0) return true;
        // Audit flags and what else has nothing to do with inheritance goes along.
        const unsigned kept = (ace.flags & ~inheritance_flags) | INHERITED_ACE;
        const Sid* const creator = stand_in(ace, object);
        const bool is_generic = creator != nullptr || (ace.mask & generic_rights) != 0;
        // "The container inherits an inherit-only ACE containing the generic information and an effective-only ACE in which
        // the generic information has been mapped."
        const bool is_split = inherited.is_effective && inherited.passes_on != 0 && is_generic;
        if (inherited.is_effective) {
            const unsigned flags = kept | (is_split ? 0u : inherited.passes_on);
            const ACCESS_MASK mask = map_generic_mask(ace.mask, object.mapping);
            if (creator != nullptr) {
                list.add(ace.type, static_cast<std::uint8_t>(flags), mask, *creator);
            } else {
                std::vector<std::byte> copy = with_flags(ace.bytes, flags);
                if (is_generic) std::memcpy(copy.data() + sizeof(ACE_HEADER), &mask, sizeof mask);
                list.add_raw(copy);
            }
            ++count;
        }
        if (is_split || !inherited.is_effective) {
            // Unchanged, "so that they can be mapped appropriately when the ACE is inherited by the next generation".
            list.add_raw(with_flags(ace.bytes, kept | INHERIT_ONLY_ACE | inherited.passes_on));
            ++count;
        }
        return true;
    });
    return count;
}

}  // namespace pw::se
