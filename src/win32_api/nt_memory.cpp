// SPDX-License-Identifier: Apache-2.0
// Sections, views and virtual memory.
#include "win32_api/kernel_file.h"
#include "win32_api/memory_region.h"
#include "win32_api/system_call.h"

using namespace pw::win32;

NTSTATUS NTAPI NtCreateSection(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object,
                               PLARGE_INTEGER maximum_size, ULONG page_protection, ULONG allocation_attributes, HANDLE file) {
    PW_SYSTEM_CALL(NtCreateSection);
    if (!probe_result(handle)) return STATUS_ACCESS_VIOLATION;
    if (maximum_size != nullptr) {
        LARGE_INTEGER size{};
        if (!read_user(maximum_size, &size)) return STATUS_ACCESS_VIOLATION;
        call.in.maximum_bytes = static_cast<std::uint64_t>(size.QuadPart);
    }
    call.in.desired_access = desired_access;
    call.in.page_protection = page_protection;
    call.in.allocation_attributes = allocation_attributes;
    // A file that this process serves itself: the kernel gets it for the time of the call; the section keeps it afterwards.
    KernelFile kernel_file(file);
    PW_NT_TRY(kernel_file.status());
    call.in.file = wire_handle(kernel_file.handle());
    PW_NT_TRY(call.payload.add_object(object, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtOpenSection(PHANDLE handle, ACCESS_MASK desired_access, POBJECT_ATTRIBUTES object) {
    PW_SYSTEM_CALL(NtOpenSection);
    if (!probe_result(handle)) return STATUS_ACCESS_VIOLATION;
    call.in.desired_access = desired_access;
    PW_NT_TRY(call.payload.add_object(object, &call.in.object));
    const NTSTATUS status = call.invoke();
    if (NT_SUCCESS(status) && !write_user(handle, handle_of(call.out.handle))) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtQuerySection(HANDLE section, SECTION_INFORMATION_CLASS information_class, PVOID information,
                              SIZE_T length_bytes, PSIZE_T return_length) {
    PW_SYSTEM_CALL(NtQuerySection);
    if (information_class != SectionBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length_bytes < sizeof(SECTION_BASIC_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
    call.in.section = wire_handle(section);
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return status;
    SECTION_BASIC_INFORMATION basic{};
    basic.BaseAddress = pointer_of(call.out.base);
    basic.AllocationAttributes = call.out.allocation_attributes;
    basic.MaximumSize.QuadPart = static_cast<LONGLONG>(call.out.maximum_bytes);
    const bool ok = write_user(static_cast<SECTION_BASIC_INFORMATION*>(information), basic) &&
                    write_optional(return_length, SIZE_T{sizeof basic});
    return ok ? status : STATUS_ACCESS_VIOLATION;
}

namespace {

struct ViewCall {
    HANDLE section;
    HANDLE process;
    SIZE_T commit_bytes = 0;
    ULONG inherit = ViewShare;
    ULONG allocation_type = 0;
    ULONG page_protection = 0;
    pw::nt::WireAddressRequirements where{};
};

NTSTATUS map_view(const ViewCall& view, PVOID* base, PLARGE_INTEGER section_offset, PSIZE_T view_bytes) {
    PW_SYSTEM_CALL(NtMapViewOfSection);
    Region region;
    PW_NT_TRY(take_region(base, view_bytes, &region));
    LARGE_INTEGER offset{};
    if (section_offset != nullptr && (!probe_result(section_offset) || !read_user(section_offset, &offset))) {
        return STATUS_ACCESS_VIOLATION;
    }
    call.in.section = wire_handle(view.section);
    call.in.process = wire_handle(view.process);
    call.in.base = wire_address(region.base);
    call.in.commit_bytes = view.commit_bytes;
    call.in.section_offset = static_cast<std::uint64_t>(offset.QuadPart);
    call.in.view_bytes = region.length_bytes;
    call.in.inherit = view.inherit;
    call.in.allocation_type = view.allocation_type;
    call.in.page_protection = view.page_protection;
    call.in.where = view.where;
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return status;
    offset.QuadPart = static_cast<LONGLONG>(call.out.section_offset);
    const bool ok = write_user(base, pointer_of(call.out.base)) && write_user(view_bytes, SIZE_T{call.out.view_bytes}) &&
                    write_optional(section_offset, offset);
    return ok ? status : STATUS_ACCESS_VIOLATION;
}

struct AllocateCall {
    HANDLE process;
    ULONG allocation_type = 0;
    ULONG page_protection = 0;
    pw::nt::WireAddressRequirements where{};
};

NTSTATUS allocate(const AllocateCall& request, PVOID* base, PSIZE_T region_bytes) {
    PW_SYSTEM_CALL(NtAllocateVirtualMemory);
    Region region;
    PW_NT_TRY(take_region(base, region_bytes, &region));
    call.in.process = wire_handle(request.process);
    call.in.base = wire_address(region.base);
    call.in.region_bytes = region.length_bytes;
    call.in.allocation_type = request.allocation_type;
    call.in.page_protection = request.page_protection;
    call.in.where = request.where;
    const NTSTATUS status = call.invoke();
    return store_region(status, call.out, base, region_bytes);
}

NTSTATUS take_requirements(const MEM_EXTENDED_PARAMETER& parameter, pw::nt::WireAddressRequirements* where) {
    MEM_ADDRESS_REQUIREMENTS wanted{};
    if (!read_user(static_cast<const MEM_ADDRESS_REQUIREMENTS*>(parameter.Pointer), &wanted)) return STATUS_ACCESS_VIOLATION;
    where->lowest = reinterpret_cast<std::uint64_t>(wanted.LowestStartingAddress);
    where->highest = reinterpret_cast<std::uint64_t>(wanted.HighestEndingAddress);
    where->alignment_bytes = wanted.Alignment;
    return STATUS_SUCCESS;
}

// Address requirements are passed on, each at most once; a preferred node is a hint; the rest is not there.
NTSTATUS take_parameters(PMEM_EXTENDED_PARAMETER parameters, ULONG count, pw::nt::WireAddressRequirements* where) {
    if ((count != 0) != (parameters != nullptr)) return STATUS_INVALID_PARAMETER;
    bool has_requirements = false;
    for (ULONG i = 0; i < count; ++i) {
        MEM_EXTENDED_PARAMETER parameter{};
        if (!read_user(parameters + i, &parameter)) return STATUS_ACCESS_VIOLATION;
        switch (parameter.Type) {
            case MemExtendedParameterAddressRequirements:
                if (has_requirements) return STATUS_INVALID_PARAMETER;
                has_requirements = true;
                PW_NT_TRY(take_requirements(parameter, where));
                break;
            case MemExtendedParameterNumaNode: break;
            case MemExtendedParameterPartitionHandle:
            case MemExtendedParameterUserPhysicalHandle:
            case MemExtendedParameterAttributeFlags:
            case MemExtendedParameterImageMachine: return STATUS_NOT_SUPPORTED;
            default: return STATUS_INVALID_PARAMETER;
        }
    }
    return STATUS_SUCCESS;
}

}  // namespace

NTSTATUS NTAPI NtMapViewOfSection(HANDLE section, HANDLE process, PVOID* base, ULONG_PTR zero_bits, SIZE_T commit_bytes,
                                  PLARGE_INTEGER section_offset, PSIZE_T view_bytes, SECTION_INHERIT inherit,
                                  ULONG allocation_type, ULONG page_protection) {
    // Asks for low addresses; slots lie where they lie.
    if (zero_bits != 0) return STATUS_NOT_SUPPORTED;
    return map_view({.section = section,
                     .process = process,
                     .commit_bytes = commit_bytes,
                     .inherit = static_cast<ULONG>(inherit),
                     .allocation_type = allocation_type,
                     .page_protection = page_protection},
                    base, section_offset, view_bytes);
}

NTSTATUS NTAPI NtMapViewOfSectionEx(HANDLE section, HANDLE process, PVOID* base, PLARGE_INTEGER section_offset,
                                    PSIZE_T view_bytes, ULONG allocation_type, ULONG page_protection,
                                    PMEM_EXTENDED_PARAMETER parameters, ULONG parameter_count) {
    ViewCall view{.section = section, .process = process, .allocation_type = allocation_type, .page_protection = page_protection};
    PW_NT_TRY(take_parameters(parameters, parameter_count, &view.where));
    return map_view(view, base, section_offset, view_bytes);
}

NTSTATUS NTAPI NtUnmapViewOfSectionEx(HANDLE process, PVOID base, ULONG flags) {
    PW_SYSTEM_CALL(NtUnmapViewOfSection);
    call.in.process = wire_handle(process);
    call.in.base = wire_address(base);
    call.in.flags = flags;
    return call.invoke();
}

NTSTATUS NTAPI NtUnmapViewOfSection(HANDLE process, PVOID base) { return NtUnmapViewOfSectionEx(process, base, 0); }

NTSTATUS NTAPI NtAllocateVirtualMemory(HANDLE process, PVOID* base, ULONG_PTR zero_bits, PSIZE_T region_bytes,
                                       ULONG allocation_type, ULONG protection) {
    if (zero_bits != 0) return STATUS_NOT_SUPPORTED;
    return allocate({.process = process, .allocation_type = allocation_type, .page_protection = protection}, base, region_bytes);
}

NTSTATUS NTAPI NtAllocateVirtualMemoryEx(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG allocation_type,
                                         ULONG protection, PMEM_EXTENDED_PARAMETER parameters, ULONG parameter_count) {
    AllocateCall request{.process = process, .allocation_type = allocation_type, .page_protection = protection};
    PW_NT_TRY(take_parameters(parameters, parameter_count, &request.where));
    return allocate(request, base, region_bytes);
}

NTSTATUS NTAPI NtFreeVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG free_type) {
    PW_SYSTEM_CALL(NtFreeVirtualMemory);
    Region region;
    PW_NT_TRY(take_region(base, region_bytes, &region));
    call.in.process = wire_handle(process);
    call.in.base = wire_address(region.base);
    call.in.region_bytes = region.length_bytes;
    call.in.free_type = free_type;
    const NTSTATUS status = call.invoke();
    return store_region(status, call.out, base, region_bytes);
}

NTSTATUS NTAPI NtProtectVirtualMemory(HANDLE process, PVOID* base, PSIZE_T region_bytes, ULONG new_protection,
                                      PULONG old_protection) {
    PW_SYSTEM_CALL(NtProtectVirtualMemory);
    Region region;
    PW_NT_TRY(take_region(base, region_bytes, &region));
    if (!probe_result(old_protection)) return STATUS_ACCESS_VIOLATION;
    call.in.process = wire_handle(process);
    call.in.base = wire_address(region.base);
    call.in.region_bytes = region.length_bytes;
    call.in.page_protection = new_protection;
    const NTSTATUS status = store_region(call.invoke(), call.out, base, region_bytes);
    if (NT_SUCCESS(status) && !write_user(old_protection, ULONG{call.out.old_protection})) return STATUS_ACCESS_VIOLATION;
    return status;
}

NTSTATUS NTAPI NtQueryVirtualMemory(HANDLE process, PVOID address, MEMORY_INFORMATION_CLASS information_class,
                                    PVOID information, SIZE_T length_bytes, PSIZE_T return_length) {
    PW_SYSTEM_CALL(NtQueryVirtualMemory);
    if (information_class != MemoryBasicInformation) return STATUS_INVALID_INFO_CLASS;
    if (length_bytes < sizeof(MEMORY_BASIC_INFORMATION)) return STATUS_INFO_LENGTH_MISMATCH;
    call.in.process = wire_handle(process);
    call.in.address = wire_address(address);
    const NTSTATUS status = call.invoke();
    if (!NT_SUCCESS(status)) return status;
    MEMORY_BASIC_INFORMATION basic{};
    basic.BaseAddress = pointer_of(call.out.base);
    basic.AllocationBase = pointer_of(call.out.allocation_base);
    basic.AllocationProtect = call.out.allocation_protection;
    basic.RegionSize = call.out.region_bytes;
    basic.State = call.out.state;
    basic.Protect = call.out.protection;
    basic.Type = call.out.type;
    const bool ok = write_user(static_cast<MEMORY_BASIC_INFORMATION*>(information), basic) &&
                    write_optional(return_length, SIZE_T{sizeof basic});
    return ok ? status : STATUS_ACCESS_VIOLATION;
}
