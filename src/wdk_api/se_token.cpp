// SPDX-License-Identifier: Apache-2.0
// Façade: tokens (SeQueryInformationToken, PsReferencePrimaryToken …).
#include <nt/ob.h>
#include <nt/ps.h>
#include <nt/se.h>

#include "kernel/security/token_information.h"
#include "security_format/token_layout.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/pool_copy.h"

using namespace pw;

namespace {

POBJECT_TYPE token_type = const_cast<POBJECT_TYPE>(&ob::token_type);

// What is no token is the driver's error, as any wrong object.
se::Token& token_of(PACCESS_TOKEN body) {
    ob::Object* object = wdk::object_or_bug_check(body);
    auto* token = ob::object_cast<se::Token>(object);
    return token ? *token : wdk::current_thread().process().token();
}

}  // namespace

extern "C" {

POBJECT_TYPE* SeTokenObjectType = &token_type;

PACCESS_TOKEN NTAPI PsReferencePrimaryToken(PEPROCESS process) {
    PW_IRQL_LIMIT(PsReferencePrimaryToken);
    se::Token& token = ps::Process::from_nt(process)->token();
    token.add_ref();
    return token.body();
}

void NTAPI PsDereferencePrimaryToken(PACCESS_TOKEN token) {
    PW_IRQL_LIMIT(PsDereferencePrimaryToken);
    wdk::object_or_bug_check(token)->release();
}

// No thread impersonates: documented as NULL.
PACCESS_TOKEN NTAPI PsReferenceImpersonationToken(PETHREAD, PBOOLEAN, PBOOLEAN, SECURITY_IMPERSONATION_LEVEL*) {
    PW_IRQL_LIMIT(PsReferenceImpersonationToken);
    return nullptr;
}

void NTAPI PsDereferenceImpersonationToken(PACCESS_TOKEN token) {
    PW_IRQL_LIMIT(PsDereferenceImpersonationToken);
    if (token) wdk::object_or_bug_check(token)->release();
}

NTSTATUS NTAPI SeQueryInformationToken(PACCESS_TOKEN token, TOKEN_INFORMATION_CLASS information_class, PVOID* information) {
    PW_IRQL_LIMIT(SeQueryInformationToken);
    *information = nullptr;
    auto answer = se::token_information(token_of(token), information_class);
    if (!answer) return answer.status().code();
    PVOID const block = wdk::copy_to_pool(*answer);
    if (!block) return STATUS_INSUFFICIENT_RESOURCES;
    const std::span<std::byte> bytes(static_cast<std::byte*>(block), answer->size());
    PW_CHECK(se::relocate_token_information(information_class, bytes, reinterpret_cast<std::uint64_t>(block)));
    *information = block;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI SeQueryAuthenticationIdToken(PACCESS_TOKEN token, PLUID id) {
    PW_IRQL_LIMIT(SeQueryAuthenticationIdToken);
    *id = token_of(token).authentication_id();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI SeQuerySessionIdToken(PACCESS_TOKEN, PULONG session_id) {
    PW_IRQL_LIMIT(SeQuerySessionIdToken);
    *session_id = 0;  // there is one session
    return STATUS_SUCCESS;
}

BOOLEAN NTAPI SeTokenIsAdmin(PACCESS_TOKEN token) {
    PW_IRQL_LIMIT(SeTokenIsAdmin);
    return token_of(token).is_administrator();
}
BOOLEAN NTAPI SeTokenIsRestricted(PACCESS_TOKEN) {
    PW_IRQL_LIMIT(SeTokenIsRestricted);
    return FALSE;
}  // there are no restricted tokens
TOKEN_TYPE NTAPI SeTokenType(PACCESS_TOKEN) {
    PW_IRQL_LIMIT(SeTokenType);
    return TokenPrimary;
}
SECURITY_IMPERSONATION_LEVEL NTAPI SeTokenImpersonationLevel(PACCESS_TOKEN) {
    PW_IRQL_LIMIT(SeTokenImpersonationLevel);
    return SecurityAnonymous;
}

}  // extern "C"
