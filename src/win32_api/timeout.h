// SPDX-License-Identifier: Apache-2.0
// Timeout: milliseconds of the Win32 functions as NT's relative time in units of 100 ns.
#pragma once

#include "win32/winbase.h"

namespace pw::win32 {

class Timeout {
public:
    explicit Timeout(DWORD milliseconds) : for_ever_(milliseconds == INFINITE) {
        constexpr LONGLONG units_per_millisecond = 10'000;
        value_.QuadPart = for_ever_ ? 0 : -units_per_millisecond * static_cast<LONGLONG>(milliseconds);
    }
    // Null means for ever, as the native waits take it.
    [[nodiscard]] LARGE_INTEGER* get() { return for_ever_ ? nullptr : &value_; }

private:
    const bool for_ever_;
    LARGE_INTEGER value_;
};

}  // namespace pw::win32
