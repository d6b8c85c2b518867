// SPDX-License-Identifier: Apache-2.0
// Status: an NTSTATUS that cannot be dropped by accident and keeps its severity.
#pragma once

#include <cstdint>

namespace pw {

// STATUS_PENDING and STATUS_BUFFER_OVERFLOW are no failures: ask for the severity you mean.
class [[nodiscard]] Status {
public:
    constexpr Status() = default;
    // Implicit on purpose: `return STATUS_INVALID_HANDLE;` reads as in NT.
    constexpr Status(std::int32_t code) : code_(code) {}

    [[nodiscard]] constexpr std::int32_t code() const { return code_; }

    // NT_SUCCESS: success and informational severities.
    [[nodiscard]] constexpr bool is_success() const { return code_ >= 0; }
    // NT_ERROR: severity 3. For these NT copies no data back and signals nothing when the call fails at once.
    [[nodiscard]] constexpr bool is_error() const { return (static_cast<std::uint32_t>(code_) >> 30) == 3; }
    // NT_WARNING: severity 2, such as STATUS_BUFFER_OVERFLOW.
    [[nodiscard]] constexpr bool is_warning() const { return (static_cast<std::uint32_t>(code_) >> 30) == 2; }
    [[nodiscard]] constexpr bool is_failure() const { return code_ < 0; }

    // Says that dropping this status is meant, and why stands beside the call.
    constexpr void ignore() const {}

    friend constexpr bool operator==(Status, Status) = default;

private:
    std::int32_t code_ = 0;
};

}  // namespace pw
