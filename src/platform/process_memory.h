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
// Such writes succeed on read-only pages, hence check_process_access() first. STATUS_ACCESS_VIOLATION on a bad address,
// STATUS_PROCESS_IS_TERMINATING when the process is gone (a transfer of zero length).
[[nodiscard]] Status read_process_memory(int memory_descriptor, void* destination, std::uint64_t source,
                                         std::size_t length_bytes);
[[nodiscard]] Status write_process_memory(int memory_descriptor, std::uint64_t destination, const void* source,
                                          std::size_t length_bytes);

}  // namespace pw::platform
