// SPDX-License-Identifier: Apache-2.0
// Writes one line to standard error in a single write: no allocation, no lock, safe in a signal handler and before main.
#pragma once

namespace pw::platform {

// `text` without the newline; what is longer than 1000 characters is cut.
void write_console_line(const char* text);

}  // namespace pw::platform
