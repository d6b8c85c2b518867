// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of registry keys and values.
#include <nt/zw.h>

#include <algorithm>
#include <cstring>

#include "kernel/services/registry_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;
using wdk::text_of;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

// As much of an answer as fits.
NTSTATUS put(Result<cm::Information>&& answer, PVOID buffer, ULONG length, PULONG result_length) {
    if (!answer) return answer.status().code();
    *result_length = static_cast<ULONG>(answer->bytes.size());
    const Status status = answer->status_for(length);
    if (status != Status(STATUS_BUFFER_TOO_SMALL)) {
        std::memcpy(buffer, answer->bytes.data(), std::min<std::size_t>(length, answer->bytes.size()));
    }
    return status.code();
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwCreateKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG, PUNICODE_STRING class_name,
                           ULONG options, PULONG disposition) {
    PW_IRQL_LIMIT(ZwCreateKey);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    ULONG what = 0;
    const nt::NamedHandle created = nt::create_key(caller, *name, access, text_of(class_name), options, &what);
    if (!created.status.is_success()) return created.status.code();
    *handle = reinterpret_cast<HANDLE>(created.handle);
    if (disposition) *disposition = what;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwOpenKeyEx(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, ULONG options) {
    PW_IRQL_LIMIT(ZwOpenKeyEx);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto opened = nt::open_key(caller, *name, access, options);
    if (!opened) return opened.status().code();
    *handle = reinterpret_cast<HANDLE>(*opened);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwOpenKey(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenKey);
    return ZwOpenKeyEx(handle, access, attributes, 0);
}

NTSTATUS NTAPI ZwDeleteKey(HANDLE key) {
    PW_IRQL_LIMIT(ZwDeleteKey);
    return nt::delete_key(kernel_caller(), value_of(key)).code();
}

NTSTATUS NTAPI ZwFlushKey(HANDLE key) {
    PW_IRQL_LIMIT(ZwFlushKey);
    return nt::flush_key(kernel_caller(), value_of(key)).code();
}

NTSTATUS NTAPI ZwQueryKey(HANDLE key, KEY_INFORMATION_CLASS information_class, PVOID information, ULONG length, PULONG result_length) {
    PW_IRQL_LIMIT(ZwQueryKey);
    return put(nt::query_key(kernel_caller(), value_of(key), information_class), information, length, result_length);
}

NTSTATUS NTAPI ZwEnumerateKey(HANDLE key, ULONG index, KEY_INFORMATION_CLASS information_class, PVOID information, ULONG length,
                              PULONG result_length) {
    PW_IRQL_LIMIT(ZwEnumerateKey);
    return put(nt::enumerate_key(kernel_caller(), value_of(key), index, information_class), information, length, result_length);
}

NTSTATUS NTAPI ZwQueryValueKey(HANDLE key, PUNICODE_STRING name, KEY_VALUE_INFORMATION_CLASS information_class, PVOID information,
                               ULONG length, PULONG result_length) {
    PW_IRQL_LIMIT(ZwQueryValueKey);
    return put(nt::query_value_key(kernel_caller(), value_of(key), text_of(name), information_class), information, length,
               result_length);
}

NTSTATUS NTAPI ZwEnumerateValueKey(HANDLE key, ULONG index, KEY_VALUE_INFORMATION_CLASS information_class, PVOID information,
                                   ULONG length, PULONG result_length) {
    PW_IRQL_LIMIT(ZwEnumerateValueKey);
    return put(nt::enumerate_value_key(kernel_caller(), value_of(key), index, information_class), information, length, result_length);
}

NTSTATUS NTAPI ZwSetValueKey(HANDLE key, PUNICODE_STRING name, ULONG, ULONG type, PVOID data, ULONG bytes) {
    PW_IRQL_LIMIT(ZwSetValueKey);
    return nt::set_value_key(kernel_caller(), value_of(key), text_of(name), type, {static_cast<const std::byte*>(data), bytes}).code();
}

NTSTATUS NTAPI ZwDeleteValueKey(HANDLE key, PUNICODE_STRING name) {
    PW_IRQL_LIMIT(ZwDeleteValueKey);
    return nt::delete_value_key(kernel_caller(), value_of(key), text_of(name)).code();
}

}  // extern "C"
