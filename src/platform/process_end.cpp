// SPDX-License-Identifier: Apache-2.0
#include "platform/process_end.h"

#include <cerrno>

#include <unistd.h>

namespace pw::platform {

void end_process(int exit_code) { ::_exit(exit_code); }

void park_for_ever() {
    for (;;) ::pause();
}

void write_standard_error(const char* text, std::size_t length_bytes) {
    while (length_bytes != 0) {
        const ssize_t written = ::write(STDERR_FILENO, text, length_bytes);
        if (written < 0 && errno == EINTR) continue;
        if (written <= 0) return;
        text += written;
        length_bytes -= static_cast<std::size_t>(written);
    }
}

}  // namespace pw::platform
