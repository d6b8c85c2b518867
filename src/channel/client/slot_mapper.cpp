// SPDX-License-Identifier: Apache-2.0
#include "channel/client/slot_mapper.h"

#include <utility>

#include "ntstatus.h"
#include "platform/mapping.h"
#include "platform/memory_adoption.h"

namespace pw::channel {

SlotMapper::Cached* SlotMapper::find(std::uint64_t segment) {
    for (std::size_t i = 0; i < used_; ++i) {
        if (cached_[i].segment == segment) return &cached_[i];
    }
    return nullptr;
}

int SlotMapper::descriptor_of(std::uint64_t segment) {
    const Cached* entry = find(segment);
    return entry == nullptr || segment == 0 ? -1 : entry->descriptor.get();
}

Status SlotMapper::remember(std::uint64_t segment, platform::Descriptor descriptor) {
    if (segment == 0) return STATUS_INVALID_PARAMETER;
    Cached* entry = find(segment);
    if (entry == nullptr) entry = find(0);
    if (entry == nullptr && used_ < max_client_segments) entry = &cached_[used_++];
    if (entry == nullptr) return STATUS_INSUFFICIENT_RESOURCES;
    entry->segment = segment;
    entry->descriptor = std::move(descriptor);
    return STATUS_SUCCESS;
}

Status SlotMapper::apply(const Mapping& message, platform::Descriptor descriptor) {
    if (descriptor) {
        const Status status = remember(message.segment, std::move(descriptor));
        if (status.is_failure()) return status;
    }
    const auto access = static_cast<platform::PageAccess>(message.access);
    switch (static_cast<MappingOperation>(message.operation)) {
        case MappingOperation::map: {
            const int fd = descriptor_of(message.segment);
            if (fd < 0) return STATUS_INVALID_PARAMETER;
            if (message.address == arena_address_ && !arena_descriptor_) arena_descriptor_ = platform::duplicate_descriptor(fd);
            return platform::map_fixed(message.address, message.length_bytes, access, fd, message.offset_bytes,
                                       (message.flags & mapping_copy_on_write) != 0);
        }
        case MappingOperation::adopt: {
            const int fd = descriptor_of(message.segment);
            if (fd < 0) return STATUS_INVALID_PARAMETER;
            return platform::move_into_file(message.address, message.length_bytes, access, fd, message.offset_bytes);
        }
        case MappingOperation::unmap: return platform::unmap_to_reserved(message.address, message.length_bytes);
        case MappingOperation::protect: return platform::protect_fixed(message.address, message.length_bytes, access);
        case MappingOperation::forget_segment:
            if (Cached* entry = find(message.segment); entry != nullptr && message.segment != 0) {
                entry->segment = 0;
                entry->descriptor.reset();
            }
            return STATUS_SUCCESS;
    }
    return STATUS_INVALID_PARAMETER;
}

}  // namespace pw::channel
