// SPDX-License-Identifier: Apache-2.0
// FailureScope: makes the nth step of the calling thread that can fail, fail; for tests that try each of them in turn.
#pragma once

#include <cstdint>

namespace pw::platform {

// What runs out.
enum class FailurePoint : std::uint8_t { allocation = 1, mapping = 2, descriptor = 4, thread = 8 };

// Stands where a step can fail: true when it is to fail now. One load when no test is at work; safe in a fault handler.
[[nodiscard]] bool step_fails(FailurePoint point);

// While it lives, the `nth` step (1, 2, …) of the calling thread whose kind is in `points` (bits of FailurePoint) fails, once.
// One at a time per thread.
class FailureScope {
public:
    explicit FailureScope(std::uint32_t nth, std::uint32_t points = 15);
    ~FailureScope();
    FailureScope(const FailureScope&) = delete;
    FailureScope& operator=(const FailureScope&) = delete;

    // Whether the step came.
    [[nodiscard]] bool has_failed() const;
};

// While it lives, no step of the calling thread fails: around what undoes, which has nobody to tell.
class UndoScope {
public:
    UndoScope();
    ~UndoScope();
    UndoScope(const UndoScope&) = delete;
    UndoScope& operator=(const UndoScope&) = delete;

private:
    const std::uint32_t points_;
};

}  // namespace pw::platform
