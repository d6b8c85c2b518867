// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/section_services.h"

#include "kernel/files/host_volume.h"

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

// What the file must have been opened for ("CreateFileMapping": each protection names the file's access rights).
ACCESS_MASK file_access_for(ULONG protection) {
    switch (protection & 0xFF) {
        case PAGE_READWRITE: return FILE_READ_DATA | FILE_WRITE_DATA;
        case PAGE_EXECUTE: return FILE_EXECUTE;
        case PAGE_EXECUTE_READ:
        case PAGE_EXECUTE_WRITECOPY: return FILE_READ_DATA | FILE_EXECUTE;
        case PAGE_EXECUTE_READWRITE: return FILE_READ_DATA | FILE_WRITE_DATA | FILE_EXECUTE;
        default: return FILE_READ_DATA;
    }
}

// A view's allocation type: MEM_RESERVE asks for what a view of a reserved section does anyway; large pages need a section
// that has them, and there is none.
Status check_view_type(ULONG type) {
    if ((type & MEM_LARGE_PAGES) != 0) return STATUS_PRIVILEGE_NOT_HELD;
    return (type & ~static_cast<ULONG>(MEM_TOP_DOWN | MEM_RESERVE | MEM_REPLACE_PLACEHOLDER)) == 0 ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER_9;
}

// Memory that is allocated for the System process itself lies at user addresses of it, as in NT.
mm::AddressSpace& space_of(const ProcessMemory& memory) {
    return memory.space ? *memory.space : memory.process->address_space();
}

}  // namespace

Result<ProcessMemory> process_memory(const Caller& caller, std::uint64_t handle, ACCESS_MASK access) {
    ProcessMemory found;
    PW_TRY_ASSIGN(found.process, caller.reference_as<ps::Process>(handle, access));
    if (found.process->is_system()) return found;
    // By the manager's table: the process may be run down while we look.
    found.space = caller.kernel.memory().address_space_of(found.process->nt());
    if (!found.space) return STATUS_PROCESS_IS_TERMINATING;
    return found;
}

Result<Ref<mm::SectionObject>> create_section_object(const Caller& caller, const SectionParameters& p) {
    const mm::SectionOptions options{
        .size_bytes = p.maximum_bytes, .protection = p.page_protection, .attributes = p.allocation_attributes};
    Ref<mm::SectionCore> core;
    if (p.file == 0) {
        PW_TRY_ASSIGN(core, mm::SectionCore::create(caller.kernel.memory(), options));
    } else {
        PW_TRY_ASSIGN(auto file, caller.reference_as<io::FileObject>(p.file, file_access_for(p.page_protection)));
        const int descriptor = caller.kernel.host_volume().descriptor_of(*file);
        if (descriptor < 0) return STATUS_INVALID_FILE_FOR_SECTION;
        PW_TRY_ASSIGN(core, mm::SectionCore::create_file_backed(caller.kernel.memory(), options, descriptor));
    }
    auto section = mm::SectionObject::create(caller.kernel.objects(), std::move(core));
    if (!section) return STATUS_INSUFFICIENT_RESOURCES;
    return section;
}

NamedHandle create_section(const Caller& caller, const ObjectName& name, const SectionParameters& p) {
    auto section = create_section_object(caller, p);
    if (!section) return {.status = section.status()};
    (*section)->set_kernels_own(caller.mode == KernelMode && (name.attributes & OBJ_KERNEL_HANDLE) != 0);
    return insert_and_open(caller, std::move(section).value(), name, p.access);
}

Status extend_section(const Caller& caller, std::uint64_t handle, std::uint64_t* size_bytes) {
    PW_TRY_ASSIGN(auto section, caller.reference_as<mm::SectionObject>(handle, SECTION_EXTEND_SIZE));
    PW_TRY_ASSIGN(*size_bytes, section->core().extend(*size_bytes));
    return STATUS_SUCCESS;
}

Result<mm::View> map_view_of_section(const Caller& caller, const ViewParameters& p) {
    PW_TRY_ASSIGN(auto section, caller.reference_as<mm::SectionObject>(p.section, section_access_for(p.page_protection)));
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, p.process, process_vm_operation));
    PW_TRY(check_view_type(p.allocation_type));
    return section->core().map_view(target.space.get(), {.requested_base = p.base,
                                                         .offset_bytes = p.section_offset,
                                                         .view_bytes = p.view_bytes,
                                                         .commit_bytes = p.commit_bytes,
                                                         .protection = p.page_protection,
                                                         .top_down = (p.allocation_type & MEM_TOP_DOWN) != 0,
                                                         .replaces_placeholder =
                                                             (p.allocation_type & MEM_REPLACE_PLACEHOLDER) != 0,
                                                         .where = p.where,
                                                         .read_only_for_good = is_read_only_for_good(
                                                             caller, *section, p.page_protection)});
}

Status unmap_view_of_section(const Caller& caller, std::uint64_t process_handle, std::uint64_t base, ULONG flags) {
    constexpr ULONG known = MEM_PRESERVE_PLACEHOLDER | MEM_UNMAP_WITH_TRANSIENT_BOOST;
    if ((flags & ~known) != 0) return STATUS_INVALID_PARAMETER_3;
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process_handle, process_vm_operation));
    return mm::SectionCore::unmap_view(caller.kernel.memory(), target.space.get(), base,
                                       (flags & MEM_PRESERVE_PLACEHOLDER) != 0);
}

Status allocate_virtual_memory(const Caller& caller, std::uint64_t process_handle, std::uint64_t* base,
                               std::uint64_t* region_bytes, ULONG type, ULONG protection,
                               const mm::AddressRequirements& where) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process_handle, process_vm_operation));
    return space_of(target).allocate(base, region_bytes, type, protection, where);
}

Status free_virtual_memory(const Caller& caller, std::uint64_t process_handle, std::uint64_t* base,
                           std::uint64_t* region_bytes, ULONG type) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process_handle, process_vm_operation));
    return space_of(target).free(base, region_bytes, type);
}

Status protect_virtual_memory(const Caller& caller, std::uint64_t process_handle, std::uint64_t* base,
                              std::uint64_t* region_bytes, ULONG protection, ULONG* old_protection) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process_handle, process_vm_operation));
    std::uint64_t end = 0;
    if (*region_bytes == 0 || !checked_add(*base, *region_bytes, &end) || end > ~std::uint64_t{0} - page_size_bytes) {
        return STATUS_INVALID_PARAMETER;
    }
    const std::uint64_t first = align_down(*base, page_size_bytes);
    const std::uint64_t bytes = align_up(end, page_size_bytes) - first;
    PW_TRY(space_of(target).protect(first, bytes, protection, old_protection));
    *base = first;
    *region_bytes = bytes;
    return STATUS_SUCCESS;
}

Result<mm::RegionInformation> query_virtual_memory(const Caller& caller, std::uint64_t process_handle,
                                                   std::uint64_t address) {
    PW_TRY_ASSIGN(const ProcessMemory target, process_memory(caller, process_handle, process_query_information));
    mm::AddressSpace& space = space_of(target);
    // What the process has beside its slot only its own threads may ask for.
    if (&space != &caller.thread.process().address_space()) return space.query(address);
    return caller.kernel.memory().user_memory().query(space, address);
}

}  // namespace pw::nt
