// SPDX-License-Identifier: Apache-2.0
// Reads and writes the memory of another process through descriptors that this process handed over: its /proc/self/mem
// and its /proc/self/maps. Needs no ptrace right and is bound to that address space.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "base/result.h"
#include "platform/mapping.h"

namespace pw::platform {

// Whether every page of the range is mapped with the access wanted, according to the text of a `maps` file. Pure.
[[nodiscard]] bool maps_allow(std::string_view maps_text, std::uint64_t address, std::uint64_t length_bytes,
                              PageAccess wanted);
// The same with the text read from a descriptor of a `maps` file. STATUS_ACCESS_VIOLATION when not allowed,
// STATUS_PROCESS_IS_TERMINATING when the process is gone. May block; never call it with a lock held or in a DPC.
[[nodiscard]] Status check_process_access(int maps_descriptor, std::uint64_t address, std::uint64_t length_bytes,
                                          PageAccess wanted);
// What lies at an address according to the text of a `maps` file: a mapping, or the gap between two.
struct MapsRegion {
    std::uint64_t begin = 0;
    std::uint64_t end = 0;       // of a gap: where the next mapping begins; all bits behind the last
    std::uint64_t file_begin = 0;  // where the consecutive mappings of the same file begin; of no file: begin
    PageAccess access = PageAccess::none;
    bool is_mapped = false;
    bool is_file = false;        // of a file system, not a memfd
    bool is_shared = false;
    bool is_program = false;     // one of the consecutive mappings of the file can be executed
};
// Pure.
[[nodiscard]] MapsRegion maps_region(std::string_view maps_text, std::uint64_t address);
// The same with the text read from a descriptor of a `maps` file. STATUS_PROCESS_IS_TERMINATING when the process is gone. May
// block, as check_process_access().
[[nodiscard]] Result<MapsRegion> read_maps_region(int maps_descriptor, std::uint64_t address);

// Such writes succeed on read-only pages, hence check_process_access() first. STATUS_ACCESS_VIOLATION on a bad address,
// STATUS_PROCESS_IS_TERMINATING when the process is gone (a transfer of zero length).
[[nodiscard]] Status read_process_memory(int memory_descriptor, void* destination, std::uint64_t source,
                                         std::size_t length_bytes);
[[nodiscard]] Status write_process_memory(int memory_descriptor, std::uint64_t destination, const void* source,
                                          std::size_t length_bytes);

}  // namespace pw::platform
