// SPDX-License-Identifier: Apache-2.0
#include "platform/readiness.h"

#include <cstddef>

#include <poll.h>

#include "base/check.h"

namespace pw::platform {

bool wait_until_ready(std::span<ReadyDescriptor> descriptors, int timeout_ms) {
    constexpr std::size_t max_descriptors = 8;
    PW_CHECK(descriptors.size() <= max_descriptors);
    pollfd items[max_descriptors];
    for (std::size_t i = 0; i < descriptors.size(); ++i) {
        ReadyDescriptor& wanted = descriptors[i];
        int events = 0;
        if (wanted.want_read) events |= POLLIN;
        if (wanted.want_write) events |= POLLOUT;
        if (wanted.want_hangup) events |= POLLRDHUP;
        items[i] = {wanted.fd, static_cast<short>(events), 0};
        wanted.readable = wanted.writable = wanted.hung_up = false;
    }
    const int count = ::poll(items, descriptors.size(), timeout_ms);
    if (count == 0) return false;
    if (count < 0) return true;
    for (std::size_t i = 0; i < descriptors.size(); ++i) {
        const short got = items[i].revents;
        descriptors[i].readable = (got & POLLIN) != 0;
        descriptors[i].writable = (got & POLLOUT) != 0;
        descriptors[i].hung_up = (got & (POLLHUP | POLLERR | POLLNVAL | POLLRDHUP)) != 0;
    }
    return true;
}

}  // namespace pw::platform
