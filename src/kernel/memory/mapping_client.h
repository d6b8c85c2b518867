// SPDX-License-Identifier: Apache-2.0
// MappingClient: makes a process's own page tables follow what its AddressSpace decided.
#pragma once

#include <cstdint>

#include "base/result.h"
#include "platform/mapping.h"

namespace pw::mm {

class Segment;

class MappingClient {
public:
    virtual ~MappingClient() = default;

    // All calls come in order, with the address space's lock held (LockRank::address_space): queue or do, never wait.
    // Ranges are page-aligned and lie in the process's slot, or where the process itself put them (image data).
    // `segment` may be kept (Ref) until the message is sent.
    virtual Status map(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access, bool copy_on_write,
                       Segment& segment, std::uint64_t segment_offset_bytes) = 0;
    // True: the process cannot use the range any more. False: it was only queued; the addresses stay in quarantine until
    // AddressSpace::unmap_acknowledged().
    virtual bool unmap(std::uint64_t address, std::uint64_t length_bytes) = 0;
    virtual Status protect(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access) = 0;

    // How much of the addresses from the slot's base on the process itself keeps free: the slot can grow up to there.
    [[nodiscard]] virtual std::uint64_t reserved_bytes() const { return ~std::uint64_t{0}; }
    // The process has a guard page for the first time: from now on a fault in its slot is worth the question whether it hit
    // one (KernelPort::touch_guard_page).
    virtual void note_guard_pages() {}

    // Whether the process is this very process: slot addresses are then the process's own mappings, and the kernel
    // reaches any other address of the process directly.
    [[nodiscard]] virtual bool is_embedded() const = 0;
};

// The application in our own process: maps at once.
class EmbeddedMappingClient final : public MappingClient {
public:
    Status map(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access, bool copy_on_write,
               Segment& segment, std::uint64_t segment_offset_bytes) override;
    bool unmap(std::uint64_t address, std::uint64_t length_bytes) override;
    Status protect(std::uint64_t address, std::uint64_t length_bytes, platform::PageAccess access) override;
    [[nodiscard]] bool is_embedded() const override { return true; }
};

}  // namespace pw::mm
