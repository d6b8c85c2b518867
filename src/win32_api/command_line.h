// SPDX-License-Identifier: Apache-2.0
// One command line out of a program's arguments.
#pragma once

#include <string>
#include <vector>

namespace pw::win32 {

// Quotes so that the documented rules of parsing a command line give the same arguments again.
[[nodiscard]] std::string command_line_of(const std::vector<std::string>& arguments);

// The other way round, as the C run-time library splits a command line: the program's name ends at a space outside of quotes,
// whose backslashes are plain; then the rules above.
[[nodiscard]] std::vector<std::string> arguments_of(const std::string& line);

}  // namespace pw::win32
