// SPDX-License-Identifier: Apache-2.0
// Façade: access checks, subject contexts, privileges, descriptors of new objects.
#include <nt/ob.h>
#include <nt/se.h>

#include "kernel/security/assign.h"
#include "kernel/services/security_services.h"
#include "security_format/descriptor_memory.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/pool_copy.h"

using namespace pw;

namespace {

const se::Token& token_of(PSECURITY_SUBJECT_CONTEXT context) {
    auto* token = se::Token::from_nt(SeQuerySubjectContextToken(context));
    return token ? *token : wdk::current_thread().process().token();
}

void capture(ps::Process& process, PSECURITY_SUBJECT_CONTEXT context) {
    se::Token& token = process.token();
    token.add_ref();
    *context = {};
    context->PrimaryToken = token.body();
    context->ProcessAuditId = reinterpret_cast<PVOID>(std::uintptr_t{process.id()});
}

// The privileges that gave rights, as SeAccessCheck returns them: the driver frees them with SeFreePrivileges.
PPRIVILEGE_SET used_privileges(se::PrivilegeSet used) {
    if (used == 0) return nullptr;
    std::array<std::byte, sizeof(PRIVILEGE_SET) + 64 * sizeof(LUID_AND_ATTRIBUTES)> room{};
    auto* set = reinterpret_cast<PRIVILEGE_SET*>(room.data());
    for (DWORD i = se::first_privilege; i <= se::last_privilege; ++i) {
        if (!(used >> i & 1)) continue;
        set->Privilege[set->PrivilegeCount++] = {{i, 0}, SE_PRIVILEGE_USED_FOR_ACCESS};
    }
    const std::size_t bytes = offsetof(PRIVILEGE_SET, Privilege) + set->PrivilegeCount * sizeof(LUID_AND_ATTRIBUTES);
    return static_cast<PPRIVILEGE_SET>(wdk::copy_to_pool({room.data(), bytes}));
}

}  // namespace

extern "C" {

void NTAPI SeCaptureSubjectContext(PSECURITY_SUBJECT_CONTEXT context) {
    PW_IRQL_LIMIT(SeCaptureSubjectContext);
    capture(wdk::current_thread().process(), context);
}

void NTAPI SeCaptureSubjectContextEx(PETHREAD, PEPROCESS process, PSECURITY_SUBJECT_CONTEXT context) {
    PW_IRQL_LIMIT(SeCaptureSubjectContextEx);
    capture(*ps::Process::from_nt(process), context);
}

// What a check reads of a token does not change, except for enabled privileges, which it reads once: there is nothing to lock.
void NTAPI SeLockSubjectContext(PSECURITY_SUBJECT_CONTEXT) {
    PW_IRQL_LIMIT(SeLockSubjectContext);
}
void NTAPI SeUnlockSubjectContext(PSECURITY_SUBJECT_CONTEXT) {
    PW_IRQL_LIMIT(SeUnlockSubjectContext);
}

void NTAPI SeReleaseSubjectContext(PSECURITY_SUBJECT_CONTEXT context) {
    PW_IRQL_LIMIT(SeReleaseSubjectContext);
    if (context->PrimaryToken) wdk::object_or_bug_check(context->PrimaryToken)->release();
    *context = {};
}

BOOLEAN NTAPI SeAccessCheck(PSECURITY_DESCRIPTOR descriptor, PSECURITY_SUBJECT_CONTEXT context, BOOLEAN, ACCESS_MASK desired,
                            ACCESS_MASK previously, PPRIVILEGE_SET* privileges, PGENERIC_MAPPING mapping, KPROCESSOR_MODE mode,
                            PACCESS_MASK granted, PNTSTATUS status) {
    PW_IRQL_LIMIT(SeAccessCheck);
    if (privileges) *privileges = nullptr;
    *granted = 0;
    if (mode == KernelMode) {
        const ACCESS_MASK all = (desired & MAXIMUM_ALLOWED) ? mapping->GenericAll : 0u;
        *granted = se::map_generic_mask(desired & ~ACCESS_MASK{MAXIMUM_ALLOWED}, *mapping) | all | previously;
        *status = STATUS_SUCCESS;
        return TRUE;
    }
    // "If no descriptor is given, access is denied."
    auto parts = se::DescriptorParts::from_memory(descriptor);
    if (!parts) {
        *status = descriptor ? parts.status().code() : STATUS_ACCESS_DENIED;
        return FALSE;
    }
    const se::AccessResult result = se::access_check(
        &*parts, token_of(context).subject(), {.desired = desired, .previously_granted = previously, .mapping = *mapping});
    *status = result.status.code();
    if (result.status.is_failure()) return FALSE;
    *granted = result.granted;
    if (privileges) *privileges = used_privileges(result.used_privileges);
    return TRUE;
}

void NTAPI SeFreePrivileges(PPRIVILEGE_SET privileges) {
    PW_IRQL_LIMIT(SeFreePrivileges);
    wdk::memory_manager().pool().free(privileges, 0);
}

BOOLEAN NTAPI SeSinglePrivilegeCheck(LUID luid, KPROCESSOR_MODE mode) {
    PW_IRQL_LIMIT(SeSinglePrivilegeCheck);
    if (mode == KernelMode) return TRUE;
    return (wdk::current_thread().process().token().enabled_privileges() & se::bit_of(luid)) != 0;
}

BOOLEAN NTAPI SePrivilegeCheck(PPRIVILEGE_SET required, PSECURITY_SUBJECT_CONTEXT context, KPROCESSOR_MODE mode) {
    PW_IRQL_LIMIT(SePrivilegeCheck);
    if (mode == KernelMode) return TRUE;
    const se::PrivilegeSet enabled = token_of(context).enabled_privileges();
    DWORD held = 0;
    for (LUID_AND_ATTRIBUTES& entry : std::span(required->Privilege, required->PrivilegeCount)) {
        if (!(enabled & se::bit_of(entry.Luid))) continue;
        entry.Attributes |= SE_PRIVILEGE_USED_FOR_ACCESS;
        ++held;
    }
    return (required->Control & PRIVILEGE_SET_ALL_NECESSARY) ? held == required->PrivilegeCount : held != 0;
}

NTSTATUS NTAPI SeAssignSecurity(PSECURITY_DESCRIPTOR parent, PSECURITY_DESCRIPTOR asked, PSECURITY_DESCRIPTOR* assigned,
                                BOOLEAN is_directory, PSECURITY_SUBJECT_CONTEXT context, PGENERIC_MAPPING mapping, ULONG) {
    PW_IRQL_LIMIT(SeAssignSecurity);
    *assigned = nullptr;
    Result<se::DescriptorParts> around = se::DescriptorParts();
    if (parent) around = se::DescriptorParts::from_memory(parent);
    if (!around) return around.status().code();
    Result<se::DescriptorParts> parts = se::DescriptorParts();
    if (asked) parts = se::DescriptorParts::from_memory(asked);
    if (!parts) return parts.status().code();
    auto complete = se::assign_descriptor(asked ? &*parts : nullptr, token_of(context), *mapping, false,
                                          {.parts = &*around, .child_is_container = is_directory != FALSE});
    if (!complete) return complete.status().code();
    *assigned = wdk::copy_to_pool(complete->to_self_relative());
    return *assigned ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

NTSTATUS NTAPI SeDeassignSecurity(PSECURITY_DESCRIPTOR* descriptor) {
    PW_IRQL_LIMIT(SeDeassignSecurity);
    if (*descriptor) wdk::memory_manager().pool().free(*descriptor, 0);
    *descriptor = nullptr;
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI SeValidSecurityDescriptor(ULONG length, PSECURITY_DESCRIPTOR descriptor) {
    PW_IRQL_LIMIT(SeValidSecurityDescriptor);
    return se::DescriptorParts::from_self_relative({static_cast<const std::byte*>(descriptor), length}).is_ok();
}

NTSTATUS NTAPI ObGetObjectSecurity(PVOID body, PSECURITY_DESCRIPTOR* descriptor, PBOOLEAN is_allocated) {
    PW_IRQL_LIMIT(ObGetObjectSecurity);
    *descriptor = nullptr;
    *is_allocated = FALSE;
    constexpr SECURITY_INFORMATION all = OWNER_SECURITY_INFORMATION | GROUP_SECURITY_INFORMATION | DACL_SECURITY_INFORMATION |
                                         SACL_SECURITY_INFORMATION;
    const nt::Caller caller = wdk::kernel_caller();
    const se::DescriptorParts parts = nt::descriptor_of(caller, *wdk::object_or_bug_check(body), all);
    if (!parts.owner) return STATUS_SUCCESS;  // "NULL if the object has no security descriptor"
    *descriptor = wdk::copy_to_pool(parts.to_self_relative());
    *is_allocated = TRUE;
    return *descriptor ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
}

void NTAPI ObReleaseObjectSecurity(PSECURITY_DESCRIPTOR descriptor, BOOLEAN is_allocated) {
    PW_IRQL_LIMIT(ObReleaseObjectSecurity);
    if (descriptor && is_allocated) wdk::memory_manager().pool().free(descriptor, 0);
}

}  // extern "C"
