// SPDX-License-Identifier: Apache-2.0
// HostCounts: everything of which a client's end must leave none: counted before and after.
#pragma once

#include <cstdint>
#include <ostream>
#include <string>

namespace pw::nt {
class Kernel;
}

namespace pw::chaos {

struct HostCounts {
    std::uint64_t descriptors = 0;     // of the process, in /proc/self/fd
    std::uint64_t threads = 0;         // in /proc/self/task
    std::uint64_t mappings = 0;        // lines of /proc/self/maps without the heap's
    std::uint64_t processes = 0;       // process objects
    std::uint64_t kernel_threads = 0;  // thread objects
    std::uint64_t system_handles = 0;
    std::uint64_t committed_pages = 0;
    std::uint64_t named_objects = 0;   // in \BaseNamedObjects
    std::uint64_t open_files = 0;      // of the built-in driver

    friend bool operator==(const HostCounts&, const HostCounts&) = default;
    [[nodiscard]] static HostCounts of(nt::Kernel& kernel);
    // As of(), once it does not change any more: the baseline after a first client.
    [[nodiscard]] static HostCounts steady(nt::Kernel& kernel);
    // As of(), once descriptors and OS threads are back at `expected`: a connection's last ones go a moment after it was
    // counted as ended. Gives what there is when that does not come.
    [[nodiscard]] static HostCounts settled(nt::Kernel& kernel, const HostCounts& expected);
};

std::ostream& operator<<(std::ostream& out, const HostCounts& counts);

// Resident memory of a process in bytes; what its threads' stacks and heap hold.
[[nodiscard]] std::uint64_t resident_bytes();
// Bytes that malloc has given out.
[[nodiscard]] std::uint64_t heap_bytes();

}  // namespace pw::chaos
