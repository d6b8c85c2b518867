// SPDX-License-Identifier: Apache-2.0
// WaitThreads: threads that wait for many handles on behalf of others: up to 63 each, with a time for every one.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <vector>

#include "win32/minwindef.h"

namespace pw::win32 {

class WaitThreads {
public:
    // Never destroyed.
    [[nodiscard]] static WaitThreads& instance();

    // One wait. `done` is called once with WAIT_OBJECT_0, WAIT_ABANDONED_0, WAIT_TIMEOUT or WAIT_FAILED, on the thread that
    // waited; it must be short. A null time: for ever.
    struct Wait {
        HANDLE object;
        std::function<void(DWORD result)> done;
    };
    // Null when no thread can be had.
    [[nodiscard]] std::shared_ptr<Wait> start(HANDLE object, const std::uint64_t* timeout_ms, std::function<void(DWORD)> done);
    // True: it is waited for no more, and `done` will not be called. False: it has been called, or is being called.
    bool stop(const std::shared_ptr<Wait>& wait);

private:
    class WaitThread;
    std::mutex lock_;
    std::vector<WaitThread*> threads_;  // never destroyed, either
};

}  // namespace pw::win32
