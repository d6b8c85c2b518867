// SPDX-License-Identifier: Apache-2.0
// SystemRanges: the addresses that are "system": the window, driver images, kernel stacks, the host's own mappings.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "base/lock.h"

namespace pw::mm {

// Readers take no lock (they run in ProbeForRead and in the fault resolver).
class SystemRanges {
public:
    SystemRanges();
    ~SystemRanges();
    SystemRanges(const SystemRanges&) = delete;
    SystemRanges& operator=(const SystemRanges&) = delete;

    // Ranges do not overlap one another. Ends are exclusive.
    void add(std::uint64_t base, std::uint64_t length_bytes);
    void remove(std::uint64_t base);

    // Whether any byte of [address, address + length) is system, or the range wraps. Length 0 asks about the address.
    [[nodiscard]] bool overlaps(std::uint64_t address, std::uint64_t length_bytes) const;

private:
    struct Table;
    void publish_locked(const std::vector<std::uint64_t>& bounds) PW_REQUIRES(lock_);

    Mutex lock_{LockRank::leaf};
    std::vector<std::uint64_t> bounds_ PW_GUARDED_BY(lock_);  // base, end, base, end …, sorted
    std::atomic<std::uint32_t> sequence_{0};                  // odd while a writer changes the table
    std::atomic<Table*> table_{nullptr};
    std::vector<std::unique_ptr<Table>> tables_ PW_GUARDED_BY(lock_);  // outgrown ones stay readable
};

}  // namespace pw::mm
