// SPDX-License-Identifier: Apache-2.0
// OS threads: starting a detached one, yielding, waiting for a counter.
#pragma once

#include <atomic>
#include <cstdint>

namespace pw::platform {

// Starts routine(argument) on a thread that nobody joins, with signals that are no faults blocked. `name` shows in /proc
// (15 characters). False when the system refuses.
[[nodiscard]] bool start_detached_thread(const char* name, void (*routine)(void*), void* argument);

// Blocks while the word equals `value`; wake it with wake_waiters() (std::atomic's notify does not reach this). False when
// timeout_ns has passed; a negative timeout means for ever.
bool wait_while_equal(const std::atomic<std::uint32_t>& word, std::uint32_t value, std::int64_t timeout_ns = -1);
void wake_waiters(const std::atomic<std::uint32_t>& word);

// Lets another thread run on this processor.
void yield_thread();

// The stack that the calling thread runs on: [low, high). Asks the system when it does not know the stack yet.
struct StackLimits {
    std::uintptr_t low = 0;
    std::uintptr_t high = 0;
};
[[nodiscard]] StackLimits stack_limits();
// The OS's number of the calling thread.
[[nodiscard]] std::uint32_t os_thread_id();

}  // namespace pw::platform
