// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/client_memory.h"

namespace pw::mm {

Status DescriptorClientMemory::check(std::uint64_t address, std::size_t length_bytes, platform::PageAccess wanted) {
    return platform::check_process_access(maps_descriptor_, address, length_bytes, wanted);
}

Result<platform::MapsRegion> DescriptorClientMemory::region(std::uint64_t address) {
    return platform::read_maps_region(maps_descriptor_, address);
}

Status DescriptorClientMemory::read(void* destination, std::uint64_t source, std::size_t length_bytes) {
    return platform::read_process_memory(memory_descriptor_, destination, source, length_bytes);
}

Status DescriptorClientMemory::write(std::uint64_t destination, const void* source, std::size_t length_bytes) {
    return platform::write_process_memory(memory_descriptor_, destination, source, length_bytes);
}

}  // namespace pw::mm
