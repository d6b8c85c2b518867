// SPDX-License-Identifier: Apache-2.0
// The field types that a system call's wire structs are made of; each says what is checked before a service sees it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <type_traits>

namespace pw::nt {

// A handle of the calling process. Looked up, never trusted; no check on the wire.
struct WireHandle {
    std::uint64_t value;
};

// An address in the calling process. Only the services that copy from or to it check it.
struct WireAddress {
    std::uint64_t value;
};

// A part of the call's payload. Checked: it lies inside the payload.
struct WireBytes {
    std::uint32_t offset;
    std::uint32_t length_bytes;
};

// UTF-16 text in the payload, not terminated. Checked: inside the payload, even length, at most 65,534 bytes.
struct WireString {
    std::uint32_t offset;
    std::uint32_t length_bytes;
};

// Checked: 0 or 1.
struct WireBool {
    std::uint8_t value;
};

// NT's timeout: absolute when positive, relative when negative, in 100 ns. Absent means for ever. Checked: flag 0 or 1.
struct WireTimeout {
    std::int64_t value_100ns;
    std::uint8_t present;
};

// OBJECT_ATTRIBUTES, flattened. A name of length 0 with has_name == 0 means unnamed.
struct WireObjectAttributes {
    WireHandle root_directory;
    WireString name;
    WireBytes security_descriptor;  // self-relative, length 0: the default
    std::uint32_t attributes;       // OBJ_*
    std::uint8_t has_name;
    std::uint8_t reserved[3];
};

// IO_STATUS_BLOCK as it travels back.
struct WireStatusBlock {
    std::int32_t status;
    std::uint32_t written;  // 1: the client stores it in the caller's block; 0: NT leaves the block alone
    std::uint64_t information;
};

// A packet of a completion port as it travels back; the layout of FILE_IO_COMPLETION_INFORMATION.
struct WirePacket {
    std::uint64_t key;
    std::uint64_t apc_context;
    std::int32_t status;
    std::uint32_t reserved;
    std::uint64_t information;
};
static_assert(sizeof(WirePacket) == 32);

// MEM_ADDRESS_REQUIREMENTS; 0 means that everything is acceptable. Only the services that allocate check it.
struct WireAddressRequirements {
    std::uint64_t lowest;
    std::uint64_t highest;  // inclusive
    std::uint64_t alignment_bytes;
};

constexpr std::uint32_t max_wire_string_bytes = 65534;

constexpr bool wire_range_ok(std::uint32_t offset, std::uint32_t length_bytes, std::uint32_t payload_bytes) {
    return offset <= payload_bytes && length_bytes <= payload_bytes - offset;
}

// One overload per field type; scalars carry no rule of their own.
template <typename T>
    requires std::is_integral_v<T>
constexpr bool wire_field_ok(const T&, std::uint32_t) { return true; }
constexpr bool wire_field_ok(const WireHandle&, std::uint32_t) { return true; }
constexpr bool wire_field_ok(const WireAddress&, std::uint32_t) { return true; }
constexpr bool wire_field_ok(const WireAddressRequirements&, std::uint32_t) { return true; }
constexpr bool wire_field_ok(const WireBool& field, std::uint32_t) { return field.value <= 1; }
constexpr bool wire_field_ok(const WireTimeout& field, std::uint32_t) { return field.present <= 1; }
constexpr bool wire_field_ok(const WireBytes& field, std::uint32_t payload_bytes) {
    return wire_range_ok(field.offset, field.length_bytes, payload_bytes);
}
constexpr bool wire_field_ok(const WireString& field, std::uint32_t payload_bytes) {
    return field.length_bytes % 2 == 0 && field.length_bytes <= max_wire_string_bytes &&
           wire_range_ok(field.offset, field.length_bytes, payload_bytes);
}
constexpr bool wire_field_ok(const WireObjectAttributes& field, std::uint32_t payload_bytes) {
    return field.has_name <= 1 && wire_field_ok(field.name, payload_bytes) &&
           wire_field_ok(field.security_descriptor, payload_bytes);
}

}  // namespace pw::nt
