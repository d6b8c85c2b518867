// SPDX-License-Identifier: Apache-2.0
// The trace ring: the last 1,024 events of the process, written without a lock in a few nanoseconds, read by bug checks.
#pragma once

#include <cstddef>
#include <cstdint>

namespace pw {

struct TraceEvent {
    std::uint64_t time_stamp = 0;  // processor ticks
    std::uint64_t id = 0;          // counts all events of the process
    std::uint64_t arguments[3] = {};
    const char* name = nullptr;  // a string literal
};

inline constexpr std::size_t trace_capacity = 1024;

// `name` must live for ever. Any thread, any IRQL, also in signal handlers.
void trace(const char* name, std::uint64_t a = 0, std::uint64_t b = 0, std::uint64_t c = 0);

// Copies the last events, oldest first; those being overwritten meanwhile are left out. Returns their number.
std::size_t read_trace(TraceEvent* events, std::size_t capacity);

}  // namespace pw
