// SPDX-License-Identifier: Apache-2.0
// Every validator of the wire over the same bytes; what is accepted must keep its promises.
#include <algorithm>
#include <cstdint>
#include <cstring>

#include "base/check.h"
#include "channel/wire/call_table.h"
#include "channel/wire/wire_validate.h"
#include "kernel/services/syscall.h"

using namespace pw;
using namespace pw::channel;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size < 2) return 0;
    const std::size_t descriptors = data[0] % 5;
    const std::span<const std::byte> message = std::as_bytes(std::span(data + 1, size - 1));
    Hello hello;
    if (validate_hello(message, descriptors, &hello) == HelloVerdict::ok) PW_CHECK(descriptors == 2);
    AttachThread attach;
    static_cast<void>(validate_attach_thread(message, descriptors, &attach));
    Welcome welcome;
    if (validate_welcome(message, descriptors, &welcome)) PW_CHECK(welcome.slot_base + welcome.slot_bytes > welcome.slot_base);
    TouchGuard touch;
    static_cast<void>(validate_touch_guard(message, descriptors, &touch));
    GuardTouched touched;
    if (validate_guard_touched(message, descriptors, &touched)) PW_CHECK(touched.was_guard <= 1);
    ThreadAttached attached;
    static_cast<void>(validate_thread_attached(message, descriptors, &attached));
    Mapping mapping;
    if (validate_mapping(message, descriptors, &mapping) &&
        mapping.operation != static_cast<std::uint32_t>(MappingOperation::forget_segment)) {
        PW_CHECK(mapping.address + mapping.length_bytes > mapping.address && mapping.length_bytes % 4096 == 0);
    }
    if (const auto text = refusal_text(message)) {
        PW_CHECK(text->size() <= message.size());
        for (const char c : *text) PW_CHECK(static_cast<unsigned char>(c) >= 0x20);
    }
    // A request: number and payload length, then the In struct.
    CapturedHeader header;
    std::uint8_t bytes[sizeof(CapturedHeader)] = {};
    std::memcpy(bytes, data + 1, std::min(size - 1, sizeof bytes));
    std::memcpy(&header, bytes, sizeof header);
    header.number %= static_cast<std::uint32_t>(nt::CallNumber::count) + 2;
    const CallShape* shape = call_shape(header.number);
    PW_CHECK((shape == nullptr) == (header.number >= static_cast<std::uint32_t>(nt::CallNumber::count)));
    if (shape == nullptr) {
        PW_CHECK(!validate_header(header));
        return 0;
    }
    static_cast<void>(validate_header(header));
    header.in_bytes = shape->in_bytes;
    if (!validate_header(header)) return 0;
    PW_CHECK(payload_offset(header.in_bytes) + header.payload_bytes <= request_body_bytes);
    alignas(16) std::byte in[nt::max_call_struct_bytes] = {};
    if (size > 1 + sizeof bytes) std::memcpy(in, data + 1 + sizeof bytes, std::min(size - 1 - sizeof bytes, sizeof in));
    static_cast<void>(validate_request(header, in));
    return 0;
}
