// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/registry_calls.h"

#include <algorithm>

#include "kernel/registry/limits.h"
#include "kernel/services/registry_services.h"

namespace pw::nt {
namespace {

// A value's name, read where it is.
Result<std::u16string> name_at(const Caller& caller, WireAddress address, std::uint32_t bytes) {
    if (bytes % sizeof(char16_t) != 0 || bytes / sizeof(char16_t) > cm::max_value_name_units) return STATUS_INVALID_PARAMETER;
    std::u16string name(bytes / sizeof(char16_t), u'\0');
    if (bytes != 0) {
        PW_TRY(caller.kernel.memory().user_memory().copy_from_user(caller.thread.process().address_space(), name.data(), address.value,
                                                                   bytes));
    }
    return name;
}

// As much of an answer as fits, into the caller's buffer.
Status put(const Caller& caller, Result<cm::Information>&& answer, WireAddress buffer, std::uint32_t length_bytes,
           std::uint32_t* result_bytes) {
    if (!answer) return answer.status();
    *result_bytes = static_cast<std::uint32_t>(answer->bytes.size());
    const Status status = answer->status_for(length_bytes);
    if (status == Status(STATUS_BUFFER_TOO_SMALL)) return status;
    const std::size_t bytes = std::min<std::size_t>(length_bytes, answer->bytes.size());
    PW_TRY(caller.kernel.memory().user_memory().copy_to_user(caller.thread.process().address_space(), buffer.value,
                                                             answer->bytes.data(), bytes));
    return status;
}

}  // namespace

Status serve_call(const Caller& caller, CallFrame& frame, const NtCreateKeyIn& in, NtCreateKeyOut& out) {
    PW_TRY_ASSIGN(const ObjectName name, decode_name(caller, frame, in.object));
    ULONG disposition = 0;
    const NamedHandle created =
        create_key(caller, name, in.desired_access, decode_text(frame, in.class_name), in.options, &disposition);
    out.handle.value = created.handle;
    out.disposition = disposition;
    return created.status;
}

Status serve_call(const Caller& caller, CallFrame& frame, const NtOpenKeyExIn& in, NtOpenKeyExOut& out) {
    PW_TRY_ASSIGN(const ObjectName name, decode_name(caller, frame, in.object));
    PW_TRY_ASSIGN(out.handle.value, open_key(caller, name, in.desired_access, in.options));
    return STATUS_SUCCESS;
}

Status serve_call(const Caller& caller, CallFrame&, const NtDeleteKeyIn& in, NtDeleteKeyOut&) { return delete_key(caller, in.key.value); }

Status serve_call(const Caller& caller, CallFrame&, const NtFlushKeyIn& in, NtFlushKeyOut&) { return flush_key(caller, in.key.value); }

Status serve_call(const Caller& caller, CallFrame&, const NtQueryKeyIn& in, NtQueryKeyOut& out) {
    return put(caller, query_key(caller, in.key.value, in.information_class), in.buffer, in.length_bytes, &out.result_bytes);
}

Status serve_call(const Caller& caller, CallFrame&, const NtEnumerateKeyIn& in, NtEnumerateKeyOut& out) {
    return put(caller, enumerate_key(caller, in.key.value, in.index, in.information_class), in.buffer, in.length_bytes,
               &out.result_bytes);
}

Status serve_call(const Caller& caller, CallFrame&, const NtQueryValueKeyIn& in, NtQueryValueKeyOut& out) {
    PW_TRY_ASSIGN(const std::u16string name, name_at(caller, in.name, in.name_bytes));
    return put(caller, query_value_key(caller, in.key.value, name, in.information_class), in.buffer, in.length_bytes,
               &out.result_bytes);
}

Status serve_call(const Caller& caller, CallFrame&, const NtEnumerateValueKeyIn& in, NtEnumerateValueKeyOut& out) {
    return put(caller, enumerate_value_key(caller, in.key.value, in.index, in.information_class), in.buffer, in.length_bytes,
               &out.result_bytes);
}

Status serve_call(const Caller& caller, CallFrame&, const NtSetValueKeyIn& in, NtSetValueKeyOut&) {
    PW_TRY_ASSIGN(const std::u16string name, name_at(caller, in.name, in.name_bytes));
    if (in.data_bytes > cm::max_value_bytes) return STATUS_INVALID_PARAMETER;
    std::vector<std::byte> data(in.data_bytes);
    if (in.data_bytes != 0) {
        PW_TRY(caller.kernel.memory().user_memory().copy_from_user(caller.thread.process().address_space(), data.data(), in.data.value,
                                                                   in.data_bytes));
    }
    return set_value_key(caller, in.key.value, name, in.type, data);
}

Status serve_call(const Caller& caller, CallFrame&, const NtDeleteValueKeyIn& in, NtDeleteValueKeyOut&) {
    PW_TRY_ASSIGN(const std::u16string name, name_at(caller, in.name, in.name_bytes));
    return delete_value_key(caller, in.key.value, name);
}

}  // namespace pw::nt
