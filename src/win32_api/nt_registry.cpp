// SPDX-License-Identifier: Apache-2.0
// The native calls of registry keys and values.
#include "win32_api/system_call.h"

using namespace pw::win32;

namespace {

// A value's name: the kernel reads it where it is. Null is the default value.
template <typename In>
NTSTATUS take_name(const UNICODE_STRING* source, In& in) {
    UNICODE_STRING name{};
    if (source != nullptr && !read_user(source, &name)) return STATUS_ACCESS_VIOLATION;
    in.name = wire_address(name.Buffer);
    in.name_bytes = name.Length;
    return STATUS_SUCCESS;
}

// The answer's length, which the caller gets with every status that has one.
NTSTATUS finish(NTSTATUS status, std::uint32_t result_bytes, PULONG result_length) {
    if (!NT_SUCCESS(status) && status != STATUS_BUFFER_OVERFLOW && status != STATUS_BUFFER_TOO_SMALL) return status;
    return write_user(result_length, ULONG{result_bytes}) ? status : STATUS_ACCESS_VIOLATION;
}

template <typename Call>
NTSTATUS enumerate(Call& call, HANDLE key, ULONG index, ULONG information_class, PVOID buffer, ULONG length, PULONG result_length) {
    if (!probe_result(result_length)) return STATUS_ACCESS_VIOLATION;
    call.in.key = wire_handle(key);
    call.in.index = index;
    call.in.information_class = information_class;
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length;
    const NTSTATUS status = call.invoke();
    return finish(status, call.out.result_bytes, result_length);
}

}  // namespace

NTSTATUS NTAPI NtCreateKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG, PUNICODE_STRING class_name,
                           ULONG options, PULONG disposition) {
    PW_SYSTEM_CALL(NtCreateKey);
    if (!probe_result(handle) || (disposition != nullptr && !probe_result(disposition))) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = access;
    call.in.options = options;
    PW_NT_TRY(call.payload.add_object(attributes, &call.in.object));
    if (class_name != nullptr) PW_NT_TRY(call.payload.add_string(class_name, &call.in.class_name));
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return status;
    const bool stored = write_user(handle, handle_of(call.out.handle)) && write_optional(disposition, ULONG{call.out.disposition});
    return stored ? status : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NTAPI NtOpenKeyEx(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG options) {
    PW_SYSTEM_CALL(NtOpenKeyEx);
    if (!probe_result(handle)) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = access;
    call.in.options = options;
    PW_NT_TRY(call.payload.add_object(attributes, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return status;
    return write_user(handle, handle_of(call.out.handle)) ? status : STATUS_ACCESS_VIOLATION;
}

NTSTATUS NTAPI NtOpenKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    return NtOpenKeyEx(handle, access, attributes, 0);
}

NTSTATUS NTAPI NtDeleteKey(HANDLE key) {
    PW_SYSTEM_CALL(NtDeleteKey);
    call.in.key = wire_handle(key);
    return call.invoke();
}

NTSTATUS NTAPI NtFlushKey(HANDLE key) {
    PW_SYSTEM_CALL(NtFlushKey);
    call.in.key = wire_handle(key);
    return call.invoke();
}

NTSTATUS NTAPI NtQueryKey(HANDLE key, KEY_INFORMATION_CLASS information_class, PVOID buffer, ULONG length, PULONG result_length) {
    PW_SYSTEM_CALL(NtQueryKey);
    if (!probe_result(result_length)) return STATUS_ACCESS_VIOLATION;
    call.in.key = wire_handle(key);
    call.in.information_class = information_class;
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length;
    const NTSTATUS status = call.invoke();
    return finish(status, call.out.result_bytes, result_length);
}

NTSTATUS NTAPI NtEnumerateKey(HANDLE key, ULONG index, KEY_INFORMATION_CLASS information_class, PVOID buffer, ULONG length,
                              PULONG result_length) {
    PW_SYSTEM_CALL(NtEnumerateKey);
    return enumerate(call, key, index, information_class, buffer, length, result_length);
}

NTSTATUS NTAPI NtEnumerateValueKey(HANDLE key, ULONG index, KEY_VALUE_INFORMATION_CLASS information_class, PVOID buffer, ULONG length,
                                   PULONG result_length) {
    PW_SYSTEM_CALL(NtEnumerateValueKey);
    return enumerate(call, key, index, information_class, buffer, length, result_length);
}

NTSTATUS NTAPI NtQueryValueKey(HANDLE key, PUNICODE_STRING name, KEY_VALUE_INFORMATION_CLASS information_class, PVOID buffer,
                               ULONG length, PULONG result_length) {
    PW_SYSTEM_CALL(NtQueryValueKey);
    if (!probe_result(result_length)) return STATUS_ACCESS_VIOLATION;
    PW_NT_TRY(take_name(name, call.in));
    call.in.key = wire_handle(key);
    call.in.information_class = information_class;
    call.in.buffer = wire_address(buffer);
    call.in.length_bytes = length;
    const NTSTATUS status = call.invoke();
    return finish(status, call.out.result_bytes, result_length);
}

NTSTATUS NTAPI NtSetValueKey(HANDLE key, PUNICODE_STRING name, ULONG, ULONG type, PVOID data, ULONG bytes) {
    PW_SYSTEM_CALL(NtSetValueKey);
    PW_NT_TRY(take_name(name, call.in));
    call.in.key = wire_handle(key);
    call.in.type = type;
    call.in.data = wire_address(data);
    call.in.data_bytes = bytes;
    return call.invoke();
}

NTSTATUS NTAPI NtDeleteValueKey(HANDLE key, PUNICODE_STRING name) {
    PW_SYSTEM_CALL(NtDeleteValueKey);
    PW_NT_TRY(take_name(name, call.in));
    call.in.key = wire_handle(key);
    return call.invoke();
}
