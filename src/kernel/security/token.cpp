// SPDX-License-Identifier: Apache-2.0
#include "kernel/security/token.h"

#include <new>

#include "kernel/objects/object_manager.h"
#include "security_format/descriptor.h"

namespace pw::se {
namespace {

constexpr ULONG owner_group = SE_GROUP_ENABLED_BY_DEFAULT | SE_GROUP_ENABLED | SE_GROUP_OWNER;

constexpr PrivilegeSet all_privileges = ((PrivilegeSet{1} << (last_privilege + 1)) - 1) & ~((PrivilegeSet{1} << first_privilege) - 1);
constexpr PrivilegeSet user_enabled = bit_of(Privilege::change_notify);
constexpr PrivilegeSet user_privileges = user_enabled | bit_of(Privilege::increase_working_set) | bit_of(Privilege::time_zone) |
                                         bit_of(Privilege::shutdown) | bit_of(Privilege::undock);
constexpr PrivilegeSet administrator_enabled =
    user_enabled | bit_of(Privilege::impersonate) | bit_of(Privilege::create_global);
constexpr PrivilegeSet administrator_privileges =
    user_privileges | administrator_enabled | bit_of(Privilege::increase_quota) | bit_of(Privilege::security) |
    bit_of(Privilege::take_ownership) | bit_of(Privilege::load_driver) | bit_of(Privilege::system_profile) |
    bit_of(Privilege::system_time) | bit_of(Privilege::profile_single_process) | bit_of(Privilege::increase_base_priority) |
    bit_of(Privilege::create_page_file) | bit_of(Privilege::backup) | bit_of(Privilege::restore) | bit_of(Privilege::debug) |
    bit_of(Privilege::system_environment) | bit_of(Privilege::remote_shutdown) | bit_of(Privilege::manage_volume) |
    bit_of(Privilege::create_symbolic_link) | bit_of(Privilege::lock_memory);

LUID next_id() {
    // Numbers below are documented constants (SYSTEM_LUID is 0x3E7).
    static std::atomic<std::uint32_t> next{0x10000};
    return {next.fetch_add(1), 0};
}

}  // namespace

Token::Token(ob::ObjectManager& manager, const Sid& user)
    : Object(manager, ob::token_type, &nt_.body), nt_(this), user_(user), owner_(user), id_(next_id()) {}

Ref<Token> Token::create_system(ob::ObjectManager& manager) {
    auto token = Ref<Token>::adopt(new (std::nothrow) Token(manager, well_known::local_system()));
    if (!token) return token;
    token->groups_ = {{well_known::administrators(), owner_group}, {well_known::everyone()}, {well_known::authenticated_users()}};
    token->owner_ = well_known::administrators();
    token->primary_group_ = well_known::local_system();
    // As documented for the System process: itself everything, administrators may look.
    token->default_dacl_ = AclBuilder()
                               .allow(GENERIC_ALL, well_known::local_system())
                               .allow(READ_CONTROL | GENERIC_READ | GENERIC_EXECUTE, well_known::administrators())
                               .take();
    token->is_administrator_ = true;
    token->privileges_ = all_privileges;
    token->default_privileges_ = all_privileges;
    token->enabled_privileges_ = all_privileges;
    token->authentication_id_ = {0x3E7, 0};
    token->give_descriptor();
    return token;
}

Ref<Token> Token::create(ob::ObjectManager& manager, const TokenIdentity& identity) {
    auto token = Ref<Token>::adopt(new (std::nothrow) Token(manager, well_known::unix_user(identity.user_id)));
    if (!token) return token;
    token->primary_group_ = well_known::unix_group(identity.group_id);
    auto& groups = token->groups_;
    groups.push_back({token->primary_group_});
    for (const std::uint32_t group : identity.groups) {
        if (group != identity.group_id) groups.push_back({well_known::unix_group(group)});
    }
    for (const Sid& sid : {well_known::everyone(), well_known::authenticated_users(), well_known::users(),
                           well_known::interactive(), well_known::local()}) {
        groups.push_back({sid});
    }
    AclBuilder dacl;
    dacl.allow(GENERIC_ALL, token->user_).allow(GENERIC_ALL, well_known::local_system());
    if (identity.is_elevated) {
        groups.push_back({well_known::administrators(), owner_group | SE_GROUP_MANDATORY});
        groups.push_back({well_known::local_system()});
        dacl.allow(GENERIC_ALL, well_known::administrators());
        token->is_administrator_ = true;
    }
    token->default_dacl_ = dacl.take();
    token->privileges_ = identity.is_elevated ? administrator_privileges : user_privileges;
    token->default_privileges_ = identity.is_elevated ? administrator_enabled : user_enabled;
    token->enabled_privileges_ = token->default_privileges_;
    token->authentication_id_ = {0x10000 + identity.user_id, 1};  // one logon session per user
    token->give_descriptor();
    return token;
}

// A token is read by whom it stands for and by the system.
void Token::give_descriptor() {
    DescriptorParts parts;
    parts.owner = owner_;
    parts.group = primary_group_;
    parts.has_dacl = true;
    parts.dacl = map_generic_rights(default_dacl_, ob::token_type.generic_mapping);
    manager().set_security(*this, SharedDescriptor::create(std::move(parts)));
}

bool Token::may_own(const Sid& sid) const {
    if (sid == user_) return true;
    for (const TokenGroup& group : groups_) {
        if (group.sid == sid && (group.attributes & SE_GROUP_OWNER)) return true;
    }
    return false;
}

PrivilegeSet Token::adjust_privileges(PrivilegeSet on, PrivilegeSet off) {
    PrivilegeSet before = enabled_privileges_.load(std::memory_order_acquire);
    while (!enabled_privileges_.compare_exchange_weak(before, (before | (on & privileges_)) & ~off, std::memory_order_acq_rel)) {
    }
    return before;
}

}  // namespace pw::se
