// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines that ask about objects, and symbolic links.
#include <nt/zw.h>

#include "kernel/dispatcher/kernel_time.h"
#include "kernel/services/object_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/query_buffer.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }

NTSTATUS query_basic(HANDLE handle, PVOID information, ULONG bytes, PULONG returned) {
    // Both structures that go by this class begin alike; the caller's length tells which one it has.
    static_assert(sizeof(PUBLIC_OBJECT_BASIC_INFORMATION) == sizeof(OBJECT_BASIC_INFORMATION));
    if (returned) *returned = sizeof(PUBLIC_OBJECT_BASIC_INFORMATION);
    if (bytes != sizeof(PUBLIC_OBJECT_BASIC_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
    auto basic = nt::query_object(kernel_caller(), value_of(handle));
    if (!basic) return basic.status().code();
    auto* out = static_cast<PPUBLIC_OBJECT_BASIC_INFORMATION>(information);
    *out = {};
    out->Attributes = basic->attributes;
    out->GrantedAccess = basic->granted_access;
    out->HandleCount = basic->handle_count;
    out->PointerCount = basic->pointer_count;
    return STATUS_SUCCESS;
}

NTSTATUS query_type(HANDLE handle, PVOID information, ULONG bytes, PULONG returned) {
    auto type = nt::query_object_type(kernel_caller(), value_of(handle));
    if (!type) return type.status().code();
    // What is documented is TypeName; of the rest what a type has here, the statistics are zero.
    const NTSTATUS status = wdk::put_text((*type)->name, information, sizeof(OBJECT_TYPE_INFORMATION), bytes, returned);
    if (!NT_SUCCESS(status)) return status;
    auto* out = static_cast<POBJECT_TYPE_INFORMATION>(information);
    const UNICODE_STRING name = out->TypeName;
    *out = {};
    out->TypeName = name;
    out->GenericMapping = (*type)->generic_mapping;
    out->ValidAccessMask = (*type)->valid_access;
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwQueryObject(HANDLE handle, OBJECT_INFORMATION_CLASS information_class, PVOID information, ULONG bytes,
                             PULONG returned) {
    PW_IRQL_LIMIT(ZwQueryObject);
    switch (information_class) {
        case ObjectBasicInformation:
            return query_basic(handle, information, bytes, returned);
        case ObjectTypeInformation:
            return query_type(handle, information, bytes, returned);
        case ObjectNameInformation: {
            auto name = nt::query_object_name(kernel_caller(), value_of(handle));
            return name ? wdk::put_name(*name, information, bytes, returned) : name.status().code();
        }
        default:
            return STATUS_INVALID_INFO_CLASS;
    }
}

NTSTATUS NTAPI ZwCreateSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes,
                                          PUNICODE_STRING target) {
    PW_IRQL_LIMIT(ZwCreateSymbolicLinkObject);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    const nt::NamedHandle link = nt::create_symbolic_link(caller, *name, access, wdk::text_of(target));
    if (link.status.is_success()) *handle = reinterpret_cast<HANDLE>(link.handle);
    return link.status.code();
}

NTSTATUS NTAPI ZwOpenSymbolicLinkObject(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenSymbolicLinkObject);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto link = nt::open_by_name(caller, *name, ob::symbolic_link_type, access);
    if (!link) return link.status().code();
    *handle = reinterpret_cast<HANDLE>(*link);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwQuerySymbolicLinkObject(HANDLE link, PUNICODE_STRING target, PULONG returned) {
    PW_IRQL_LIMIT(ZwQuerySymbolicLinkObject);
    auto text = nt::query_symbolic_link(kernel_caller(), value_of(link));
    return text ? wdk::put_string(*text, target, returned) : text.status().code();
}

NTSTATUS NTAPI ZwMakePermanentObject(HANDLE handle) {
    PW_IRQL_LIMIT(ZwMakePermanentObject);
    auto object = kernel_caller().reference(value_of(handle), nullptr, 0);
    if (!object) return object.status().code();
    (*object)->set_permanent(true);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwQuerySystemTime(PLARGE_INTEGER time) {
    time->QuadPart = ke::system_time();
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwQueryPerformanceCounter(PLARGE_INTEGER counter, PLARGE_INTEGER frequency) {
    counter->QuadPart = ke::performance_counter();
    if (frequency) frequency->QuadPart = ke::performance_frequency;
    return STATUS_SUCCESS;
}

}  // extern "C"
