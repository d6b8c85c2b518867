// SPDX-License-Identifier: Apache-2.0
// Façade: the Rtl routines of the registry.
#include <nt/ex.h>
#include <nt/rtl.h>
#include <nt/zw.h>

#include "kernel/registry/query_table.h"
#include "kernel/registry/relative_path.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"

using namespace pw;

namespace {

cm::Registry& registry() { return wdk::current_kernel().registry(); }

// The key, by path or (RTL_REGISTRY_HANDLE) by handle.
Result<Ref<cm::KeyObject>> key_of(ULONG relative_to, PCWSTR path) {
    if (relative_to & RTL_REGISTRY_HANDLE) {
        return wdk::kernel_caller().reference_as<cm::KeyObject>(reinterpret_cast<std::uint64_t>(path), 0);
    }
    PW_TRY_ASSIGN(const std::u16string absolute, cm::absolute_path(relative_to, path));
    return registry().find(nullptr, absolute);
}

std::u16string_view name_of(PCWSTR name) {
    return name ? std::u16string_view(reinterpret_cast<const char16_t*>(name)) : std::u16string_view();
}

void* allocate_string(std::size_t bytes) { return ExAllocatePoolWithTag(PagedPool, bytes, 0x53745267 /* "gRtS" */); }

}  // namespace

extern "C" {

NTSTATUS NTAPI RtlQueryRegistryValues(ULONG relative_to, PCWSTR path, PRTL_QUERY_REGISTRY_TABLE table, PVOID context, PVOID environment) {
    PW_IRQL_LIMIT(RtlQueryRegistryValues);
    auto key = key_of(relative_to, path);
    // "RTL_REGISTRY_OPTIONAL: the key is optional."
    if (!key) return (relative_to & RTL_REGISTRY_OPTIONAL) ? STATUS_SUCCESS : key.status().code();
    return cm::query_values(registry(), **key, table,
                            {.context = context, .environment = static_cast<const char16_t*>(environment), .allocate = allocate_string})
        .code();
}

NTSTATUS NTAPI RtlWriteRegistryValue(ULONG relative_to, PCWSTR path, PCWSTR name, ULONG type, PVOID data, ULONG bytes) {
    PW_IRQL_LIMIT(RtlWriteRegistryValue);
    auto key = key_of(relative_to, path);
    if (!key) return key.status().code();
    return registry().set_value(**key, name_of(name), type, {static_cast<const std::byte*>(data), bytes}).code();
}

NTSTATUS NTAPI RtlDeleteRegistryValue(ULONG relative_to, PCWSTR path, PCWSTR name) {
    PW_IRQL_LIMIT(RtlDeleteRegistryValue);
    auto key = key_of(relative_to, path);
    if (!key) return key.status().code();
    return registry().remove_value(**key, name_of(name)).code();
}

NTSTATUS NTAPI RtlCheckRegistryKey(ULONG relative_to, PWSTR path) {
    PW_IRQL_LIMIT(RtlCheckRegistryKey);
    return key_of(relative_to, path).status().code();
}

NTSTATUS NTAPI RtlCreateRegistryKey(ULONG relative_to, PWSTR path) {
    PW_IRQL_LIMIT(RtlCreateRegistryKey);
    if (relative_to & RTL_REGISTRY_HANDLE) return STATUS_INVALID_PARAMETER;
    auto absolute = cm::absolute_path(relative_to, path);
    if (!absolute) return absolute.status().code();
    return registry().create(nullptr, *absolute, {}).status().code();
}

}  // extern "C"
