// SPDX-License-Identifier: Apache-2.0
// The running program: its file, its arguments, where it lies in memory, its machine's and its user's name.
#pragma once

#include <string>
#include <vector>

namespace pw::platform {

// The absolute path of the program's file; empty when the system does not tell.
[[nodiscard]] std::string program_path();
// As the program was started; the first is its name.
[[nodiscard]] std::vector<std::string> program_arguments();
// Where the program's file is mapped.
[[nodiscard]] const void* program_base();

// What the shared object that holds `address_inside` exports under this name; null when it exports no such function,
// also when another shared object does.
[[nodiscard]] void* find_export_of(const void* address_inside, const char* name);

[[nodiscard]] std::string host_name();
// Of the effective user; the number as text when it has no name.
[[nodiscard]] std::string user_name();

}  // namespace pw::platform
