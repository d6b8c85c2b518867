// SPDX-License-Identifier: Apache-2.0
// Façade: SeExports, the SIDs and privileges that drivers name.
#include <nt/se.h>

#include <deque>

#include "kernel/security/privileges.h"
#include "security_format/sid.h"

using namespace pw;
using se::Privilege;
using se::Sid;

namespace {

LUID luid_of(Privilege privilege) { return {static_cast<DWORD>(privilege), 0}; }

struct Exports {
    // Lives as long as the program: drivers keep the addresses.
    std::deque<Sid> sids;
    SE_EXPORTS table{};

    PSID add(const Sid& sid) { return sids.emplace_back(sid).get(); }
    PSID builtin(std::uint32_t alias) { return add({5, {32, alias}}); }

    Exports() {
        table.SeCreateTokenPrivilege = luid_of(Privilege::create_token);
        table.SeAssignPrimaryTokenPrivilege = luid_of(Privilege::assign_primary_token);
        table.SeLockMemoryPrivilege = luid_of(Privilege::lock_memory);
        table.SeIncreaseQuotaPrivilege = luid_of(Privilege::increase_quota);
        table.SeUnsolicitedInputPrivilege = LUID{0, 0};  // obsolete: no such privilege
        table.SeTcbPrivilege = luid_of(Privilege::tcb);
        table.SeSecurityPrivilege = luid_of(Privilege::security);
        table.SeTakeOwnershipPrivilege = luid_of(Privilege::take_ownership);
        table.SeLoadDriverPrivilege = luid_of(Privilege::load_driver);
        table.SeCreatePagefilePrivilege = luid_of(Privilege::create_page_file);
        table.SeIncreaseBasePriorityPrivilege = luid_of(Privilege::increase_base_priority);
        table.SeSystemProfilePrivilege = luid_of(Privilege::system_profile);
        table.SeSystemtimePrivilege = luid_of(Privilege::system_time);
        table.SeProfileSingleProcessPrivilege = luid_of(Privilege::profile_single_process);
        table.SeCreatePermanentPrivilege = luid_of(Privilege::create_permanent);
        table.SeBackupPrivilege = luid_of(Privilege::backup);
        table.SeRestorePrivilege = luid_of(Privilege::restore);
        table.SeShutdownPrivilege = luid_of(Privilege::shutdown);
        table.SeDebugPrivilege = luid_of(Privilege::debug);
        table.SeAuditPrivilege = luid_of(Privilege::audit);
        table.SeSystemEnvironmentPrivilege = luid_of(Privilege::system_environment);
        table.SeChangeNotifyPrivilege = luid_of(Privilege::change_notify);
        table.SeRemoteShutdownPrivilege = luid_of(Privilege::remote_shutdown);
        table.SeUndockPrivilege = luid_of(Privilege::undock);
        table.SeSyncAgentPrivilege = luid_of(Privilege::sync_agent);
        table.SeEnableDelegationPrivilege = luid_of(Privilege::enable_delegation);
        table.SeManageVolumePrivilege = luid_of(Privilege::manage_volume);
        table.SeImpersonatePrivilege = luid_of(Privilege::impersonate);
        table.SeCreateGlobalPrivilege = luid_of(Privilege::create_global);
        table.SeTrustedCredManAccessPrivilege = luid_of(Privilege::trusted_credential_manager);
        table.SeRelabelPrivilege = luid_of(Privilege::relabel);
        table.SeIncreaseWorkingSetPrivilege = luid_of(Privilege::increase_working_set);
        table.SeTimeZonePrivilege = luid_of(Privilege::time_zone);
        table.SeCreateSymbolicLinkPrivilege = luid_of(Privilege::create_symbolic_link);

        table.SeNullSid = add(se::well_known::nobody());
        table.SeWorldSid = add(se::well_known::everyone());
        table.SeLocalSid = add(se::well_known::local());
        table.SeCreatorOwnerSid = add(se::well_known::creator_owner());
        table.SeCreatorGroupSid = add(se::well_known::creator_group());
        table.SeOwnerRightsSid = add(se::well_known::owner_rights());
        table.SeNtAuthoritySid = add({5, {}});
        table.SeDialupSid = add({5, {SECURITY_DIALUP_RID}});
        table.SeNetworkSid = add({5, {SECURITY_NETWORK_RID}});
        table.SeBatchSid = add({5, {SECURITY_BATCH_RID}});
        table.SeInteractiveSid = add(se::well_known::interactive());
        table.SeLocalSystemSid = add(se::well_known::local_system());
        table.SeAuthenticatedUsersSid = add(se::well_known::authenticated_users());
        table.SeRestrictedSid = add(se::well_known::restricted_code());
        table.SeAnonymousLogonSid = add(se::well_known::anonymous());
        table.SeLocalServiceSid = add({5, {SECURITY_LOCAL_SERVICE_RID}});
        table.SeNetworkServiceSid = add({5, {SECURITY_NETWORK_SERVICE_RID}});
        table.SeIUserSid = add({5, {17}});
        table.SeAliasAdminsSid = builtin(DOMAIN_ALIAS_RID_ADMINS);
        table.SeAliasUsersSid = builtin(DOMAIN_ALIAS_RID_USERS);
        table.SeAliasGuestsSid = builtin(DOMAIN_ALIAS_RID_GUESTS);
        table.SeAliasPowerUsersSid = builtin(DOMAIN_ALIAS_RID_POWER_USERS);
        table.SeAliasAccountOpsSid = builtin(0x224);
        table.SeAliasSystemOpsSid = builtin(0x225);
        table.SeAliasPrintOpsSid = builtin(0x226);
        table.SeAliasBackupOpsSid = builtin(0x227);
        table.SeUntrustedMandatorySid = add({16, {0}});
        table.SeLowMandatorySid = add({16, {0x1000}});
        table.SeMediumMandatorySid = add({16, {0x2000}});
        table.SeHighMandatorySid = add({16, {0x3000}});
        table.SeSystemMandatorySid = add({16, {0x4000}});
    }
};

Exports exports;

}  // namespace

extern "C" {

PSE_EXPORTS SeExports = &exports.table;

}  // extern "C"
