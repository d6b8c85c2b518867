// SPDX-License-Identifier: Apache-2.0
// Token: who a process acts for; made once, from the identity that was frozen when the process connected.
#pragma once

#include <atomic>
#include <cstdint>
#include <span>
#include <vector>

#include "kernel/objects/object.h"
#include "kernel/security/access_check.h"
#include "kernel/security/privileges.h"

namespace pw::se {

struct TokenIdentity {
    std::uint32_t user_id = 0;
    std::uint32_t group_id = 0;
    std::span<const std::uint32_t> groups;
    bool is_elevated = false;  // root, or the user whom the host belongs to: Administrators and SYSTEM as well
};

class Token final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::token_type; }
    // The System process's: SYSTEM, with every privilege. Null when memory is short.
    [[nodiscard]] static Ref<Token> create_system(ob::ObjectManager& manager);
    [[nodiscard]] static Ref<Token> create(ob::ObjectManager& manager, const TokenIdentity& identity);
    [[nodiscard]] static Token* from_nt(PACCESS_TOKEN token) { return ob::object_cast<Token>(ob::Object::from_body(token)); }

    [[nodiscard]] const Sid& user() const { return user_; }
    [[nodiscard]] std::span<const TokenGroup> groups() const { return groups_; }
    // What new objects get as owner, group and list.
    [[nodiscard]] const Sid& owner() const { return owner_; }
    [[nodiscard]] const Sid& primary_group() const { return primary_group_; }
    [[nodiscard]] const std::vector<std::byte>& default_dacl() const { return default_dacl_; }
    [[nodiscard]] bool is_administrator() const { return is_administrator_; }

    [[nodiscard]] AccessSubject subject() const {
        return {user_, groups_, enabled_privileges_.load(std::memory_order_acquire)};
    }
    // The SID that may be made an object's owner: the user, or a group that says so.
    [[nodiscard]] bool may_own(const Sid& sid) const;

    [[nodiscard]] PrivilegeSet privileges() const { return privileges_; }
    [[nodiscard]] PrivilegeSet default_privileges() const { return default_privileges_; }
    [[nodiscard]] PrivilegeSet enabled_privileges() const { return enabled_privileges_.load(std::memory_order_acquire); }
    // Turns privileges that the token holds on and off. What was enabled before.
    PrivilegeSet adjust_privileges(PrivilegeSet on, PrivilegeSet off);

    [[nodiscard]] LUID id() const { return id_; }
    [[nodiscard]] LUID authentication_id() const { return authentication_id_; }

private:
    Token(ob::ObjectManager& manager, const Sid& user);
    ~Token() override = default;
    void give_descriptor();

    struct Nothing {
        std::uint64_t unused;
    };
    ob::Body<Nothing> nt_;
    // All but the privileges is written before anybody else sees the token.
    Sid user_;
    std::vector<TokenGroup> groups_;
    Sid owner_;
    Sid primary_group_;
    std::vector<std::byte> default_dacl_;
    bool is_administrator_ = false;
    PrivilegeSet privileges_ = 0;
    PrivilegeSet default_privileges_ = 0;
    std::atomic<PrivilegeSet> enabled_privileges_{0};
    const LUID id_;
    LUID authentication_id_{};
};

}  // namespace pw::se
