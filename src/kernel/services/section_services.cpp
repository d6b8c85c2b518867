// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/section_services.h"

#include "kernel/memory/section_object.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK process_vm_operation = 0x0008;
constexpr ACCESS_MASK process_query_information = 0x0400;

// The rights that a view's protection asks of the section handle ("ZwMapViewOfSection": each protection names its rights).
ACCESS_MASK section_access_for(ULONG protection) {
    switch (protection & 0xFF) {
        case PAGE_READONLY:
        case PAGE_WRITECOPY: return SECTION_MAP_READ;
        case PAGE_READWRITE: return SECTION_MAP_WRITE;
        case PAGE_EXECUTE: return SECTION_MAP_EXECUTE;
        case PAGE_EXECUTE_READ:
        case PAGE_EXECUTE_WRITECOPY: return SECTION_MAP_READ | SECTION_MAP_EXECUTE;
        case PAGE_EXECUTE_READWRITE: return SECTION_MAP_WRITE | SECTION_MAP_EXECUTE;
        default: return 0;
    }
}

// Whether no application can ever write to the section's memory: the driver made it for itself, with a kernel handle, and its
// descriptor lets nobody in who would write. Once a reader has it, that stays so whatever happens to the descriptor.
bool is_read_only_for_good(const Caller& caller, mm::SectionObject& section, ULONG protection) {
    const auto security = caller.kernel.objects().security_of(section);
    if (!section.is_kernels_own() || !security || security->parts().grants_all()) return false;
    if ((protection & 0xFF) == PAGE_READWRITE || (protection & 0xFF) == PAGE_EXECUTE_READWRITE) return false;
    bool may_write = false;
    se::for_each_ace(security->parts().dacl, [&](const se::AceView& ace) {
        may_write = ace.type == ACCESS_ALLOWED_ACE_TYPE && (ace.mask & (SECTION_MAP_WRITE | WRITE_DAC | WRITE_OWNER)) != 0;
        return !may_write;
    });
    return !may_write;
}

}  // namespace

NamedHandle create_section(const Caller& caller, const ObjectName& name, const SectionParameters& p) {
    if (p.file != 0) return {.status = STATUS_NOT_IMPLEMENTED};  // file-backed sections need the file system room
    auto core = mm::SectionCore::create(caller.kernel.memory(), {.size_bytes = p.maximum_bytes,
                                                                 .protection = p.page_protection,
                                                                 .attributes = p.allocation_attributes});
    if (!core) return {.status = core.status()};
    auto section = mm::SectionObject::create(caller.kernel.objects(), std::move(core).value());
    if (!section) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    section->set_kernels_own(caller.mode == KernelMode && (name.attributes & OBJ_KERNEL_HANDLE) != 0);
    return insert_and_open(caller, std::move(section), name, p.access);
}

Result<mm::View> map_view_of_section(const Caller& caller, const ViewParameters& p) {
    PW_TRY_ASSIGN(auto section, caller.reference_as<mm::SectionObject>(p.section, section_access_for(p.page_protection)));
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(p.process, process_vm_operation));
    return section->core().map_view(process->is_system() ? nullptr : &process->address_space(),
                                    {.requested_base = p.base,
                                     .offset_bytes = p.section_offset,
                                     .view_bytes = p.view_bytes,
                                     .commit_bytes = p.commit_bytes,
                                     .protection = p.page_protection,
                                     .top_down = (p.allocation_type & MEM_TOP_DOWN) != 0,
                                     .read_only_for_good = is_read_only_for_good(caller, *section, p.page_protection)});
}

Status unmap_view_of_section(const Caller& caller, std::uint64_t process_handle, std::uint64_t base) {
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(process_handle, process_vm_operation));
    return mm::SectionCore::unmap_view(caller.kernel.memory(), process->is_system() ? nullptr : &process->address_space(),
                                       base);
}

Status allocate_virtual_memory(const Caller& caller, std::uint64_t process_handle, std::uint64_t* base,
                               std::uint64_t* region_bytes, ULONG type, ULONG protection) {
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(process_handle, process_vm_operation));
    return process->address_space().allocate(base, region_bytes, type, protection);
}

Status free_virtual_memory(const Caller& caller, std::uint64_t process_handle, std::uint64_t* base,
                           std::uint64_t* region_bytes, ULONG type) {
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(process_handle, process_vm_operation));
    return process->address_space().free(base, region_bytes, type);
}

Status protect_virtual_memory(const Caller& caller, std::uint64_t process_handle, std::uint64_t* base,
                              std::uint64_t* region_bytes, ULONG protection, ULONG* old_protection) {
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(process_handle, process_vm_operation));
    std::uint64_t end = 0;
    if (*region_bytes == 0 || !checked_add(*base, *region_bytes, &end) || end > ~std::uint64_t{0} - page_size_bytes) {
        return STATUS_INVALID_PARAMETER;
    }
    const std::uint64_t first = align_down(*base, page_size_bytes);
    const std::uint64_t bytes = align_up(end, page_size_bytes) - first;
    PW_TRY(process->address_space().protect(first, bytes, protection, old_protection));
    *base = first;
    *region_bytes = bytes;
    return STATUS_SUCCESS;
}

Result<mm::RegionInformation> query_virtual_memory(const Caller& caller, std::uint64_t process_handle,
                                                   std::uint64_t address) {
    PW_TRY_ASSIGN(auto process, caller.reference_as<ps::Process>(process_handle, process_query_information));
    return process->address_space().query(address);
}

}  // namespace pw::nt
