// SPDX-License-Identifier: Apache-2.0
// Security descriptors by handle, processes by number, tokens.
#include <vector>

#include "security_format/token_layout.h"
#include "win32_api/system_call.h"

using namespace pw::win32;

namespace {

// The reply's bytes into the caller's buffer. STATUS_ACCESS_VIOLATION.
NTSTATUS put_reply(NTSTATUS status, std::span<const std::byte> reply, void* buffer, std::uint32_t needed, PULONG target) {
    if ((NT_SUCCESS(status) || status == STATUS_BUFFER_TOO_SMALL) && !write_user(target, ULONG{needed})) {
        return STATUS_ACCESS_VIOLATION;
    }
    if (!NT_SUCCESS(status)) return status;
    return pw_guarded_copy(buffer, reply.data(), reply.size(), nullptr) == 0 ? status : STATUS_ACCESS_VIOLATION;
}

}  // namespace

NTSTATUS NTAPI NtQuerySecurityObject(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor,
                                     ULONG length, PULONG needed) {
    PW_SYSTEM_CALL(NtQuerySecurityObject);
    if (!probe_result(needed)) return STATUS_ACCESS_VIOLATION;
    call.in.handle = wire_handle(handle);
    call.in.information = information;
    call.in.length_bytes = length;
    const NTSTATUS status = call.invoke();
    return put_reply(status, call.reply(), descriptor, call.out.needed_bytes, needed);
}

NTSTATUS NTAPI NtSetSecurityObject(HANDLE handle, SECURITY_INFORMATION information, PSECURITY_DESCRIPTOR descriptor) {
    PW_SYSTEM_CALL(NtSetSecurityObject);
    call.in.handle = wire_handle(handle);
    call.in.information = information;
    PW_NT_TRY(call.payload.add_security(descriptor, &call.in.descriptor));
    return call.invoke();
}

NTSTATUS NTAPI NtOpenProcess(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES object, PCLIENT_ID id) {
    PW_SYSTEM_CALL(NtOpenProcess);
    CLIENT_ID client{};
    OBJECT_ATTRIBUTES attributes{};
    if (!probe_result(handle) || !read_user(id, &client)) return STATUS_ACCESS_VIOLATION;
    if (object != nullptr && !read_user(object, &attributes)) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = access;
    call.in.attributes = attributes.Attributes;
    const auto process_id = reinterpret_cast<std::uint64_t>(client.UniqueProcess);
    if (process_id > 0xFFFFFFFF) return STATUS_INVALID_CID;
    if (client.UniqueThread != nullptr) return STATUS_NOT_IMPLEMENTED;
    call.in.process_id = static_cast<std::uint32_t>(process_id);
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtOpenProcessTokenEx(HANDLE process, ACCESS_MASK access, ULONG attributes, PHANDLE token) {
    PW_SYSTEM_CALL(NtOpenProcessToken);
    if (!probe_result(token)) return STATUS_ACCESS_VIOLATION;
    call.in.process = wire_handle(process);
    call.in.desired_access = access;
    call.in.attributes = attributes;
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(token, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtOpenProcessToken(HANDLE process, ACCESS_MASK access, PHANDLE token) {
    return NtOpenProcessTokenEx(process, access, 0, token);
}

NTSTATUS NTAPI NtQueryInformationToken(HANDLE token, TOKEN_INFORMATION_CLASS information_class, PVOID information, ULONG length,
                                       PULONG needed) {
    PW_SYSTEM_CALL(NtQueryInformationToken);
    if (!probe_result(needed)) return STATUS_ACCESS_VIOLATION;
    call.in.token = wire_handle(token);
    call.in.information_class = static_cast<std::uint32_t>(information_class);
    call.in.length_bytes = length;
    const NTSTATUS status = call.invoke();
    std::vector<std::byte> answer(call.reply().begin(), call.reply().end());
    const auto base = reinterpret_cast<std::uint64_t>(information);
    if (NT_SUCCESS(status) && !pw::se::relocate_token_information(information_class, answer, base)) {
        return STATUS_INTERNAL_ERROR;
    }
    return put_reply(status, answer, information, call.out.needed_bytes, needed);
}
