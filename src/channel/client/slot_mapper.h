// SPDX-License-Identifier: Apache-2.0
// SlotMapper: carries out the host's mapping messages in this process.
#pragma once

#include <cstddef>
#include <cstdint>

#include "base/status.h"
#include "channel/wire/wire.h"
#include "platform/descriptor.h"

namespace pw::channel {

// Not synchronised: the pump's lock protects it. Allocates nothing, so that a fault handler may use it.
class SlotMapper {
public:
    // `descriptor`: the segment's, when the message brought it. A failure leaves the addresses as they were, or reserved.
    [[nodiscard]] Status apply(const Mapping& message, platform::Descriptor descriptor);
    // A descriptor of the segment that the first map message at exactly the watched address named; it stays open. -1 when
    // there was none. Belongs to the mapper.
    [[nodiscard]] int arena_descriptor() const { return arena_descriptor_.get(); }
    void watch_arena(std::uint64_t address) { arena_address_ = address; }

private:
    struct Cached {
        std::uint64_t segment = 0;  // 0: free
        platform::Descriptor descriptor;
    };
    [[nodiscard]] Cached* find(std::uint64_t segment);
    [[nodiscard]] int descriptor_of(std::uint64_t segment);
    [[nodiscard]] Status remember(std::uint64_t segment, platform::Descriptor descriptor);

    Cached cached_[max_client_segments];
    std::size_t used_ = 0;  // entries at and above are free
    std::uint64_t arena_address_ = 0;
    platform::Descriptor arena_descriptor_;
};

}  // namespace pw::channel
