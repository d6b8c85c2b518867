// SPDX-License-Identifier: Apache-2.0
// One command line out of a program's arguments.
#pragma once

#include <string>
#include <vector>

namespace pw::win32 {

// Quotes so that the documented rules of parsing a command line give the same arguments again.
[[nodiscard]] std::string command_line_of(const std::vector<std::string>& arguments);

}  // namespace pw::win32
