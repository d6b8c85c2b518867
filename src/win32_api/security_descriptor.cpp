// SPDX-License-Identifier: Apache-2.0
// Security descriptors in the caller's memory: making one, and what is in it.
#include "security_format/descriptor_memory.h"
#include "win32/securitybaseapi.h"
#include "win32_api/win32_result.h"

using namespace pw;
using namespace pw::win32;

namespace {

// What a list's getter and an owner's getter have in common.
BOOL put_flag(Status status, bool value, LPBOOL target) {
    if (status.is_success()) *target = value;
    return bool_of(status.code());
}

}  // namespace

BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision) {
    return bool_of(se::descriptor_create(descriptor, revision).code());
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL is_present, PACL dacl, BOOL is_defaulted) {
    return bool_of(se::descriptor_set_dacl(descriptor, is_present != FALSE, dacl, is_defaulted != FALSE).code());
}
BOOL WINAPI SetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, BOOL is_present, PACL sacl, BOOL is_defaulted) {
    return bool_of(se::descriptor_set_sacl(descriptor, is_present != FALSE, sacl, is_defaulted != FALSE).code());
}
BOOL WINAPI SetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID owner, BOOL is_defaulted) {
    return bool_of(se::descriptor_set_owner(descriptor, owner, is_defaulted != FALSE).code());
}
BOOL WINAPI SetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID group, BOOL is_defaulted) {
    return bool_of(se::descriptor_set_group(descriptor, group, is_defaulted != FALSE).code());
}

BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL is_present, PACL* dacl, LPBOOL is_defaulted) {
    bool present = false, defaulted = false;
    const Status status = se::descriptor_get_dacl(descriptor, &present, dacl, &defaulted);
    if (status.is_success() && present) *is_defaulted = defaulted;
    return put_flag(status, present, is_present);
}
BOOL WINAPI GetSecurityDescriptorSacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL is_present, PACL* sacl, LPBOOL is_defaulted) {
    bool present = false, defaulted = false;
    const Status status = se::descriptor_get_sacl(descriptor, &present, sacl, &defaulted);
    if (status.is_success() && present) *is_defaulted = defaulted;
    return put_flag(status, present, is_present);
}
BOOL WINAPI GetSecurityDescriptorOwner(PSECURITY_DESCRIPTOR descriptor, PSID* owner, LPBOOL is_defaulted) {
    bool defaulted = false;
    const Status status = se::descriptor_get_owner(descriptor, owner, &defaulted);
    return put_flag(status, defaulted, is_defaulted);
}
BOOL WINAPI GetSecurityDescriptorGroup(PSECURITY_DESCRIPTOR descriptor, PSID* group, LPBOOL is_defaulted) {
    bool defaulted = false;
    const Status status = se::descriptor_get_group(descriptor, group, &defaulted);
    return put_flag(status, defaulted, is_defaulted);
}
BOOL WINAPI GetSecurityDescriptorControl(PSECURITY_DESCRIPTOR descriptor, PSECURITY_DESCRIPTOR_CONTROL control, LPDWORD revision) {
    const auto* head = static_cast<const SECURITY_DESCRIPTOR*>(descriptor);
    *revision = head->Revision;
    if (head->Revision != SECURITY_DESCRIPTOR_REVISION) return fail(ERROR_UNKNOWN_REVISION);
    *control = head->Control;
    return TRUE;
}

// Sets no error: "If the security descriptor is valid, the function returns a nonzero value."
BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor) { return se::descriptor_is_valid(descriptor); }
DWORD WINAPI GetSecurityDescriptorLength(PSECURITY_DESCRIPTOR descriptor) { return se::descriptor_length_bytes(descriptor); }

BOOL WINAPI MakeSelfRelativeSD(PSECURITY_DESCRIPTOR absolute, PSECURITY_DESCRIPTOR relative, LPDWORD length) {
    return bool_of(se::descriptor_make_self_relative(absolute, relative, length).code());
}
