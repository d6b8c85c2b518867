// SPDX-License-Identifier: Apache-2.0
#include "channel/server/mapping_stream.h"

namespace pw::channel {

void MappingStream::issue(Mapping message, std::span<const int> descriptors) {
    message.kind = static_cast<std::uint32_t>(MessageKind::mapping);
    message.sequence = next_++;
    if (!descriptors.empty()) message.flags |= mapping_has_descriptor;
    queue_.push_struct(message, descriptors);
    // After the push: a client that sees the number finds the message on its way.
    issued_.store(message.sequence, std::memory_order_release);
}

bool MappingStream::send_with_segment(Mapping message, DescriptorSource& source) {
    for (Known& known : known_) {
        if (known.segment != message.segment) continue;
        known.last_use = next_;
        known.idle_bytes = 0;
        issue(message, {});
        return true;
    }
    const platform::Descriptor descriptor = source.open();
    if (!descriptor) return false;
    if (known_.size() >= max_client_segments) forget_oldest(false);
    known_.push_back({message.segment, next_, 0});
    const int fd = descriptor.get();
    issue(message, {&fd, 1});
    return true;
}

std::uint64_t MappingStream::send(Mapping message) {
    issue(message, {});
    return next_ - 1;
}

void MappingStream::segment_is_idle(std::uint64_t segment, std::uint64_t length_bytes) {
    if (length_bytes > max_idle_bytes) return forget(segment);
    std::size_t idle_count = 0;
    std::uint64_t idle_bytes = 0;
    for (Known& known : known_) {
        if (known.segment == segment) known.idle_bytes = length_bytes;
        idle_count += known.idle_bytes != 0;
        idle_bytes += known.idle_bytes;
    }
    if (idle_count > max_idle_segments || idle_bytes > max_idle_bytes) forget_oldest(true);
}

void MappingStream::forget_oldest(bool only_idle) {
    const Known* oldest = nullptr;
    for (const Known& known : known_) {
        if (only_idle && known.idle_bytes == 0) continue;
        if (oldest == nullptr || known.last_use < oldest->last_use) oldest = &known;
    }
    if (oldest != nullptr) forget(oldest->segment);
}

void MappingStream::forget(std::uint64_t segment) {
    const auto erased = std::erase_if(known_, [&](const Known& known) { return known.segment == segment; });
    if (erased == 0) return;
    Mapping message{};
    message.operation = static_cast<std::uint32_t>(MappingOperation::forget_segment);
    message.segment = segment;
    send(message);
}

}  // namespace pw::channel
