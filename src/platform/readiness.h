// SPDX-License-Identifier: Apache-2.0
// Waits until one of a few descriptors is ready.
#pragma once

#include <span>

namespace pw::platform {

struct ReadyDescriptor {
    int fd = -1;             // negative: ignored
    bool want_read = false;
    bool want_write = false;
    bool want_hangup = true;  // that the other end closed, also while unread messages are left
    // Filled in by wait_until_ready.
    bool readable = false;
    bool writable = false;
    bool hung_up = false;
};

// Blocks up to timeout_ms (negative: for ever). False when the time is over. A signal ends the wait early with no flag set.
bool wait_until_ready(std::span<ReadyDescriptor> descriptors, int timeout_ms);

}  // namespace pw::platform
