// SPDX-License-Identifier: Apache-2.0
#include "channel/wire/wire_validate.h"

#include <algorithm>
#include <cstring>

#include "channel/wire/call_table.h"

namespace pw::channel {
namespace {

// Messages of fixed length; the kind is their first field.
template <typename T>
bool take(std::span<const std::byte> message, MessageKind kind, T* value) {
    if (message.size() != sizeof(T)) return false;
    std::memcpy(value, message.data(), sizeof(T));
    return value->kind == static_cast<std::uint32_t>(kind);
}

bool range_is_pages(std::uint64_t address, std::uint64_t length_bytes) {
    std::uint64_t end = 0;
    return length_bytes != 0 && is_aligned(address, page_size_bytes) && is_aligned(length_bytes, page_size_bytes) &&
           checked_add(address, length_bytes, &end);
}

}  // namespace

HelloVerdict validate_hello(std::span<const std::byte> message, std::size_t descriptors, Hello* hello) {
    *hello = {};
    // Another version may have another length; kind, magic and version keep their place.
    constexpr std::size_t prefix_bytes = offsetof(Hello, sanitizers);
    if (message.size() < prefix_bytes) return HelloVerdict::malformed;
    std::memcpy(hello, message.data(), std::min(message.size(), sizeof *hello));
    if (hello->kind != static_cast<std::uint32_t>(MessageKind::hello) || hello->magic != wire_magic) {
        return HelloVerdict::malformed;
    }
    if (hello->version != wire_version) return HelloVerdict::other_version;
    if (message.size() != sizeof *hello || descriptors != 2) return HelloVerdict::malformed;
    if ((hello->sanitizers & ~(sanitizer_address | sanitizer_thread)) != 0) return HelloVerdict::malformed;
    return HelloVerdict::ok;
}

bool validate_attach_thread(std::span<const std::byte> message, std::size_t descriptors, AttachThread* attach) {
    return descriptors == 0 && take(message, MessageKind::attach_thread, attach) && attach->reserved == 0;
}

bool validate_attach_file(std::span<const std::byte> message, std::size_t descriptors, AttachFile* attach) {
    return descriptors == 1 && take(message, MessageKind::attach_file, attach) && attach->reserved == 0;
}

bool validate_file_attached(std::span<const std::byte> message, std::size_t descriptors, FileAttached* reply) {
    return descriptors == 0 && take(message, MessageKind::file_attached, reply) && (reply->status < 0) == (reply->handle == 0);
}

bool validate_touch_guard(std::span<const std::byte> message, std::size_t descriptors, TouchGuard* touch) {
    return descriptors == 0 && take(message, MessageKind::touch_guard, touch) && touch->reserved == 0;
}

bool validate_guard_touched(std::span<const std::byte> message, std::size_t descriptors, GuardTouched* reply) {
    return descriptors == 0 && take(message, MessageKind::guard_touched, reply) && reply->was_guard <= 1;
}

std::uint32_t message_kind(std::span<const std::byte> message) {
    std::uint32_t kind = 0;
    if (message.size() >= sizeof kind) std::memcpy(&kind, message.data(), sizeof kind);
    return kind;
}

bool validate_welcome(std::span<const std::byte> message, std::size_t descriptors, Welcome* welcome) {
    return descriptors == 3 && take(message, MessageKind::welcome, welcome) && welcome->version == wire_version &&
           range_is_pages(welcome->slot_base, welcome->slot_bytes) &&
           range_is_pages(welcome->slot_base, welcome->room_bytes) && welcome->room_bytes >= welcome->slot_bytes;
}

bool validate_thread_attached(std::span<const std::byte> message, std::size_t descriptors, ThreadAttached* reply) {
    return take(message, MessageKind::thread_attached, reply) && descriptors == (reply->status < 0 ? 0u : 2u);
}

bool validate_mapping(std::span<const std::byte> message, std::size_t descriptors, Mapping* mapping) {
    if (!take(message, MessageKind::mapping, mapping)) return false;
    const bool has_descriptor = (mapping->flags & mapping_has_descriptor) != 0;
    if (descriptors != (has_descriptor ? 1u : 0u)) return false;
    if ((mapping->flags & ~(mapping_copy_on_write | mapping_has_descriptor)) != 0) return false;
    if ((mapping->access & ~mapping_access_mask) != 0) return false;
    switch (static_cast<MappingOperation>(mapping->operation)) {
        case MappingOperation::map:
        case MappingOperation::adopt:
            return range_is_pages(mapping->address, mapping->length_bytes) &&
                   is_aligned(mapping->offset_bytes, page_size_bytes);
        case MappingOperation::unmap:
        case MappingOperation::protect:
            return range_is_pages(mapping->address, mapping->length_bytes) && !has_descriptor;
        case MappingOperation::forget_segment:
            return !has_descriptor;
    }
    return false;
}

std::optional<std::string> refusal_text(std::span<const std::byte> message) {
    constexpr std::size_t prefix_bytes = offsetof(Refused, text);
    if (message_kind(message) != static_cast<std::uint32_t>(MessageKind::refused) || message.size() < prefix_bytes) return {};
    std::uint32_t claimed = 0;
    std::memcpy(&claimed, message.data() + offsetof(Refused, text_bytes), sizeof claimed);
    const std::size_t length = std::min<std::size_t>(claimed, message.size() - prefix_bytes);
    std::string text(reinterpret_cast<const char*>(message.data()) + prefix_bytes, length);
    for (char& c : text) {
        if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = ' ';
    }
    return text;
}

bool validate_header(const CapturedHeader& header) {
    const CallShape* shape = call_shape(header.number);
    if (shape == nullptr || header.in_bytes != shape->in_bytes) return false;
    return header.payload_bytes <= request_body_bytes - payload_offset(header.in_bytes);
}

bool validate_request(const CapturedHeader& header, const void* in) {
    return call_shape(header.number)->in_ok(in, header.payload_bytes);
}

}  // namespace pw::channel
