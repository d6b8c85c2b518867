// SPDX-License-Identifier: Apache-2.0
// CreateWellKnownSid, IsWellKnownSid, and the names of privileges.
#include <array>
#include <cstring>
#include <optional>

#include "security_format/sid.h"
#include "win32/securitybaseapi.h"
#include "win32/winbase.h"
#include "win32_api/text.h"
#include "win32_api/win32_result.h"

using namespace pw;
using namespace pw::win32;
using se::Sid;

namespace {

// Those that need no domain; the accounts of one have no SID here.
std::optional<Sid> well_known_sid(WELL_KNOWN_SID_TYPE type) {
    constexpr std::uint64_t nt = 5, label = 16;
    switch (type) {
        case WinNullSid: return Sid(0, {0});
        case WinWorldSid: return Sid(1, {0});
        case WinLocalSid: return Sid(2, {0});
        case WinCreatorOwnerSid: return Sid(3, {0});
        case WinCreatorGroupSid: return Sid(3, {1});
        case WinCreatorOwnerRightsSid: return Sid(3, {4});
        case WinNtAuthoritySid: return Sid(nt, {});
        case WinDialupSid: return Sid(nt, {1});
        case WinNetworkSid: return Sid(nt, {2});
        case WinBatchSid: return Sid(nt, {3});
        case WinInteractiveSid: return Sid(nt, {4});
        case WinServiceSid: return Sid(nt, {6});
        case WinAnonymousSid: return Sid(nt, {7});
        case WinSelfSid: return Sid(nt, {10});
        case WinAuthenticatedUserSid: return Sid(nt, {11});
        case WinRestrictedCodeSid: return Sid(nt, {12});
        case WinLocalSystemSid: return Sid(nt, {18});
        case WinLocalServiceSid: return Sid(nt, {19});
        case WinNetworkServiceSid: return Sid(nt, {20});
        case WinBuiltinAdministratorsSid: return Sid(nt, {32, 544});
        case WinBuiltinUsersSid: return Sid(nt, {32, 545});
        case WinBuiltinGuestsSid: return Sid(nt, {32, 546});
        case WinBuiltinPowerUsersSid: return Sid(nt, {32, 547});
        case WinLowLabelSid: return Sid(label, {0x1000});
        case WinMediumLabelSid: return Sid(label, {0x2000});
        case WinHighLabelSid: return Sid(label, {0x3000});
        case WinSystemLabelSid: return Sid(label, {0x4000});
        default: return std::nullopt;
    }
}

// The names of privileges stand in the order of their numbers, from 2 on.
constexpr std::array privilege_names = {
    u"SeCreateTokenPrivilege",        u"SeAssignPrimaryTokenPrivilege", u"SeLockMemoryPrivilege",
    u"SeIncreaseQuotaPrivilege",      u"SeMachineAccountPrivilege",     u"SeTcbPrivilege",
    u"SeSecurityPrivilege",           u"SeTakeOwnershipPrivilege",      u"SeLoadDriverPrivilege",
    u"SeSystemProfilePrivilege",      u"SeSystemtimePrivilege",         u"SeProfileSingleProcessPrivilege",
    u"SeIncreaseBasePriorityPrivilege", u"SeCreatePagefilePrivilege",   u"SeCreatePermanentPrivilege",
    u"SeBackupPrivilege",             u"SeRestorePrivilege",            u"SeShutdownPrivilege",
    u"SeDebugPrivilege",              u"SeAuditPrivilege",              u"SeSystemEnvironmentPrivilege",
    u"SeChangeNotifyPrivilege",       u"SeRemoteShutdownPrivilege",     u"SeUndockPrivilege",
    u"SeSyncAgentPrivilege",          u"SeEnableDelegationPrivilege",   u"SeManageVolumePrivilege",
    u"SeImpersonatePrivilege",        u"SeCreateGlobalPrivilege",       u"SeTrustedCredManAccessPrivilege",
    u"SeRelabelPrivilege",            u"SeIncreaseWorkingSetPrivilege", u"SeTimeZonePrivilege",
    u"SeCreateSymbolicLinkPrivilege"};

bool equal_ignoring_case(std::u16string_view a, std::u16string_view b) {
    const auto lower = [](char16_t c) { return c >= u'A' && c <= u'Z' ? static_cast<char16_t>(c + 0x20) : c; };
    if (a.size() != b.size()) return false;
    for (std::size_t i = 0; i < a.size(); ++i) {
        if (lower(a[i]) != lower(b[i])) return false;
    }
    return true;
}

}  // namespace

BOOL WINAPI CreateWellKnownSid(WELL_KNOWN_SID_TYPE type, PSID, PSID sid, DWORD* size) {
    const auto value = well_known_sid(type);
    if (!value) return fail(ERROR_INVALID_PARAMETER);
    const auto needed = static_cast<DWORD>(value->length_bytes());
    if (sid == nullptr || *size < needed) {
        *size = needed;
        return fail(ERROR_INSUFFICIENT_BUFFER);
    }
    *size = needed;
    std::memcpy(sid, value->bytes().data(), needed);
    return TRUE;
}

BOOL WINAPI IsWellKnownSid(PSID sid, WELL_KNOWN_SID_TYPE type) {
    const auto value = well_known_sid(type);
    return value && se::Sid::from_memory(sid) == value;
}

BOOL WINAPI LookupPrivilegeValueW(LPCWSTR, LPCWSTR name, PLUID luid) {
    if (name == nullptr || luid == nullptr) return fail(ERROR_INVALID_PARAMETER);
    const std::u16string_view wanted(name, length_of(name));
    for (std::size_t i = 0; i < privilege_names.size(); ++i) {
        if (!equal_ignoring_case(privilege_names[i], wanted)) continue;
        *luid = {static_cast<DWORD>(i + 2), 0};
        return TRUE;
    }
    return fail(ERROR_NO_SUCH_PRIVILEGE);
}
BOOL WINAPI LookupPrivilegeValueA(LPCSTR system, LPCSTR name, PLUID luid) {
    return LookupPrivilegeValueW(WideArgument(system), WideArgument(name), luid);
}
