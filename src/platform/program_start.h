// SPDX-License-Identifier: Apache-2.0
// Starting another program from an application, without fork(): its memory is neither copied nor shared on the way.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pw::platform {

struct ProgramStart {
    std::string path;  // of the executable file; not searched for
    std::vector<std::string> arguments;
    std::vector<std::string> environment;  // NAME=value
    std::string folder;                    // to start in; empty: the caller's
    int standard[3] = {-1, -1, -1};        // descriptors in place of 0, 1 and 2; -1: the caller's
};

// 0, or an errno value. The child must be waited for with wait_for_program().
[[nodiscard]] int start_program(const ProgramStart& start, int* process_id);

// How a program ended.
struct ProgramEnd {
    bool by_signal = false;
    int value = 0;  // exit code (8 bits) or signal
};
// Blocks until the child has ended.
[[nodiscard]] ProgramEnd wait_for_program(int process_id);

// A child of the caller that has not been waited for.
void kill_program(int process_id);

// A regular file that this user may execute.
[[nodiscard]] bool is_executable_file(const std::string& path);
[[nodiscard]] bool is_folder(const std::string& path);

// False: there is no process of this number any more (or it is nobody's business of this user).
[[nodiscard]] bool process_exists(std::uint32_t process_id);

}  // namespace pw::platform
