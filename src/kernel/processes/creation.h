// SPDX-License-Identifier: Apache-2.0
// ProcessCreation: how a process came to be: what PsSetCreateProcessNotifyRoutineEx tells of it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace pw::ps {

struct ProcessCreation {
    std::uint32_t parent_id = 0;           // the process it inherits from; 0: not known
    std::uint32_t creator_process_id = 0;  // who called CreateProcess; 0: nobody of this kernel
    std::uint32_t creator_thread_id = 0;
    std::u16string image_path;    // as drivers write the machine's files: \??\Z:\…; empty: not known
    std::u16string command_line;  // empty: not known
};

// A path of the machine as drivers open it. Empty for an empty one.
[[nodiscard]] std::u16string nt_path_of(std::string_view path);
// The command line that the rules of Windows programs take apart into these arguments.
[[nodiscard]] std::u16string command_line_of(const std::vector<std::string>& arguments);

}  // namespace pw::ps
