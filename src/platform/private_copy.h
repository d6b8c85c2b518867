// SPDX-License-Identifier: Apache-2.0
// Turns shared memory of this process into private copies at the same addresses: what a forked child needs. Everything
// here is async-signal-safe.
#pragma once

#include <cstdint>

namespace pw::platform {

// Replaces [address, +length) of a shared mapping by a private one with the same contents. With a descriptor, whose offset
// belongs to `address`, holes are skipped and stay holes; with -1, pages that were never touched are skipped where the
// system can tell (no swap). False on failure.
// The range must not hold the running stack, see call_on_stack().
[[nodiscard]] bool make_private(std::uint64_t address, std::uint64_t length_bytes, int descriptor,
                                std::uint64_t offset_bytes);
// Calls `visit` for each writable shared mapping of this process that lies in [first, end), as /proc/self/maps has them.
// Stops when visit returns false. False when the list cannot be read, or a visit failed.
[[nodiscard]] bool for_each_shared_writable(std::uint64_t first, std::uint64_t end,
                                            bool (*visit)(std::uint64_t address, std::uint64_t length_bytes, void* context),
                                            void* context);

// Gives the pages of a private mapping back to the system; they read as zeros afterwards.
[[nodiscard]] bool discard_private(void* address, std::uint64_t length_bytes);
// Gives the pages of a file back to the system; they read as zeros afterwards.
[[nodiscard]] bool punch_file(int descriptor, std::uint64_t offset_bytes, std::uint64_t length_bytes);

}  // namespace pw::platform

// Runs function(argument) on another stack, whose highest address is `top` (16-byte aligned), and returns to the caller's.
extern "C" void pw_call_on_stack(void (*function)(void*), void* argument, void* top);
