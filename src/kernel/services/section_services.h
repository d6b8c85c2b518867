// SPDX-License-Identifier: Apache-2.0
// Sections and virtual memory by handle (NtCreateSection … NtQueryVirtualMemory). virtual_memory_services.h has the rest.
#pragma once

#include "kernel/memory/address_space.h"
#include "kernel/memory/section.h"
#include "kernel/memory/section_object.h"
#include "kernel/services/caller.h"

namespace pw::nt {

struct SectionParameters {
    ACCESS_MASK access = 0;
    ULONG page_protection = 0;
    ULONG allocation_attributes = 0;
    std::uint64_t maximum_bytes = 0;
    std::uint64_t file = 0;  // handle, 0: backed by the page file
};
// The memory of the process that a handle names; no space: the System process, whose views are system addresses.
struct ProcessMemory {
    Ref<ps::Process> process;
    Ref<mm::AddressSpace> space;
};
// STATUS_PROCESS_IS_TERMINATING when the process is gone.
[[nodiscard]] Result<ProcessMemory> process_memory(const Caller& caller, std::uint64_t process, ACCESS_MASK access);

[[nodiscard]] NamedHandle create_section(const Caller& caller, const ObjectName& name, const SectionParameters& parameters);

// The section itself, without name and handle (MmCreateSection).
[[nodiscard]] Result<Ref<mm::SectionObject>> create_section_object(const Caller& caller, const SectionParameters& parameters);
// STATUS_SECTION_NOT_EXTENDED for what is not file-backed. *size_bytes becomes the section's size.
[[nodiscard]] Status extend_section(const Caller& caller, std::uint64_t section, std::uint64_t* size_bytes);

struct ViewParameters {
    std::uint64_t section = 0;
    std::uint64_t process = 0;
    std::uint64_t base = 0;
    std::uint64_t commit_bytes = 0;
    std::uint64_t section_offset = 0;
    std::uint64_t view_bytes = 0;
    ULONG allocation_type = 0;
    ULONG page_protection = 0;
    mm::AddressRequirements where{};
};
[[nodiscard]] Result<mm::View> map_view_of_section(const Caller& caller, const ViewParameters& parameters);
// `flags`: MEM_PRESERVE_PLACEHOLDER, MEM_UNMAP_WITH_TRANSIENT_BOOST (a hint); others are STATUS_INVALID_PARAMETER_3.
[[nodiscard]] Status unmap_view_of_section(const Caller& caller, std::uint64_t process, std::uint64_t base, ULONG flags = 0);

[[nodiscard]] Status allocate_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base,
                                             std::uint64_t* region_bytes, ULONG type, ULONG protection,
                                             const mm::AddressRequirements& where = {});
[[nodiscard]] Status free_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base,
                                         std::uint64_t* region_bytes, ULONG type);
[[nodiscard]] Status protect_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base,
                                            std::uint64_t* region_bytes, ULONG protection, ULONG* old_protection);
[[nodiscard]] Result<mm::RegionInformation> query_virtual_memory(const Caller& caller, std::uint64_t process,
                                                                 std::uint64_t address);

}  // namespace pw::nt
