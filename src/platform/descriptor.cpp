// SPDX-License-Identifier: Apache-2.0
#include "platform/descriptor.h"

#include <cerrno>

#include <fcntl.h>
#include <unistd.h>

#include "platform/fault_injection.h"

namespace pw::platform {

void close_descriptor(int fd) {
    if (fd < 0) return;
    const int saved = errno;
    ::close(fd);
    errno = saved;
}

Descriptor duplicate_descriptor(int fd) {
    if (fd < 0 || step_fails(FailurePoint::descriptor)) return {};
    return Descriptor(::fcntl(fd, F_DUPFD_CLOEXEC, 3));
}

}  // namespace pw::platform
