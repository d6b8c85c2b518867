// SPDX-License-Identifier: Apache-2.0
// SIDs and access control lists in the caller's memory.
#include <cstring>

#include "security_format/acl_edit.h"
#include "security_format/sid.h"
#include "win32/securitybaseapi.h"
#include "win32/winbase.h"
#include "win32_api/win32_result.h"

using namespace pw;
using namespace pw::win32;

BOOL WINAPI InitializeAcl(PACL acl, DWORD length, DWORD revision) {
    const Status status = se::acl_create(acl, length, revision);
    return status == Status(STATUS_BUFFER_TOO_SMALL) ? fail(ERROR_INSUFFICIENT_BUFFER) : bool_of(status.code());
}
BOOL WINAPI IsValidAcl(PACL acl) { return se::acl_is_valid(acl) ? TRUE : fail(ERROR_INVALID_ACL); }

BOOL WINAPI AddAccessAllowedAce(PACL acl, DWORD revision, DWORD mask, PSID sid) {
    return AddAccessAllowedAceEx(acl, revision, 0, mask, sid);
}
BOOL WINAPI AddAccessAllowedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid) {
    return bool_of(se::acl_add(acl, revision, flags, mask, sid, ACCESS_ALLOWED_ACE_TYPE).code());
}
BOOL WINAPI AddAccessDeniedAce(PACL acl, DWORD revision, DWORD mask, PSID sid) {
    return AddAccessDeniedAceEx(acl, revision, 0, mask, sid);
}
BOOL WINAPI AddAccessDeniedAceEx(PACL acl, DWORD revision, DWORD flags, DWORD mask, PSID sid) {
    return bool_of(se::acl_add(acl, revision, flags, mask, sid, ACCESS_DENIED_ACE_TYPE).code());
}
BOOL WINAPI AddAce(PACL acl, DWORD revision, DWORD index, LPVOID aces, DWORD length) {
    const Status status = se::acl_insert(acl, revision, index, aces, length);
    return status == Status(STATUS_BUFFER_TOO_SMALL) ? fail(ERROR_INSUFFICIENT_BUFFER) : bool_of(status.code());
}
BOOL WINAPI DeleteAce(PACL acl, DWORD index) { return bool_of(se::acl_delete(acl, index).code()); }
BOOL WINAPI GetAce(PACL acl, DWORD index, LPVOID* ace) { return bool_of(se::acl_get(acl, index, ace).code()); }

BOOL WINAPI GetAclInformation(PACL acl, LPVOID information, DWORD length, ACL_INFORMATION_CLASS information_class) {
    if (information_class != AclSizeInformation) return fail(ERROR_INVALID_PARAMETER);
    if (length < sizeof(ACL_SIZE_INFORMATION)) return fail(ERROR_INSUFFICIENT_BUFFER);
    void* end = nullptr;
    const Status status = se::acl_first_free(acl, &end);
    if (status.is_failure()) return bool_of(status.code());
    const DWORD used = end ? static_cast<DWORD>(static_cast<char*>(end) - reinterpret_cast<char*>(acl)) : acl->AclSize;
    *static_cast<ACL_SIZE_INFORMATION*>(information) = {acl->AceCount, used, acl->AclSize - used};
    return TRUE;
}

BOOL WINAPI IsValidSid(PSID sid) { return se::sid_length_bytes(sid) != 0; }
BOOL WINAPI EqualSid(PSID one, PSID other) {
    const auto first = se::Sid::from_memory(one);
    return first && first == se::Sid::from_memory(other);
}
DWORD WINAPI GetSidLengthRequired(UCHAR count) { return static_cast<DWORD>(se::Sid::fixed_bytes + 4 * std::size_t{count}); }
DWORD WINAPI GetLengthSid(PSID sid) { return GetSidLengthRequired(static_cast<PISID>(sid)->SubAuthorityCount); }
PDWORD WINAPI GetSidSubAuthority(PSID sid, DWORD index) { return static_cast<PISID>(sid)->SubAuthority + index; }
PUCHAR WINAPI GetSidSubAuthorityCount(PSID sid) { return &static_cast<PISID>(sid)->SubAuthorityCount; }
PSID_IDENTIFIER_AUTHORITY WINAPI GetSidIdentifierAuthority(PSID sid) { return &static_cast<PISID>(sid)->IdentifierAuthority; }

BOOL WINAPI InitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, BYTE count) {
    if (count > SID_MAX_SUB_AUTHORITIES) return fail(ERROR_INVALID_PARAMETER);
    auto* out = static_cast<PISID>(sid);
    out->Revision = SID_REVISION;
    out->SubAuthorityCount = count;
    out->IdentifierAuthority = *authority;
    return TRUE;
}

BOOL WINAPI CopySid(DWORD length, PSID target, PSID source) {
    if (length < GetLengthSid(source)) return fail(ERROR_INSUFFICIENT_BUFFER);
    std::memmove(target, source, GetLengthSid(source));
    return TRUE;
}

BOOL WINAPI AllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, BYTE count, DWORD s0, DWORD s1, DWORD s2, DWORD s3,
                                     DWORD s4, DWORD s5, DWORD s6, DWORD s7, PSID* sid) {
    const DWORD values[] = {s0, s1, s2, s3, s4, s5, s6, s7};
    if (count > std::size(values)) return fail(ERROR_INVALID_SID);
    PVOID const block = LocalAlloc(LMEM_FIXED, GetSidLengthRequired(count));
    if (block == nullptr) return FALSE;
    InitializeSid(block, authority, count);
    std::memcpy(GetSidSubAuthority(block, 0), values, count * sizeof(DWORD));
    *sid = block;
    return TRUE;
}
PVOID WINAPI FreeSid(PSID sid) {
    LocalFree(sid);
    return nullptr;
}
