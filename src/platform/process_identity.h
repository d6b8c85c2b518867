// SPDX-License-Identifier: Apache-2.0
// Who this process is, and the few process-wide settings of a driver host.
#pragma once

#include <cstdint>
#include <string>

namespace pw::platform {

[[nodiscard]] std::uint32_t process_id();
[[nodiscard]] std::uint32_t user_id();
[[nodiscard]] std::uint32_t group_id();
// The name of the program's file.
[[nodiscard]] std::string process_name();
// Whether a debugger is attached to this process.
[[nodiscard]] bool is_traced();

// No ptrace, no core file, no /proc/self/mem for other processes (design D9).
void forbid_inspection();
// As many descriptors as the system allows at most: each section of a client costs one.
void raise_descriptor_limit();
[[nodiscard]] std::uint64_t descriptor_limit();
// Blocks the calling thread until the process is asked to end: SIGTERM, SIGINT or SIGHUP. Call block_end_signals() before
// any thread starts.
void block_end_signals();
int wait_for_end_signal();
// Writes the whole text to a descriptor; false when it cannot.
bool write_all(int descriptor, const std::string& text);

}  // namespace pw::platform
