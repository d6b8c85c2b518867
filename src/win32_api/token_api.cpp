// SPDX-License-Identifier: Apache-2.0
// Tokens and privileges.
#include <cstring>
#include <memory>

#include "win32/process.h"
#include "win32/securitybaseapi.h"
#include "win32_api/system_call.h"
#include "win32_api/win32_result.h"

using namespace pw::win32;

BOOL WINAPI OpenProcessToken(HANDLE process, DWORD access, PHANDLE token) {
    return bool_of(NtOpenProcessToken(process, access, token));
}

// No thread impersonates here; what is documented for such a thread.
BOOL WINAPI OpenThreadToken(HANDLE, DWORD, BOOL, PHANDLE) { return fail(ERROR_NO_TOKEN); }

BOOL WINAPI GetTokenInformation(HANDLE token, TOKEN_INFORMATION_CLASS information_class, LPVOID information, DWORD length,
                                PDWORD needed) {
    const NTSTATUS status = NtQueryInformationToken(token, information_class, information, length, needed);
    return status == STATUS_BUFFER_TOO_SMALL ? fail(ERROR_INSUFFICIENT_BUFFER) : bool_of(status);
}

namespace {

constexpr DWORD max_privilege = 63;

// What AdjustTokenPrivileges asks for, as sets of bits.
void collect(const TOKEN_PRIVILEGES& state, pw::nt::NtAdjustPrivilegesTokenIn& in) {
    for (const LUID_AND_ATTRIBUTES& entry : std::span(state.Privileges, state.PrivilegeCount)) {
        if (entry.Luid.HighPart != 0 || entry.Luid.LowPart == 0 || entry.Luid.LowPart > max_privilege) {
            in.names_unknown_ones.value = 1;
            continue;
        }
        const std::uint64_t bit = std::uint64_t{1} << entry.Luid.LowPart;
        ((entry.Attributes & SE_PRIVILEGE_ENABLED) ? in.enable : in.disable) |= bit;
    }
}

DWORD bytes_for(std::uint64_t privileges) {
    return static_cast<DWORD>(sizeof(DWORD) + static_cast<unsigned>(__builtin_popcountll(privileges)) * sizeof(LUID_AND_ATTRIBUTES));
}

void put_previous(std::uint64_t changed, std::uint64_t enabled_before, PTOKEN_PRIVILEGES previous) {
    previous->PrivilegeCount = 0;
    for (DWORD i = 0; i <= max_privilege; ++i) {
        if (!(changed >> i & 1)) continue;
        previous->Privileges[previous->PrivilegeCount++] = {{i, 0}, (enabled_before >> i & 1) ? DWORD{SE_PRIVILEGE_ENABLED} : 0u};
    }
}

}  // namespace

BOOL WINAPI AdjustTokenPrivileges(HANDLE token, BOOL disable_all, PTOKEN_PRIVILEGES state, DWORD length,
                                  PTOKEN_PRIVILEGES previous, PDWORD needed) {
    if ((!disable_all && state == nullptr) || (previous != nullptr && needed == nullptr)) return fail(ERROR_INVALID_PARAMETER);
    SystemCall<pw::nt::NtAdjustPrivilegesTokenIn> call;
    if (!call.has_port()) return bool_of(no_port_status().code());
    call.in.token = wire_handle(token);
    call.in.disable_all.value = disable_all != FALSE;
    if (!disable_all) collect(*state, call.in);
    // The room for the former state is asked for before anything changes.
    if (previous != nullptr) {
        const DWORD most = bytes_for(disable_all ? ~std::uint64_t{0} >> 28 : call.in.enable | call.in.disable);
        if (length < most) {
            *needed = most;
            return fail(ERROR_INSUFFICIENT_BUFFER);
        }
    }
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return bool_of(status);
    if (previous != nullptr) {
        *needed = bytes_for(call.out.changed);
        put_previous(call.out.changed, call.out.enabled_before, previous);
    }
    SetLastError(status == STATUS_NOT_ALL_ASSIGNED ? static_cast<DWORD>(ERROR_NOT_ALL_ASSIGNED) : static_cast<DWORD>(ERROR_SUCCESS));
    return TRUE;
}

BOOL WINAPI CheckTokenMembership(HANDLE token, PSID sid, PBOOL is_member) {
    *is_member = FALSE;
    HANDLE opened = nullptr;
    if (token == nullptr && !OpenProcessToken(GetCurrentProcess(), TOKEN_QUERY, &opened)) return FALSE;
    HANDLE const asked = token != nullptr ? token : opened;
    constexpr DWORD room = 4096;  // an answer fits into one reply
    const std::unique_ptr<std::byte[]> buffer(new std::byte[room]);
    DWORD needed = 0;
    BOOL ok = GetTokenInformation(asked, TokenUser, buffer.get(), room, &needed);
    if (ok) *is_member = EqualSid(reinterpret_cast<TOKEN_USER*>(buffer.get())->User.Sid, sid);
    if (ok && !*is_member) {
        ok = GetTokenInformation(asked, TokenGroups, buffer.get(), room, &needed);
        const auto* groups = reinterpret_cast<const TOKEN_GROUPS*>(buffer.get());
        for (DWORD i = 0; ok && i < groups->GroupCount; ++i) {
            const SID_AND_ATTRIBUTES& group = groups->Groups[i];
            if ((group.Attributes & SE_GROUP_ENABLED) != 0 && EqualSid(group.Sid, sid)) *is_member = TRUE;
        }
    }
    if (opened != nullptr) NtClose(opened);
    return ok;
}
