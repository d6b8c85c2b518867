// SPDX-License-Identifier: Apache-2.0
// Decides whether received bytes are well-formed messages or requests. Pure: no state, no I/O; the fuzz targets call these.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "channel/wire/wire.h"

namespace pw::channel {

enum class HelloVerdict { ok, malformed, other_version };
// With other_version only kind, magic and version of *hello are meaningful.
[[nodiscard]] HelloVerdict validate_hello(std::span<const std::byte> message, std::size_t descriptors, Hello* hello);
[[nodiscard]] bool validate_attach_file(std::span<const std::byte> message, std::size_t descriptors, AttachFile* attach);
[[nodiscard]] bool validate_file_attached(std::span<const std::byte> message, std::size_t descriptors, FileAttached* reply);
[[nodiscard]] bool validate_touch_guard(std::span<const std::byte> message, std::size_t descriptors, TouchGuard* touch);
[[nodiscard]] bool validate_guard_touched(std::span<const std::byte> message, std::size_t descriptors, GuardTouched* reply);
[[nodiscard]] bool validate_attach_thread(std::span<const std::byte> message, std::size_t descriptors, AttachThread* attach);

// The client's side. 0 for what is too short to have a kind.
[[nodiscard]] std::uint32_t message_kind(std::span<const std::byte> message);
[[nodiscard]] bool validate_welcome(std::span<const std::byte> message, std::size_t descriptors, Welcome* welcome);
[[nodiscard]] bool validate_thread_attached(std::span<const std::byte> message, std::size_t descriptors, ThreadAttached* reply);
[[nodiscard]] bool validate_mapping(std::span<const std::byte> message, std::size_t descriptors, Mapping* mapping);
// The reason as one printable line; nothing if the message is no refusal.
[[nodiscard]] std::optional<std::string> refusal_text(std::span<const std::byte> message);

// One request's header, captured.
struct CapturedHeader {
    std::uint32_t number = 0;
    std::uint32_t in_bytes = 0;
    std::uint32_t payload_bytes = 0;
};
// The call is known, its In struct has the right size, the payload fits the page.
[[nodiscard]] bool validate_header(const CapturedHeader& header);
// The fields of the captured In struct keep their rules. Precondition: validate_header(header).
[[nodiscard]] bool validate_request(const CapturedHeader& header, const void* in);

}  // namespace pw::channel
