// SPDX-License-Identifier: Apache-2.0
// JoinedThread: a thread of ours that is always joined, and whose start can fail without an exception.
#pragma once

#include <cstddef>
#include <functional>

namespace pw::platform {

class JoinedThread {
public:
    JoinedThread() = default;
    ~JoinedThread() { join(); }
    JoinedThread(const JoinedThread&) = delete;
    JoinedThread& operator=(const JoinedThread&) = delete;

    // Starts `body` on a new thread with every signal blocked that is not a fault. `name` shows in /proc (15 characters).
    // False when the system refuses. stack_bytes 0: the system's default.
    [[nodiscard]] bool start(const char* name, std::function<void()> body, std::size_t stack_bytes = 0);
    // Waits for the end of the thread; nothing when none was started. Not on the thread itself.
    void join();

private:
    std::function<void()> body_;
    unsigned long handle_ = 0;
    bool running_ = false;
};

// Lets the calling thread get no signal but faults (SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP).
void block_ordinary_signals();

}  // namespace pw::platform
