// SPDX-License-Identifier: Apache-2.0
// Loads a shared library of ours and finds a function in it.
#pragma once

#include <string>

namespace pw::platform {

// The folder of the program or library that holds the code at this address; "." when it is unknown.
[[nodiscard]] std::string folder_of_code(const void* address);
// Loads the library with its names kept to itself, for the life of the process. Null on failure, with the reason in *why.
[[nodiscard]] void* load_function(const std::string& path, const char* function, std::string* why);

}  // namespace pw::platform
