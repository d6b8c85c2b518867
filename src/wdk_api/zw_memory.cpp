// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines of sections and virtual memory.
#include <nt/zw.h>

#include "kernel/services/file_services.h"
#include "kernel/services/section_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;
using wdk::kernel_caller;

namespace {

std::uint64_t value_of(HANDLE handle) { return reinterpret_cast<std::uint64_t>(handle); }
std::uint64_t address_of(PVOID address) { return reinterpret_cast<std::uint64_t>(address); }

}  // namespace

extern "C" {

NTSTATUS NTAPI ZwCreateSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes, PLARGE_INTEGER maximum,
                               ULONG protection, ULONG allocation_attributes, HANDLE file) {
    PW_IRQL_LIMIT(ZwCreateSection);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    const nt::NamedHandle section =
        nt::create_section(caller, *name,
                           {.access = access,
                            .page_protection = protection,
                            .allocation_attributes = allocation_attributes,
                            .maximum_bytes = maximum ? static_cast<std::uint64_t>(maximum->QuadPart) : 0,
                            .file = value_of(file)});
    if (section.status.is_success()) *handle = reinterpret_cast<HANDLE>(section.handle);
    return section.status.code();
}

NTSTATUS NTAPI ZwOpenSection(PHANDLE handle, ACCESS_MASK access, POBJECT_ATTRIBUTES attributes) {
    PW_IRQL_LIMIT(ZwOpenSection);
    const nt::Caller caller = kernel_caller();
    auto name = wdk::name_of(caller, attributes);
    if (!name) return name.status().code();
    auto section = nt::open_by_name(caller, *name, ob::section_type, access);
    if (!section) return section.status().code();
    *handle = reinterpret_cast<HANDLE>(*section);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwMapViewOfSection(HANDLE section, HANDLE process, PVOID* base, ULONG_PTR, SIZE_T commit_bytes,
                                  PLARGE_INTEGER offset, PSIZE_T view_bytes, SECTION_INHERIT, ULONG allocation_type,
                                  ULONG protection) {
    PW_IRQL_LIMIT(ZwMapViewOfSection);
    auto view = nt::map_view_of_section(kernel_caller(),
                                        {.section = value_of(section),
                                         .process = value_of(process),
                                         .base = address_of(*base),
                                         .commit_bytes = commit_bytes,
                                         .section_offset = offset ? static_cast<std::uint64_t>(offset->QuadPart) : 0,
                                         .view_bytes = *view_bytes,
                                         .allocation_type = allocation_type,
                                         .page_protection = protection});
    if (!view) return view.status().code();
    *base = reinterpret_cast<PVOID>(view->base);
    *view_bytes = view->length_bytes;
    if (offset) offset->QuadPart = static_cast<LONGLONG>(view->offset_bytes);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwUnmapViewOfSection(HANDLE process, PVOID base) {
    PW_IRQL_LIMIT(ZwUnmapViewOfSection);
    return nt::unmap_view_of_section(kernel_caller(), value_of(process), address_of(base)).code();
}

NTSTATUS NTAPI ZwQuerySection(HANDLE section, SECTION_INFORMATION_CLASS information_class, PVOID information, SIZE_T length,
                              PSIZE_T returned) {
    PW_IRQL_LIMIT(ZwQuerySection);
    if (information_class != SectionBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length < sizeof(SECTION_BASIC_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
    std::uint32_t attributes = 0;
    std::uint64_t maximum = 0;
    const Status status = nt::query_section(kernel_caller(), value_of(section), &attributes, &maximum);
    if (status.is_failure()) return status.code();
    auto* basic = static_cast<SECTION_BASIC_INFORMATION*>(information);
    *basic = {};
    basic->AllocationAttributes = attributes;
    basic->MaximumSize.QuadPart = static_cast<LONGLONG>(maximum);
    if (returned) *returned = sizeof(SECTION_BASIC_INFORMATION);
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwExtendSection(HANDLE section, PLARGE_INTEGER new_size) {
    PW_IRQL_LIMIT(ZwExtendSection);
    if (new_size->QuadPart < 0) return STATUS_INVALID_PARAMETER_2;
    auto size = static_cast<std::uint64_t>(new_size->QuadPart);
    const Status status = nt::extend_section(kernel_caller(), value_of(section), &size);
    if (status.is_success()) new_size->QuadPart = static_cast<LONGLONG>(size);
    return status.code();
}

NTSTATUS NTAPI ZwAllocateVirtualMemory(HANDLE process, PVOID* base, ULONG_PTR, PSIZE_T region_bytes, ULONG type,
                                       ULONG protection) {
    PW_IRQL_LIMIT(ZwAllocateVirtualMemory);
    std::uint64_t address = address_of(*base);
    std::uint64_t bytes = *region_bytes;
    const Status status =
        nt::allocate_virtual_memory(kernel_caller(), value_of(process), &address, &bytes, type, protection);
    if (status.is_failure()) return status.code();
    *base = reinterpret_cast<PVOID>(address);
    *region_bytes = bytes;
    return STATUS_SUCCESS;
}

NTSTATUS NTAPI ZwFreeVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG type) {
    PW_IRQL_LIMIT(ZwFreeVirtualMemory);
    std::uint64_t address = address_of(*base);
    std::uint64_t bytes = *region_bytes;
    const Status status = nt::free_virtual_memory(kernel_caller(), value_of(process), &address, &bytes, type);
    if (status.is_failure()) return status.code();
    *base = reinterpret_cast<PVOID>(address);
    *region_bytes = bytes;
    return STATUS_SUCCESS;
}

}  // extern "C"
