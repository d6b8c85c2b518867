// SPDX-License-Identifier: Apache-2.0
// For tests that jump out of a bug check: what the jump leaves behind is no leak of theirs.
#pragma once

extern "C" {
__attribute__((weak)) void __lsan_disable();
__attribute__((weak)) void __lsan_enable();
}

namespace pw::test {

// What this thread allocates meanwhile is not looked at by LeakSanitizer, where there is one.
class LeakAmnesty {
public:
    LeakAmnesty() {
        if (__lsan_disable != nullptr) __lsan_disable();
    }
    ~LeakAmnesty() {
        if (__lsan_enable != nullptr) __lsan_enable();
    }
    LeakAmnesty(const LeakAmnesty&) = delete;
    LeakAmnesty& operator=(const LeakAmnesty&) = delete;
};

}  // namespace pw::test
