// SPDX-License-Identifier: Apache-2.0
// Marks that the calling thread starts a thread of the runtime's own, which gets an ordinary stack.
#pragma once

namespace pw::win32 {

class InternalThreadScope {
public:
    InternalThreadScope() : before_(active_) { active_ = true; }
    ~InternalThreadScope() { active_ = before_; }
    InternalThreadScope(const InternalThreadScope&) = delete;
    InternalThreadScope& operator=(const InternalThreadScope&) = delete;
    [[nodiscard]] static bool is_active() { return active_; }

private:
    static inline thread_local constinit bool active_ = false;
    const bool before_;
};

}  // namespace pw::win32
