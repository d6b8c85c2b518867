// SPDX-License-Identifier: Apache-2.0
#include "channel/wire/call_table.h"

#include <type_traits>

namespace pw::channel {
namespace {

template <typename T>
constexpr std::uint32_t wire_bytes = std::is_empty_v<T> ? 0 : static_cast<std::uint32_t>(sizeof(T));

template <typename In>
bool in_ok(const void* in, std::uint32_t payload_bytes) {
    return nt::wire_ok(*static_cast<const In*>(in), payload_bytes);
}

constexpr CallShape shapes[] = {
#define PW_SHAPE(call) {wire_bytes<nt::call##In>, wire_bytes<nt::call##Out>, in_ok<nt::call##In>},
    PW_SYSTEM_CALLS(PW_SHAPE)
#undef PW_SHAPE
};

}  // namespace

const CallShape* call_shape(std::uint32_t number) {
    return number < static_cast<std::uint32_t>(nt::CallNumber::count) ? &shapes[number] : nullptr;
}

}  // namespace pw::channel
