// SPDX-License-Identifier: Apache-2.0
// What VirtualQuery says about addresses that the kernel did not give out: libraries, stacks, the C library's memory.
#include <ntstatus.h>
#include <pw_memory.h>

#include "kernel/memory/user_memory.h"
#include "platform/descriptor.h"
#include "platform/peer_process.h"

namespace pw::mm {
namespace {

using platform::PageAccess;

std::uint32_t protection_of(const platform::MapsRegion& region) {
    const bool executes = platform::allows(region.access, PageAccess::execute);
    if (platform::allows(region.access, PageAccess::write)) {
        const bool copies = region.is_file && !region.is_shared && !region.is_program;
        if (copies) return executes ? PAGE_EXECUTE_WRITECOPY : PAGE_WRITECOPY;
        return executes ? PAGE_EXECUTE_READWRITE : PAGE_READWRITE;
    }
    if (platform::allows(region.access, PageAccess::read)) return executes ? PAGE_EXECUTE_READ : PAGE_READONLY;
    return executes ? PAGE_EXECUTE : PAGE_NOACCESS;
}

RegionInformation information_of(const platform::MapsRegion& found, std::uint64_t address) {
    RegionInformation region;
    region.base_address = align_down(address, page_size_bytes);
    const std::uint64_t end = found.end < user_address_end ? found.end : user_address_end;
    region.region_bytes = end - region.base_address;
    if (!found.is_mapped) {
        region.state = MEM_FREE;
        region.protection = PAGE_NOACCESS;
        return region;
    }
    region.allocation_base = found.file_begin;
    if (found.access == PageAccess::none && !found.is_file) {
        // Addresses that somebody keeps.
        region.state = MEM_RESERVE;
        region.allocation_protection = PAGE_NOACCESS;
        region.type = MEM_PRIVATE;
        return region;
    }
    region.state = MEM_COMMIT;
    region.protection = protection_of(found);
    region.allocation_protection = found.is_program ? PAGE_EXECUTE_WRITECOPY : region.protection;
    region.type = found.is_program ? MEM_IMAGE : found.is_file || found.is_shared ? MEM_MAPPED : MEM_PRIVATE;
    return region;
}

}  // namespace

Result<RegionInformation> UserMemory::query(AddressSpace& space, std::uint64_t address) {
    auto own = space.query(address);
    if (own.is_ok() || own.status() != Status(STATUS_INVALID_PARAMETER)) return own;
    if (!is_user_range(address, 1)) return STATUS_INVALID_PARAMETER;
    if (ClientMemory* const client = space.client_memory()) {
        PW_TRY_ASSIGN(const platform::MapsRegion found, client->region(address));
        return information_of(found, address);
    }
    if (!space.is_embedded()) return STATUS_INVALID_PARAMETER;
    const platform::Descriptor maps(platform::open_own_maps());
    if (!maps) return STATUS_INSUFFICIENT_RESOURCES;
    PW_TRY_ASSIGN(const platform::MapsRegion found, platform::read_maps_region(maps.get(), address));
    return information_of(found, address);
}

}  // namespace pw::mm
