// SPDX-License-Identifier: Apache-2.0
// UntrustedBytes: shared bytes that another party may change at any time; they can be copied, never looked at in place.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>

namespace pw {

class UntrustedBytes {
public:
    constexpr UntrustedBytes() = default;
    constexpr UntrustedBytes(const std::byte* data, std::uint32_t length_bytes) : data_(data), length_bytes_(length_bytes) {}

    [[nodiscard]] std::uint32_t length_bytes() const { return length_bytes_; }
    // Precondition: the range lies inside (the field's validator has seen to it).
    void copy_to(void* target, std::uint32_t offset, std::uint32_t length_bytes) const {
        if (length_bytes != 0) std::memcpy(target, data_ + offset, length_bytes);
    }

private:
    const std::byte* data_ = nullptr;
    std::uint32_t length_bytes_ = 0;
};

}  // namespace pw
