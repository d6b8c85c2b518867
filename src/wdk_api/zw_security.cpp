// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of security descriptors, processes by number and tokens.
#include <nt/zw.h>

#include <cstring>

#include "kernel/security/token_information.h"
#include "kernel/services/process_services.h"
#include "kernel/services/security_services.h"
#include "security_format/descriptor_memory.h"
#include "security_format/token_layout.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

NTSTATUS put(Result<std::uint64_t>&& opened, PHANDLE handle) {
    if (!opened) return opened.status().code();
    *handle = reinterpret_cast<HANDLE>(*opened);
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor,
                                     ULONG length, PULONG needed) {
    PW_IRQL_LIMIT(ZwQuerySecurityObject);
    auto parts = nt::query_security(kernel_caller(), value_of(handle), information);
    if (!parts) return parts.status().code();
    return se::store_self_relative(*parts, descriptor, length, needed).code();
}

NTSTATUS NTAPI ZwSetSecurityObject(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor) {
    PW_IRQL_LIMIT(ZwSetSecurityObject);
    auto change = se::DescriptorParts::from_memory(descriptor);
    if (!change) return change.status().code();
    return nt::set_security(kernel_caller(), value_of(handle), information, *change).code();
}

NTSTATUS NTAPI ZwOpenProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PCLIENT_ID id) {
    PW_IRQL_LIMIT(ZwOpenProcess);
    if (!id) return STATUS_INVALID_PARAMETER;
    if (value_of(id->UniqueProcess) > 0xFFFFFFFF) return STATUS_INVALID_CID;
    if (id->UniqueThread) return STATUS_NOT_IMPLEMENTED;
    return put(nt::open_process(kernel_caller(), access, attributes ? attributes->Attributes : 0u,
                                static_cast<std::uint32_t>(value_of(id->UniqueProcess))),
               handle);
}

NTSTATUS NTAPI ZwOpenProcessTokenEx(HANDLE process, ACCESS_MASK access, ULONG attributes, PHANDLE token) {
    PW_IRQL_LIMIT(ZwOpenProcessTokenEx);
    return put(nt::open_process_token(kernel_caller(), value_of(process), access, attributes), token);
}

NTSTATUS NTAPI ZwOpenProcessToken(HANDLE process, ACCESS_MASK access, PHANDLE token) {
    PW_IRQL_LIMIT(ZwOpenProcessToken);
    return ZwOpenProcessTokenEx(process, access, 0, token);
}

NTSTATUS NTAPI ZwQueryInformationToken(HANDLE handle, TOKEN_INFORMATION_CLASS information_class, PVOID information, ULONG length,
                                       PULONG needed) {
    PW_IRQL_LIMIT(ZwQueryInformationToken);
    auto token = nt::reference_token(kernel_caller(), value_of(handle), information_class);
    if (!token) return token.status().code();
    auto answer = se::token_information(**token, information_class);
    if (!answer) return answer.status().code();
    *needed = static_cast<ULONG>(answer->size());
    if (length < answer->size()) return STATUS_BUFFER_TOO_SMALL;
    PW_CHECK(se::relocate_token_information(information_class, *answer, reinterpret_cast<std::uint64_t>(information)));
    std::memcpy(information, answer->data(), answer->size());
    return STATUS_SUCCESS;
}

}  // extern "C"
