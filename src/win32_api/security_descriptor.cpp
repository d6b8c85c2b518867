// SPDX-License-Identifier: Apache-2.0
// Security descriptors in the caller's memory: making one, and giving it a DACL.
#include "win32/securitybaseapi.h"

#include <initializer_list>

#include "win32_api/win32_result.h"

using namespace pw::win32;

namespace {

SECURITY_DESCRIPTOR* absolute(PSECURITY_DESCRIPTOR descriptor) { return static_cast<SECURITY_DESCRIPTOR*>(descriptor); }

// The setters work on descriptors in absolute form only; the last error says why this one is none.
bool is_settable(const SECURITY_DESCRIPTOR* descriptor) {
    if (descriptor->Revision != SECURITY_DESCRIPTOR_REVISION) {
        fail(ERROR_UNKNOWN_REVISION);
        return false;
    }
    if ((descriptor->Control & SE_SELF_RELATIVE) != 0) {
        fail(ERROR_INVALID_SECURITY_DESCR);
        return false;
    }
    return true;
}

void set_control(SECURITY_DESCRIPTOR* descriptor, SECURITY_DESCRIPTOR_CONTROL bit, bool on) {
    const unsigned control = descriptor->Control;
    descriptor->Control = static_cast<SECURITY_DESCRIPTOR_CONTROL>(on ? control | bit : control & ~unsigned{bit});
}

const ACL* dacl_of(const SECURITY_DESCRIPTOR* descriptor) {
    if ((descriptor->Control & SE_SELF_RELATIVE) == 0) return descriptor->Dacl;
    SECURITY_DESCRIPTOR_RELATIVE relative{};
    __builtin_memcpy(&relative, descriptor, sizeof relative);
    if (relative.Dacl == 0) return nullptr;
    return reinterpret_cast<const ACL*>(reinterpret_cast<const char*>(descriptor) + relative.Dacl);
}

const SID* sid_at(const SECURITY_DESCRIPTOR* descriptor, bool owner) {
    if ((descriptor->Control & SE_SELF_RELATIVE) == 0) {
        return static_cast<const SID*>(owner ? descriptor->Owner : descriptor->Group);
    }
    SECURITY_DESCRIPTOR_RELATIVE relative{};
    __builtin_memcpy(&relative, descriptor, sizeof relative);
    const DWORD offset = owner ? relative.Owner : relative.Group;
    return offset == 0 ? nullptr : reinterpret_cast<const SID*>(reinterpret_cast<const char*>(descriptor) + offset);
}

bool is_valid_sid(const SID* sid) { return sid->Revision == SID_REVISION && sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES; }

bool is_valid_acl(const ACL* acl) {
    constexpr BYTE lowest_revision = 2;
    constexpr BYTE highest_revision = 4;
    if (acl->AclRevision < lowest_revision || acl->AclRevision > highest_revision || acl->AclSize < sizeof(ACL)) return false;
    DWORD offset = sizeof(ACL);
    for (unsigned i = 0; i < acl->AceCount; ++i) {
        if (acl->AclSize - offset < sizeof(ACE_HEADER)) return false;
        ACE_HEADER header{};
        __builtin_memcpy(&header, reinterpret_cast<const char*>(acl) + offset, sizeof header);
        if (header.AceSize < sizeof header || header.AceSize % 4 != 0 || header.AceSize > acl->AclSize - offset) return false;
        offset += header.AceSize;
    }
    return true;
}

}  // namespace

BOOL WINAPI InitializeSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor, DWORD revision) {
    if (revision != SECURITY_DESCRIPTOR_REVISION) return fail(ERROR_UNKNOWN_REVISION);
    *absolute(descriptor) = SECURITY_DESCRIPTOR{};
    absolute(descriptor)->Revision = SECURITY_DESCRIPTOR_REVISION;
    return TRUE;
}

BOOL WINAPI SetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, BOOL is_present, PACL dacl, BOOL is_defaulted) {
    SECURITY_DESCRIPTOR* const target = absolute(descriptor);
    if (!is_settable(target)) return FALSE;
    set_control(target, SE_DACL_PRESENT, is_present != FALSE);
    // "If bDaclPresent is FALSE, pDacl and bDaclDefaulted are ignored." A present null DACL allows everything to everybody.
    if (is_present) {
        target->Dacl = dacl;
        set_control(target, SE_DACL_DEFAULTED, is_defaulted != FALSE);
    }
    return TRUE;
}

BOOL WINAPI GetSecurityDescriptorDacl(PSECURITY_DESCRIPTOR descriptor, LPBOOL is_present, PACL* dacl, LPBOOL is_defaulted) {
    const SECURITY_DESCRIPTOR* const source = absolute(descriptor);
    if (source->Revision != SECURITY_DESCRIPTOR_REVISION) return fail(ERROR_UNKNOWN_REVISION);
    *is_present = (source->Control & SE_DACL_PRESENT) != 0;
    if (*is_present) {
        *dacl = const_cast<PACL>(dacl_of(source));
        *is_defaulted = (source->Control & SE_DACL_DEFAULTED) != 0;
    }
    return TRUE;
}

// Sets no error: "If the security descriptor is valid, the function returns a nonzero value."
BOOL WINAPI IsValidSecurityDescriptor(PSECURITY_DESCRIPTOR descriptor) {
    const SECURITY_DESCRIPTOR* const source = absolute(descriptor);
    if (source == nullptr || source->Revision != SECURITY_DESCRIPTOR_REVISION) return FALSE;
    for (const bool owner : {true, false}) {
        if (const SID* sid = sid_at(source, owner); sid != nullptr && !is_valid_sid(sid)) return FALSE;
    }
    if ((source->Control & SE_DACL_PRESENT) == 0) return TRUE;
    const ACL* const dacl = dacl_of(source);
    return dacl == nullptr || is_valid_acl(dacl);
}
