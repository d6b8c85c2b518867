// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/security_calls.h"

#include <cstring>

#include "kernel/security/token_information.h"
#include "kernel/services/security_services.h"

namespace pw::nt {
namespace {

// Bytes of an answer into the reply, when they fit into what the caller has and into the reply itself.
Status put_bytes(CallFrame& frame, const std::vector<std::byte>& bytes, std::uint32_t length_bytes, std::uint32_t& needed_bytes) {
    needed_bytes = static_cast<std::uint32_t>(bytes.size());
    if (length_bytes < bytes.size()) return STATUS_BUFFER_TOO_SMALL;
    if (frame.reply_payload_capacity_bytes < bytes.size()) return STATUS_INSUFFICIENT_RESOURCES;
    std::memcpy(frame.reply_payload, bytes.data(), bytes.size());
    frame.reply_payload_bytes = needed_bytes;
    return STATUS_SUCCESS;
}

}  // namespace

Status serve_call(const Caller& caller, CallFrame& frame, const NtQuerySecurityObjectIn& in, NtQuerySecurityObjectOut& out) {
    PW_TRY_ASSIGN(const se::DescriptorParts parts, query_security(caller, in.handle.value, in.information));
    return put_bytes(frame, parts.to_self_relative(), in.length_bytes, out.needed_bytes);
}

Status serve_call(const Caller& caller, CallFrame& frame, const NtSetSecurityObjectIn& in, NtSetSecurityObjectOut&) {
    // Copied before it is looked at.
    std::vector<std::byte> bytes(in.descriptor.length_bytes);
    frame.payload.copy_to(bytes.data(), in.descriptor.offset, in.descriptor.length_bytes);
    PW_TRY_ASSIGN(const se::DescriptorParts change, se::DescriptorParts::from_self_relative(bytes));
    return set_security(caller, in.handle.value, in.information, change);
}

Status serve_call(const Caller& caller, CallFrame&, const NtOpenProcessTokenIn& in, NtOpenProcessTokenOut& out) {
    PW_TRY_ASSIGN(out.handle.value, open_process_token(caller, in.process.value, in.desired_access, in.attributes));
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame& frame, const NtQueryInformationTokenIn& in, NtQueryInformationTokenOut& out) {
    const auto information_class = static_cast<TOKEN_INFORMATION_CLASS>(in.information_class);
    PW_TRY_ASSIGN(const Ref<se::Token> token, reference_token(caller, in.token.value, information_class));
    PW_TRY_ASSIGN(const std::vector<std::byte> answer, se::token_information(*token, information_class));
    return put_bytes(frame, answer, in.length_bytes, out.needed_bytes);
}

Status serve_call(const Caller& caller, CallFrame&, const NtAdjustPrivilegesTokenIn& in, NtAdjustPrivilegesTokenOut& out) {
    return adjust_privileges(caller, in.token.value,
                             {.enable = in.disable_all.value ? 0 : in.enable,
                              .disable = in.disable_all.value ? ~se::PrivilegeSet{0} : in.disable,
                              .names_unknown_ones = in.names_unknown_ones.value != 0},
                             &out.changed, &out.enabled_before);
}

}  // namespace pw::nt
