// SPDX-License-Identifier: Apache-2.0
// Roles that this test program plays as a child process of the test.
#pragma once

#include <cstdint>
#include <string>

#include "platform/process_spawn.h"

namespace pw::chaos {

// Connects and does, on several threads, whatever leaves something in the host, in an order that the seed decides, for
// ever. Returns only when the host is gone or refuses.
// Writes a byte to `started` (a pipe) when its first file is open.
void run_victim(const std::string& socket, std::uint64_t seed, int started);

// How a child is started: `test` is the name of a disabled test of this program, its role.
[[nodiscard]] platform::SpawnRequest role(const std::string& test, const std::string& socket,
                                          std::initializer_list<std::pair<std::string, std::string>> environment = {});
// What role() handed over. Ends the test when it is missing.
[[nodiscard]] std::string role_socket();
[[nodiscard]] std::uint64_t role_number(const char* variable);

}  // namespace pw::chaos
