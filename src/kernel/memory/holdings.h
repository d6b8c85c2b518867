// SPDX-License-Identifier: Apache-2.0
// Holdings: what drivers hold of one process, locked MDLs and mappings, each with who took it; for reports of leftovers.
#pragma once

#include <array>
#include <atomic>
#include <cstdint>
#include <memory>
#include <vector>

#include "platform/caller_chain.h"

namespace pw::mm {

enum class HoldingKind : std::uint8_t { locked_pages, user_mapping };

struct Holding {
    HoldingKind kind = HoldingKind::locked_pages;
    std::uint64_t key = 0;    // the MDL's address; the mapping's address in the process
    std::uint64_t pages = 0;
    platform::CallerChain callers{};
};

// Takes no lock and, after the first entry, no memory: some nanoseconds. A table that is full forgets: then a leftover is
// reported without its stack. Any thread, any IRQL ≤ DISPATCH_LEVEL.
class Holdings {
public:
    Holdings() = default;
    ~Holdings() { delete table_.load(std::memory_order_relaxed); }
    Holdings(const Holdings&) = delete;
    Holdings& operator=(const Holdings&) = delete;

    void add(const Holding& holding);
    void remove(HoldingKind kind, std::uint64_t key);
    [[nodiscard]] std::vector<Holding> snapshot() const;

private:
    static constexpr std::size_t capacity = 256;
    static constexpr std::size_t probes = 16;
    struct Entry {
        // key * 2 + kind; 0: free; busy while it is being written.
        std::atomic<std::uint64_t> tag{0};
        std::atomic<std::uint64_t> pages{0};
        std::array<std::atomic<const void*>, 4> callers{};
    };
    using Table = std::array<Entry, capacity>;
    static constexpr std::uint64_t busy = ~std::uint64_t{0};
    [[nodiscard]] static std::uint64_t tag_of(HoldingKind kind, std::uint64_t key) {
        return key * 2 + static_cast<std::uint64_t>(kind);
    }
    [[nodiscard]] static std::size_t place_of(std::uint64_t tag) { return (tag * 0x9E3779B97F4A7C15u) >> 32; }

    std::atomic<Table*> table_{nullptr};
};

}  // namespace pw::mm
