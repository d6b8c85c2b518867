// SPDX-License-Identifier: Apache-2.0
// PW_CHECK: an assertion about ourselves that is always on (design D11: a caller's error is a status, a driver's error is
// a verifier report or a bug check, our own error ends here).
#pragma once

namespace pw {

// Writes "file:line: check failed: text" to standard error and aborts. Any thread, any IRQL.
[[noreturn]] void check_failed(const char* file, int line, const char* text);

}  // namespace pw

#define PW_CHECK(condition)                                        \
    do {                                                           \
        if (!(condition)) [[unlikely]]                             \
            ::pw::check_failed(__FILE__, __LINE__, #condition);    \
    } while (false)
