// SPDX-License-Identifier: Apache-2.0
// UserMemory: how our own kernel reads and writes a process's memory: by region where it is shared, else directly
// (embedded, under a fault guard) or through the process's own descriptors (remote, counted as a bounce).
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "kernel/memory/address_space.h"
#include "kernel/memory/bounce_statistics.h"

namespace pw::mm {

class SystemRanges;
class UserSnapshots;

// Where this machine's user half ends.
inline constexpr std::uint64_t user_address_end = 0x7FFFFFFFF000;

class UserMemory {
public:
    UserMemory(SystemRanges& system_ranges, BounceStatistics& bounces, UserSnapshots& snapshots)
        : system_ranges_(system_ranges), bounces_(bounces), snapshots_(snapshots) {}

    // STATUS_ACCESS_VIOLATION when any byte is not accessible (the destination may be partly written then),
    // STATUS_IN_PAGE_ERROR when a file was truncated. Caller: the process's own thread, no lock held, below
    // DISPATCH_LEVEL. `reason` is what the bounce counter shows when the memory could not be shared.
    [[nodiscard]] Status copy_from_user(AddressSpace& space, void* destination, std::uint64_t source, std::size_t bytes,
                                        BounceReason reason = BounceReason::system_call_argument);
    [[nodiscard]] Status copy_to_user(AddressSpace& space, std::uint64_t destination, const void* source,
                                      std::size_t bytes, BounceReason reason = BounceReason::system_call_argument);

    // For an access at an address outside the slot that faulted in the host: shows the process's moved statics, or a copy
    // (UserSnapshots). True: try again.
    [[nodiscard]] bool resolve_fault(AddressSpace& space, std::uint64_t address, bool write);
    // The same from a thread of another process: memory that lies in a region of `space` only, since the process's
    // descriptors are its own threads' to use. STATUS_ACCESS_VIOLATION for the rest.
    [[nodiscard]] Status copy_from_region(AddressSpace& space, void* destination, std::uint64_t source, std::size_t bytes);
    [[nodiscard]] Status copy_to_region(AddressSpace& space, std::uint64_t destination, const void* source, std::size_t bytes);

    // ProbeForRead / ProbeForWrite as a status: length 0 succeeds, then alignment (STATUS_DATATYPE_MISALIGNMENT), then
    // the range (STATUS_ACCESS_VIOLATION when it wraps or touches system memory); for writing each page is touched.
    [[nodiscard]] Status probe(AddressSpace& space, std::uint64_t address, std::size_t bytes, std::uint32_t alignment,
                               bool write);
    // VirtualQuery, also for addresses outside of the slot: what lies there says the process's `maps`. STATUS_INVALID_PARAMETER
    // for what is no user address. Caller: the process's own thread, no lock held.
    [[nodiscard]] Result<RegionInformation> query(AddressSpace& space, std::uint64_t address);
    // For our own kernel's later copy, which goes through regions and descriptors: any accessible memory of the process is
    // good, shared or not. STATUS_ACCESS_VIOLATION.
    [[nodiscard]] Status check_writable(AddressSpace& space, std::uint64_t address, std::size_t bytes);
    // Whether the whole range may be a user address at all: no wrap, nothing of the system in it.
    [[nodiscard]] bool is_user_range(std::uint64_t address, std::uint64_t bytes) const;

private:
    [[nodiscard]] Status transfer(AddressSpace& space, void* kernel_side, std::uint64_t user_side, std::size_t bytes,
                                  bool to_user, BounceReason reason, bool regions_only = false);

    SystemRanges& system_ranges_;
    BounceStatistics& bounces_;
    UserSnapshots& snapshots_;
};

}  // namespace pw::mm
