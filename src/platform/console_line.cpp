// SPDX-License-Identifier: Apache-2.0
#include "platform/console_line.h"

#include <cerrno>
#include <cstring>

#include <unistd.h>

namespace pw::platform {

void write_console_line(const char* text) {
    char line[1001];
    const std::size_t length = ::strnlen(text, sizeof line - 1);
    std::memcpy(line, text, length);
    line[length] = '\n';
    const int saved = errno;
    // Nowhere to complain when standard error is closed.
    [[maybe_unused]] const ssize_t written = ::write(STDERR_FILENO, line, length + 1);
    errno = saved;
}

}  // namespace pw::platform
