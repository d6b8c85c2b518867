// SPDX-License-Identifier: Apache-2.0
#include "kernel/memory/mapping_client.h"

#include "base/check.h"
#include "kernel/memory/segment.h"

namespace pw::mm {

Status EmbeddedMappingClient::map(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access,
                                  bool copy_on_write, Segment& segment, std::uint64_t segment_offset_bytes) {
    return platform::map_fixed(address, length_bytes, access, segment.descriptor(), segment_offset_bytes,
                               copy_on_write);
}

bool EmbeddedMappingClient::unmap(std::uint64_t address, std::uint64_t length_bytes) {
    // Fails only when the process has no room for one more mapping; the old one then stays, and so do its pages.
    PW_CHECK(platform::unmap_to_reserved(address, length_bytes).is_success());
    return true;
}

Status EmbeddedMappingClient::protect(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access) {
    return platform::protect_fixed(address, length_bytes, access);
}

}  // namespace pw::mm
