// SPDX-License-Identifier: Apache-2.0
// SleepObserver: is told when a thread stops in a wait, and when it goes on.
#pragma once

namespace pw::ke {

class Thread;

struct SleepObserver {
    // On the thread itself, below DISPATCH_LEVEL, no lock held. In pairs.
    void (*sleeps)(Thread& thread);
    void (*goes_on)(Thread& thread);
};

// One for all kernels of this program, for good; it lives for ever. Threads that wait already are not told of.
void set_sleep_observer(const SleepObserver* observer);

}  // namespace pw::ke
