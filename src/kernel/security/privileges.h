// SPDX-License-Identifier: Apache-2.0
// Privileges: the documented LUIDs (all below 64) as bits of a set.
#pragma once

#include <pw_security.h>

#include <cstdint>

namespace pw::se {

enum class Privilege : std::uint8_t {
    create_token = 2,
    assign_primary_token,
    lock_memory,
    increase_quota,
    machine_account,
    tcb,
    security,
    take_ownership,
    load_driver,
    system_profile,
    system_time,
    profile_single_process,
    increase_base_priority,
    create_page_file,
    create_permanent,
    backup,
    restore,
    shutdown,
    debug,
    audit,
    system_environment,
    change_notify,
    remote_shutdown,
    undock,
    sync_agent,
    enable_delegation,
    manage_volume,
    impersonate,
    create_global,
    trusted_credential_manager,
    relabel,
    increase_working_set,
    time_zone,
    create_symbolic_link,
};
constexpr unsigned first_privilege = 2;
constexpr unsigned last_privilege = 35;

using PrivilegeSet = std::uint64_t;

[[nodiscard]] constexpr PrivilegeSet bit_of(Privilege privilege) { return PrivilegeSet{1} << static_cast<unsigned>(privilege); }
// 0 for a LUID that is none.
[[nodiscard]] constexpr PrivilegeSet bit_of(const LUID& luid) {
    const bool is_known = luid.HighPart == 0 && luid.LowPart >= first_privilege && luid.LowPart <= last_privilege;
    return is_known ? PrivilegeSet{1} << luid.LowPart : 0;
}

}  // namespace pw::se
