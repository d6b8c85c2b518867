// SPDX-License-Identifier: Apache-2.0
// Façade: SIDs, access control lists and security descriptors in the driver's own memory (Rtl).
#include <nt/rtl.h>

#include <cstring>

#include "security_format/acl_edit.h"
#include "security_format/descriptor_memory.h"
#include "wdk_api/counted_string.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

namespace {

constexpr ULONG sid_tag = 0x64697350;  // 'Psid'

template <typename Get>
NTSTATUS get_sid(PSECURITY_DESCRIPTOR descriptor, PSID* sid, PBOOLEAN is_defaulted, Get get) {
    bool defaulted = false;
    const Status status = get(descriptor, sid, &defaulted);
    if (status.is_success()) *is_defaulted = defaulted;
    return status.code();
}

}  // namespace

extern "C" {

NTSTATUS NTAPI RtlCreateSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, ULONG revision) {
    PW_IRQL_LIMIT(RtlCreateSecurityDescriptor);
    return se::descriptor_create(descriptor, revision).code();
}
BOOLEAN NTAPI RtlValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor) {
    PW_IRQL_LIMIT(RtlValidSecurityDescriptor);
    return se::descriptor_is_valid(descriptor);
}
ULONG NTAPI RtlLengthSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor) {
    PW_IRQL_LIMIT(RtlLengthSecurityDescriptor);
    return se::descriptor_length_bytes(descriptor);
}

BOOLEAN NTAPI RtlValidRelativeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, ULONG length, SECURITY_INFORMATION required) {
    PW_IRQL_LIMIT(RtlValidRelativeSecurityDescriptor);
    auto parts = se::DescriptorParts::from_self_relative({static_cast<const std::byte*>(descriptor), length});
    if (!parts) return FALSE;
    if ((required & OWNER_SECURITY_INFORMATION) && !parts->owner) return FALSE;
    if ((required & GROUP_SECURITY_INFORMATION) && !parts->group) return FALSE;
    if ((required & DACL_SECURITY_INFORMATION) && !parts->has_dacl) return FALSE;
    return !(required & SACL_SECURITY_INFORMATION) || parts->has_sacl;
}

NTSTATUS NTAPI RtlSetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, BOOLEAN is_present, PACL dacl, BOOLEAN is_defaulted) {
    PW_IRQL_LIMIT(RtlSetDaclSecurityDescriptor);
    return se::descriptor_set_dacl(descriptor, is_present != FALSE, dacl, is_defaulted != FALSE).code();
}

NTSTATUS NTAPI RtlGetDaclSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PBOOLEAN is_present, PACL* dacl,
                                            PBOOLEAN is_defaulted) {
    PW_IRQL_LIMIT(RtlGetDaclSecurityDescriptor);
    bool present = false, defaulted = false;
    const Status status = se::descriptor_get_dacl(descriptor, &present, dacl, &defaulted);
    if (status.is_failure()) return status.code();
    *is_present = present;
    if (present) *is_defaulted = defaulted;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlSetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID owner, BOOLEAN is_defaulted) {
    PW_IRQL_LIMIT(RtlSetOwnerSecurityDescriptor);
    return se::descriptor_set_owner(descriptor, owner, is_defaulted != FALSE).code();
}
NTSTATUS NTAPI RtlSetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID group, BOOLEAN is_defaulted) {
    PW_IRQL_LIMIT(RtlSetGroupSecurityDescriptor);
    return se::descriptor_set_group(descriptor, group, is_defaulted != FALSE).code();
}
NTSTATUS NTAPI RtlGetOwnerSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID* owner, PBOOLEAN is_defaulted) {
    PW_IRQL_LIMIT(RtlGetOwnerSecurityDescriptor);
    return get_sid(descriptor, owner, is_defaulted, se::descriptor_get_owner);
}
NTSTATUS NTAPI RtlGetGroupSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, PSID* group, PBOOLEAN is_defaulted) {
    PW_IRQL_LIMIT(RtlGetGroupSecurityDescriptor);
    return get_sid(descriptor, group, is_defaulted, se::descriptor_get_group);
}

NTSTATUS NTAPI RtlAbsoluteToSelfRelativeSD(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR relative, PULONG length) {
    PW_IRQL_LIMIT(RtlAbsoluteToSelfRelativeSD);
    return se::descriptor_make_self_relative(absolute, relative, length).code();
}

NTSTATUS NTAPI RtlCreateAcl(PACL acl, ULONG length, ULONG revision) {
    PW_IRQL_LIMIT(RtlCreateAcl);
    return se::acl_create(acl, length, revision).code();
}
BOOLEAN NTAPI RtlValidAcl(PACL acl) {
    PW_IRQL_LIMIT(RtlValidAcl);
    return se::acl_is_valid(acl);
}
NTSTATUS NTAPI RtlAddAccessAllowedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid) {
    PW_IRQL_LIMIT(RtlAddAccessAllowedAce);
    return se::acl_add(acl, revision, 0, mask, sid, ACCESS_ALLOWED_ACE_TYPE).code();
}
NTSTATUS NTAPI RtlAddAccessAllowedAceEx(PACL acl, ULONG revision, ULONG flags, ACCESS_MASK mask, PSID sid) {
    PW_IRQL_LIMIT(RtlAddAccessAllowedAceEx);
    return se::acl_add(acl, revision, flags, mask, sid, ACCESS_ALLOWED_ACE_TYPE).code();
}
NTSTATUS NTAPI RtlAddAccessDeniedAce(PACL acl, ULONG revision, ACCESS_MASK mask, PSID sid) {
    PW_IRQL_LIMIT(RtlAddAccessDeniedAce);
    return se::acl_add(acl, revision, 0, mask, sid, ACCESS_DENIED_ACE_TYPE).code();
}
NTSTATUS NTAPI RtlAddAce(PACL acl, ULONG revision, ULONG index, PVOID aces, ULONG length) {
    PW_IRQL_LIMIT(RtlAddAce);
    return se::acl_insert(acl, revision, index, aces, length).code();
}
NTSTATUS NTAPI RtlDeleteAce(PACL acl, ULONG index) {
    PW_IRQL_LIMIT(RtlDeleteAce);
    return se::acl_delete(acl, index).code();
}
NTSTATUS NTAPI RtlGetAce(PACL acl, ULONG index, PVOID* ace) {
    PW_IRQL_LIMIT(RtlGetAce);
    return se::acl_get(acl, index, ace).code();
}

BOOLEAN NTAPI RtlValidSid(PSID sid) {
    PW_IRQL_LIMIT(RtlValidSid);
    return se::sid_length_bytes(sid) != 0;
}
BOOLEAN NTAPI RtlEqualSid(PSID one, PSID other) {
    PW_IRQL_LIMIT(RtlEqualSid);
    const auto first = se::Sid::from_memory(one);
    return first && first == se::Sid::from_memory(other);
}
NTSTATUS NTAPI RtlInitializeSid(PSID sid, PSID_IDENTIFIER_AUTHORITY authority, UCHAR count) {
    PW_IRQL_LIMIT(RtlInitializeSid);
    if (count > SID_MAX_SUB_AUTHORITIES) return STATUS_INVALID_PARAMETER;
    auto* out = static_cast<PISID>(sid);
    out->Revision = SID_REVISION;
    out->SubAuthorityCount = count;
    out->IdentifierAuthority = *authority;
    return STATUS_SUCCESS;
}
PULONG NTAPI RtlSubAuthoritySid(PSID sid, ULONG index) {
    PW_IRQL_LIMIT(RtlSubAuthoritySid);
    return static_cast<PISID>(sid)->SubAuthority + index;
}
PUCHAR NTAPI RtlSubAuthorityCountSid(PSID sid) {
    PW_IRQL_LIMIT(RtlSubAuthorityCountSid);
    return &static_cast<PISID>(sid)->SubAuthorityCount;
}
ULONG NTAPI RtlLengthRequiredSid(ULONG count) {
    PW_IRQL_LIMIT(RtlLengthRequiredSid);
    return static_cast<ULONG>(se::Sid::fixed_bytes + 4 * std::size_t{count});
}
ULONG NTAPI RtlLengthSid(PSID sid) {
    PW_IRQL_LIMIT(RtlLengthSid);
    return RtlLengthRequiredSid(*RtlSubAuthorityCountSid(sid));
}
NTSTATUS NTAPI RtlCopySid(ULONG length, PSID target, PSID source) {
    PW_IRQL_LIMIT(RtlCopySid);
    if (length < RtlLengthSid(source)) return STATUS_BUFFER_TOO_SMALL;
    std::memmove(target, source, RtlLengthSid(source));
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI RtlAllocateAndInitializeSid(PSID_IDENTIFIER_AUTHORITY authority, UCHAR count, ULONG s0, ULONG s1, ULONG s2,
                                           ULONG s3, ULONG s4, ULONG s5, ULONG s6, ULONG s7, PSID* sid) {
    PW_IRQL_LIMIT(RtlAllocateAndInitializeSid);
    const ULONG values[] = {s0, s1, s2, s3, s4, s5, s6, s7};
    if (count > std::size(values)) return STATUS_INVALID_SID;
    PVOID const block = ExAllocatePoolWithTag(PagedPool, RtlLengthRequiredSid(count), sid_tag);
    if (!block) return STATUS_NO_MEMORY;
    static_cast<void>(RtlInitializeSid(block, authority, count));
    std::memcpy(RtlSubAuthoritySid(block, 0), values, count * sizeof(ULONG));
    *sid = block;
    return STATUS_SUCCESS;
}
PVOID NTAPI RtlFreeSid(PSID sid) {
    PW_IRQL_LIMIT(RtlFreeSid);
    ExFreePoolWithTag(sid, sid_tag);
    return nullptr;
}

NTSTATUS NTAPI RtlConvertSidToUnicodeString(PUNICODE_STRING string, PSID sid, BOOLEAN allocate) {
    PW_IRQL_LIMIT(RtlConvertSidToUnicodeString);
    const auto value = se::Sid::from_memory(sid);
    if (!value) return STATUS_INVALID_SID;
    const std::u16string text = value->text();
    const std::size_t bytes = (text.size() + 1) * sizeof(WCHAR);
    const NTSTATUS status = wdk::prepare_destination(string, bytes, allocate);
    if (!NT_SUCCESS(status)) return status;
    std::memcpy(string->Buffer, text.c_str(), bytes);
    string->Length = static_cast<USHORT>(bytes - sizeof(WCHAR));
    return STATUS_SUCCESS;
}

void NTAPI RtlMapGenericMask(PACCESS_MASK mask, const GENERIC_MAPPING* mapping) { *mask = se::map_generic_mask(*mask, *mapping); }
BOOLEAN NTAPI RtlAreAllAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired) { return (desired & ~granted) == 0; }
BOOLEAN NTAPI RtlAreAnyAccessesGranted(ACCESS_MASK granted, ACCESS_MASK desired) { return (desired & granted) != 0; }

}  // extern "C"
