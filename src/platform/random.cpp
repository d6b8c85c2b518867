// SPDX-License-Identifier: Apache-2.0
#include "platform/random.h"

#include <sys/random.h>

#include <cerrno>

#include "base/check.h"

namespace pw::platform {

void fill_random(void* target, std::size_t bytes) {
    auto* next = static_cast<std::byte*>(target);
    while (bytes != 0) {
        const ssize_t got = ::getrandom(next, bytes, 0);
        if (got < 0) {
            PW_CHECK(errno == EINTR);
            continue;
        }
        next += got;
        bytes -= static_cast<std::size_t>(got);
    }
}

}  // namespace pw::platform
