// SPDX-License-Identifier: Apache-2.0
#include "platform/fault_injection.h"

namespace pw::platform {
namespace {

struct Plan {
    std::uint32_t points = 0;     // 0: no scope
    std::uint32_t steps_left = 0;
    bool failed = false;
};
// initial-exec: read in fault handlers, where a lazily allocated variable must not be touched first.
__attribute__((tls_model("initial-exec"))) thread_local Plan plan;

}  // namespace

bool step_fails(FailurePoint point) {
    if (plan.points == 0) [[likely]] return false;
    if ((plan.points & static_cast<std::uint32_t>(point)) == 0 || plan.failed) return false;
    if (--plan.steps_left != 0) return false;
    plan.failed = true;
    return true;
}

UndoScope::UndoScope() : points_(plan.points) { plan.points = 0; }

UndoScope::~UndoScope() { plan.points = points_; }

FailureScope::FailureScope(std::uint32_t nth, std::uint32_t points) { plan = {points, nth, false}; }

FailureScope::~FailureScope() { plan = {}; }

bool FailureScope::has_failed() const { return plan.failed; }

}  // namespace pw::platform
