// SPDX-License-Identifier: Apache-2.0
// Security of objects by handle: GetKernelObjectSecurity, GetSecurityInfo, SetEntriesInAcl …
#include <cstring>
#include <vector>

#include "security_format/acl.h"
#include "security_format/descriptor_memory.h"
#include "win32/aclapi.h"
#include "win32/securitybaseapi.h"
#include "win32/winbase.h"
#include "win32_api/win32_result.h"

using namespace pw;
using namespace pw::win32;

BOOL WINAPI GetKernelObjectSecurity(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor,
                                    DWORD length, LPDWORD needed) {
    const NTSTATUS status = NtQuerySecurityObject(handle, information, descriptor, length, needed);
    return status == STATUS_BUFFER_TOO_SMALL ? fail(ERROR_INSUFFICIENT_BUFFER) : bool_of(status);
}

BOOL WINAPI SetKernelObjectSecurity(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor) {
    return bool_of(NtSetSecurityObject(handle, information, descriptor));
}

namespace {

bool is_kernel_object(SE_OBJECT_TYPE type) { return type == SE_KERNEL_OBJECT || type == SE_FILE_OBJECT || type == SE_SERVICE; }

// Descriptor and last error of one query; freed with LocalFree.
DWORD query(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR* descriptor) {
    DWORD needed = 256;
    for (;;) {
        PVOID const block = LocalAlloc(LMEM_FIXED, needed);
        if (block == nullptr) return static_cast<DWORD>(ERROR_NOT_ENOUGH_MEMORY);
        const NTSTATUS status = NtQuerySecurityObject(handle, information, block, needed, &needed);
        if (NT_SUCCESS(status)) {
            *descriptor = block;
            return ERROR_SUCCESS;
        }
        LocalFree(block);
        if (status != STATUS_BUFFER_TOO_SMALL) return RtlNtStatusToDosError(status);
    }
}

}  // namespace

DWORD WINAPI GetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION information, PSID* owner, PSID* group,
                             PACL* dacl, PACL* sacl, PSECURITY_DESCRIPTOR* descriptor) {
    const bool wants_parts = owner != nullptr || group != nullptr || dacl != nullptr || sacl != nullptr;
    if (!is_kernel_object(type) || descriptor == nullptr) {
        // The parts point into the descriptor: without it there is nothing that they could point into.
        return static_cast<DWORD>(wants_parts || !is_kernel_object(type) ? ERROR_INVALID_PARAMETER : ERROR_SUCCESS);
    }
    PSECURITY_DESCRIPTOR block = nullptr;
    if (const DWORD error = query(handle, information, &block); error != ERROR_SUCCESS) return error;
    BOOL flag = FALSE, present = FALSE;
    if (owner != nullptr && (information & OWNER_SECURITY_INFORMATION)) GetSecurityDescriptorOwner(block, owner, &flag);
    if (group != nullptr && (information & GROUP_SECURITY_INFORMATION)) GetSecurityDescriptorGroup(block, group, &flag);
    if (dacl != nullptr && (information & DACL_SECURITY_INFORMATION)) {
        *dacl = nullptr;
        GetSecurityDescriptorDacl(block, &present, dacl, &flag);
    }
    if (sacl != nullptr && (information & SACL_SECURITY_INFORMATION)) {
        *sacl = nullptr;
        GetSecurityDescriptorSacl(block, &present, sacl, &flag);
    }
    *descriptor = block;
    return ERROR_SUCCESS;
}

DWORD WINAPI SetSecurityInfo(HANDLE handle, SE_OBJECT_TYPE type, SECURITY_INFORMATION information, PSID owner, PSID group,
                             PACL dacl, PACL sacl) {
    if (!is_kernel_object(type)) return static_cast<DWORD>(ERROR_INVALID_PARAMETER);
    SECURITY_DESCRIPTOR descriptor;
    InitializeSecurityDescriptor(&descriptor, SECURITY_DESCRIPTOR_REVISION);
    if (information & OWNER_SECURITY_INFORMATION) SetSecurityDescriptorOwner(&descriptor, owner, FALSE);
    if (information & GROUP_SECURITY_INFORMATION) SetSecurityDescriptorGroup(&descriptor, group, FALSE);
    if (information & DACL_SECURITY_INFORMATION) SetSecurityDescriptorDacl(&descriptor, TRUE, dacl, FALSE);
    if (information & SACL_SECURITY_INFORMATION) SetSecurityDescriptorSacl(&descriptor, TRUE, sacl, FALSE);
    return RtlNtStatusToDosError(NtSetSecurityObject(handle, information, &descriptor));
}

void WINAPI BuildTrusteeWithSidW(PTRUSTEE_W trustee, PSID sid) {
    *trustee = {};
    trustee->TrusteeForm = TRUSTEE_IS_SID;
    trustee->ptstrName = static_cast<LPWSTR>(sid);
}
void WINAPI BuildTrusteeWithSidA(PTRUSTEE_A trustee, PSID sid) {
    *trustee = {};
    trustee->TrusteeForm = TRUSTEE_IS_SID;
    trustee->ptstrName = static_cast<LPSTR>(sid);
}

namespace {

// Entries of a list, denials in front of permissions, as SetEntriesInAcl keeps them.
struct Entries {
    se::AclBuilder denied, allowed;
    std::vector<se::Sid> replaced;  // trustees whose former entries go

    [[nodiscard]] bool is_replaced(const se::AceView& ace) const {
        if (!ace.sid) return false;
        for (const se::Sid& sid : replaced) {
            if (sid == *ace.sid) return true;
        }
        return false;
    }
};

template <typename Access>
DWORD collect(ULONG count, const Access* list, Entries& entries) {
    for (ULONG i = 0; i < count; ++i) {
        const Access& entry = list[i];
        if (entry.Trustee.TrusteeForm != TRUSTEE_IS_SID) return static_cast<DWORD>(ERROR_NOT_SUPPORTED);
        const auto sid = se::Sid::from_memory(entry.Trustee.ptstrName);
        if (!sid) return static_cast<DWORD>(ERROR_INVALID_SID);
        const auto flags = static_cast<std::uint8_t>(entry.grfInheritance & VALID_INHERIT_FLAGS);
        switch (entry.grfAccessMode) {
            case SET_ACCESS: entries.replaced.push_back(*sid); [[fallthrough]];
            case GRANT_ACCESS: entries.allowed.allow(entry.grfAccessPermissions, *sid, flags); break;
            case DENY_ACCESS: entries.denied.deny(entry.grfAccessPermissions, *sid, flags); break;
            case REVOKE_ACCESS: entries.replaced.push_back(*sid); break;
            default: return static_cast<DWORD>(ERROR_NOT_SUPPORTED);
        }
    }
    return ERROR_SUCCESS;
}

template <typename Access>
DWORD set_entries(ULONG count, const Access* list, PACL old_acl, PACL* new_acl) {
    *new_acl = nullptr;
    Entries entries;
    if (const DWORD error = collect(count, list, entries); error != ERROR_SUCCESS) return error;
    std::vector<std::byte> denied = entries.denied.take(), allowed = entries.allowed.take();
    se::AclBuilder acl;
    const auto append = [&](std::span<const std::byte> from, bool denials) {
        se::for_each_ace(from, [&](const se::AceView& ace) {
            if ((ace.type == ACCESS_DENIED_ACE_TYPE) == denials) acl.add_raw(ace.bytes);
            return true;
        });
    };
    const auto append_old = [&](bool denials) {
        if (old_acl == nullptr) return;
        se::for_each_ace({reinterpret_cast<const std::byte*>(old_acl), old_acl->AclSize}, [&](const se::AceView& ace) {
            if ((ace.type == ACCESS_DENIED_ACE_TYPE) == denials && !entries.is_replaced(ace)) acl.add_raw(ace.bytes);
            return true;
        });
    };
    if (old_acl != nullptr && !IsValidAcl(old_acl)) return static_cast<DWORD>(ERROR_INVALID_ACL);
    append(denied, true);
    append_old(true);
    append(allowed, false);
    append_old(false);
    if (acl.is_full()) return static_cast<DWORD>(ERROR_ALLOTTED_SPACE_EXCEEDED);
    const std::vector<std::byte> bytes = acl.take();
    PVOID const block = LocalAlloc(LMEM_FIXED, bytes.size());
    if (block == nullptr) return static_cast<DWORD>(ERROR_NOT_ENOUGH_MEMORY);
    std::memcpy(block, bytes.data(), bytes.size());
    *new_acl = static_cast<PACL>(block);
    return ERROR_SUCCESS;
}

}  // namespace

DWORD WINAPI SetEntriesInAclW(ULONG count, PEXPLICIT_ACCESS_W list, PACL old_acl, PACL* new_acl) {
    return set_entries(count, list, old_acl, new_acl);
}
DWORD WINAPI SetEntriesInAclA(ULONG count, PEXPLICIT_ACCESS_A list, PACL old_acl, PACL* new_acl) {
    return set_entries(count, list, old_acl, new_acl);
}
