// SPDX-License-Identifier: Apache-2.0
// What is done with memory that is there (NtLockVirtualMemory, NtFlushVirtualMemory, NtReadVirtualMemory …).
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

// Base and length become what was done. STATUS_NOT_MAPPED_VIEW, STATUS_NOT_MAPPED_DATA; the disk's own failures.
[[nodiscard]] Status flush_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base,
                                          std::uint64_t* region_bytes);

// map_type: 1 (working set) or 2 (memory). STATUS_ACCESS_VIOLATION, STATUS_WORKING_SET_QUOTA; STATUS_WAS_LOCKED succeeds.
[[nodiscard]] Status lock_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base,
                                         std::uint64_t* region_bytes, ULONG map_type);
// STATUS_NOT_LOCKED.
[[nodiscard]] Status unlock_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t* base,
                                           std::uint64_t* region_bytes, ULONG map_type);

// Between `base` in the process and `buffer` in the calling one. STATUS_PARTIAL_COPY when it ends early in the process,
// STATUS_ACCESS_VIOLATION when the buffer does. *done_bytes: how far it came.
[[nodiscard]] Status read_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t base,
                                         std::uint64_t buffer, std::uint64_t length_bytes, std::uint64_t* done_bytes);
[[nodiscard]] Status write_virtual_memory(const Caller& caller, std::uint64_t process, std::uint64_t base,
                                          std::uint64_t buffer, std::uint64_t length_bytes, std::uint64_t* done_bytes);

}  // namespace pw::nt
