// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/access_check.h"

#include <ntstatus.h>

namespace pw::se {
namespace {

constexpr ACCESS_MASK owner_rights = READ_CONTROL | WRITE_DAC;

// An entry of the list that says something about this subject: whether it denies, and which rights.
struct Verdict {
    bool applies = false;
    bool denies = false;
    ACCESS_MASK mask = 0;
};

class Walk {
public:
    Walk(const DescriptorParts& descriptor, const AccessSubject& subject, const GENERIC_MAPPING& mapping)
        : descriptor_(descriptor),
          subject_(subject),
          mapping_(mapping),
          owner_rights_sid_(well_known::owner_rights()),
          is_owner_(descriptor.owner && subject.matches(*descriptor.owner, false)) {}

    // The owner may read and change the descriptor, unless the list speaks of OWNER RIGHTS.
    [[nodiscard]] ACCESS_MASK implied_rights() const {
        if (!is_owner_) return 0;
        bool speaks_of_owner = false;
        for_each_ace(descriptor_.dacl, [&](const AceView& ace) {
            speaks_of_owner = !ace.is_inherit_only() && ace.sid && *ace.sid == owner_rights_sid_;
            return !speaks_of_owner;
        });
        return speaks_of_owner ? 0 : owner_rights;
    }

    [[nodiscard]] Verdict judge(const AceView& ace) const {
        if (ace.is_inherit_only() || !ace.sid) return {};
        const bool denies = ace.type == ACCESS_DENIED_ACE_TYPE || ace.type == ACCESS_DENIED_OBJECT_ACE_TYPE;
        const bool allows = ace.type == ACCESS_ALLOWED_ACE_TYPE || ace.type == ACCESS_ALLOWED_OBJECT_ACE_TYPE;
        if (!denies && !allows) return {};
        const bool is_owner_entry = *ace.sid == owner_rights_sid_;
        if (is_owner_entry ? !is_owner_ : !subject_.matches(*ace.sid, denies)) return {};
        return {true, denies, map_generic_mask(ace.mask, mapping_)};
    }

    [[nodiscard]] ACCESS_MASK most() const {
        ACCESS_MASK granted = 0;
        ACCESS_MASK denied = 0;
        for_each_ace(descriptor_.dacl, [&](const AceView& ace) {
            const Verdict verdict = judge(ace);
            if (!verdict.applies) return true;
            if (verdict.denies) denied |= verdict.mask & ~granted;
            else granted |= verdict.mask & ~denied;
            return true;
        });
        return granted;
    }

    // Whether the list grants all of `wanted`: in order, until everything is granted or something is denied.
    [[nodiscard]] bool grants(ACCESS_MASK wanted) const {
        bool denied = false;
        for_each_ace(descriptor_.dacl, [&](const AceView& ace) {
            if (wanted == 0) return false;
            const Verdict verdict = judge(ace);
            if (!verdict.applies) return true;
            if (verdict.denies) {
                denied = (verdict.mask & wanted) != 0;
                return !denied;
            }
            wanted &= ~verdict.mask;
            return true;
        });
        return !denied && wanted == 0;
    }

private:
    const DescriptorParts& descriptor_;
    const AccessSubject& subject_;
    const GENERIC_MAPPING& mapping_;
    const Sid owner_rights_sid_;
    const bool is_owner_;
};

}  // namespace

bool AccessSubject::matches(const Sid& sid, bool denies) const {
    if (user == sid) return true;
    for (const TokenGroup& group : groups) {
        if (group.sid == sid) return (group.attributes & (denies ? SE_GROUP_ENABLED | SE_GROUP_USE_FOR_DENY_ONLY : SE_GROUP_ENABLED)) != 0;
    }
    return false;
}

AccessResult access_check(const DescriptorParts* descriptor, const AccessSubject& subject, const AccessRequest& request) {
    AccessResult result;
    const bool wants_most = (request.desired & MAXIMUM_ALLOWED) != 0;
    ACCESS_MASK wanted = map_generic_mask(request.desired & ~ACCESS_MASK{MAXIMUM_ALLOWED}, request.mapping);
    result.granted = request.previously_granted;
    wanted &= ~request.previously_granted;

    // Asking for nothing gets nothing.
    if (descriptor && (request.desired | request.previously_granted) == 0) return {STATUS_ACCESS_DENIED, 0, 0};

    // The right to the audit list comes from a privilege alone.
    if (wanted & ACCESS_SYSTEM_SECURITY) {
        if (!subject.has(Privilege::security)) return {STATUS_PRIVILEGE_NOT_HELD, 0, 0};
        result.granted |= ACCESS_SYSTEM_SECURITY;
        result.used_privileges |= bit_of(Privilege::security);
        wanted &= ~ACCESS_MASK{ACCESS_SYSTEM_SECURITY};
    }
    if ((wanted & WRITE_OWNER) && subject.has(Privilege::take_ownership)) {
        result.granted |= WRITE_OWNER;
        result.used_privileges |= bit_of(Privilege::take_ownership);
        wanted &= ~ACCESS_MASK{WRITE_OWNER};
    }
    if (!descriptor || descriptor->grants_all()) {
        result.granted |= wanted | (wants_most ? request.mapping.GenericAll : 0u);
        return result;
    }
    const Walk walk(*descriptor, subject, request.mapping);
    const ACCESS_MASK implied = walk.implied_rights();
    if (wants_most) {
        const ACCESS_MASK most = implied | walk.most();
        if ((wanted & ~most) != 0 || (most | result.granted) == 0) return {STATUS_ACCESS_DENIED, 0, 0};
        result.granted |= most;
        return result;
    }
    if (!walk.grants(wanted & ~implied)) return {STATUS_ACCESS_DENIED, 0, 0};
    result.granted |= wanted;
    return result;
}

}  // namespace pw::se
