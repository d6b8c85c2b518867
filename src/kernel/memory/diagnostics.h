// SPDX-License-Identifier: Apache-2.0
// Diagnostics: where the memory room says that a driver or a process did something wrong.
#pragma once

#include <cstdint>

namespace pw::mm {

class Diagnostics {
public:
    virtual ~Diagnostics() = default;
    // A documented bug check, with NT's code and parameters. In production it does not return; a test may record it and
    // return, and the caller then leaves everything as it was.
    virtual void bug_check(std::uint32_t code, std::uint64_t p1, std::uint64_t p2, std::uint64_t p3,
                           std::uint64_t p4) = 0;
    // One line for people about something that goes on. Called without any lock held.
    virtual void report(const char* text) = 0;
};

}  // namespace pw::mm
