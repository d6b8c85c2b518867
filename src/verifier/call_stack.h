// SPDX-License-Identifier: Apache-2.0
// CallStack: where something happened: return addresses, given names only when a report is written.
#pragma once

#include <array>
#include <span>
#include <string>

namespace pw::verifier {

class CallStack {
public:
    // The caller's stack without its `skip` innermost frames. Any IRQL.
    [[nodiscard]] static CallStack capture(int skip);

    [[nodiscard]] std::span<const void* const> frames() const { return {addresses_.data(), static_cast<std::size_t>(count_)}; }
    // One line per frame, each begun with `indent`. Slow.
    [[nodiscard]] std::string text(const char* indent) const;

private:
    static constexpr int capacity = 20;
    std::array<const void*, capacity> addresses_{};
    int count_ = 0;
};

}  // namespace pw::verifier
