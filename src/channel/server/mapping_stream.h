// SPDX-License-Identifier: Apache-2.0
// MappingStream: numbers the mapping messages of one client and passes each descriptor once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "channel/server/outgoing_queue.h"
#include "channel/wire/wire.h"
#include "platform/descriptor.h"

namespace pw::channel {

// Not synchronised: RemoteMappingClient's lock protects it.
class MappingStream {
public:
    // An open descriptor keeps memory alive that the kernel may have freed. So of segments that a client has unmapped it
    // keeps only small ones open, and few: a view that is mapped again then costs no descriptor.
    static constexpr std::size_t max_idle_segments = 16;
    static constexpr std::uint64_t max_idle_bytes = 1 << 20;

    MappingStream(OutgoingQueue& queue, std::atomic<std::uint64_t>& issued) : queue_(queue), issued_(issued) {}

    // A descriptor of the segment that is the caller's; asked for only when the client has none yet.
    class DescriptorSource {
    public:
        virtual platform::Descriptor open() = 0;

    protected:
        ~DescriptorSource() = default;
    };

    // kind, sequence and the descriptor flag of `message` are filled in. False when the descriptor cannot be had.
    [[nodiscard]] bool send_with_segment(Mapping message, DescriptorSource& source);
    // The number that the message got.
    std::uint64_t send(Mapping message);
    // The client has no mapping of the segment any more: its descriptor becomes idle, and old idle ones are forgotten.
    void segment_is_idle(std::uint64_t segment, std::uint64_t length_bytes);
    // The client must close its descriptor now.
    void forget(std::uint64_t segment);

private:
    // A segment that the client has a descriptor of.
    struct Known {
        std::uint64_t segment;
        std::uint64_t last_use;    // the sequence of the message that named it last
        std::uint64_t idle_bytes;  // its length when the client has no mapping of it, else 0
    };
    void issue(Mapping message, std::span<const int> descriptors);
    void forget_oldest(bool only_idle);

    OutgoingQueue& queue_;
    std::atomic<std::uint64_t>& issued_;
    std::uint64_t next_ = 1;
    std::vector<Known> known_;  // at most max_client_segments
};

}  // namespace pw::channel
