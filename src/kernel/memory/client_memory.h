// SPDX-License-Identifier: Apache-2.0
// ClientMemory: the way to a remote process's own pages (its heap, stacks, libraries' data) when they cannot be shared.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/result.h"
#include "platform/mapping.h"
#include "platform/process_memory.h"

namespace pw::mm {

// Why bytes had to be copied instead of shared; counted by BounceStatistics.
enum class BounceReason : std::uint8_t {
    foreign_memory,
    copy_on_write_view,
    system_call_argument,
    raw_access,          // a snapshot under a driver's raw dereference
    raw_access_refused,  // which could not be made: STATUS_ACCESS_VIOLATION
    count,
};

// Every call may block for as long as the process likes: only the process's own service or completion thread calls it,
// with no lock held and at IRQL below DISPATCH_LEVEL.
class ClientMemory {
public:
    virtual ~ClientMemory() = default;
    virtual Status check(std::uint64_t address, std::size_t length_bytes, platform::PageAccess wanted) = 0;
    // What the process has mapped at an address.
    virtual Result<platform::MapsRegion> region(std::uint64_t address) = 0;
    virtual Status read(void* destination, std::uint64_t source, std::size_t length_bytes) = 0;
    virtual Status write(std::uint64_t destination, const void* source, std::size_t length_bytes) = 0;
};

// Through descriptors of the process's /proc/self/mem and /proc/self/maps (platform/process_memory.h). The descriptors
// belong to the caller and outlive this object.
class DescriptorClientMemory final : public ClientMemory {
public:
    DescriptorClientMemory(int memory_descriptor, int maps_descriptor)
        : memory_descriptor_(memory_descriptor), maps_descriptor_(maps_descriptor) {}
    Status check(std::uint64_t address, std::size_t length_bytes, platform::PageAccess wanted) override;
    Result<platform::MapsRegion> region(std::uint64_t address) override;
    Status read(void* destination, std::uint64_t source, std::size_t length_bytes) override;
    Status write(std::uint64_t destination, const void* source, std::size_t length_bytes) override;

private:
    const int memory_descriptor_;
    const int maps_descriptor_;
};

}  // namespace pw::mm
