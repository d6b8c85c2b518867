// SPDX-License-Identifier: Apache-2.0
// DriverImages: which driver an address of code belongs to.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/lock.h"
#include "kernel/io/driver.h"
#include "verifier/call_stack.h"

namespace pw::verifier {

class DriverImages {
public:
    // A driver without an image (IoCreateDriver) is not entered.
    void add(io::DriverObject& driver);
    void remove(io::DriverObject& driver);
    // The driver whose frame is the innermost of the stack; null when none is there. Compared, never followed: it may be gone.
    [[nodiscard]] const io::DriverObject* of(const CallStack& stack) const;

private:
    struct Image {
        std::uint64_t base;
        std::uint64_t length_bytes;
        const io::DriverObject* driver;
    };
    mutable Mutex lock_{LockRank::leaf};
    std::vector<Image> images_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::verifier
