// SPDX-License-Identifier: Apache-2.0
// What the system tells about the process at the other end of a socket.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace pw::platform {

// The file name of the program that a process runs, without its folders; "?" when the system does not tell.
[[nodiscard]] std::string process_image_name(std::uint32_t process_id);
// The path of that program and the arguments that it was started with, as they are now; empty when the system does not tell.
[[nodiscard]] std::string process_program_path(std::uint32_t process_id);
[[nodiscard]] std::vector<std::string> process_arguments(std::uint32_t process_id);
// Whether there is a process of this number now.
[[nodiscard]] bool process_runs(std::uint32_t process_id);
// The number of the process that started it (or took it over); 0 when the system does not tell.
[[nodiscard]] std::uint32_t parent_of_process(std::uint32_t process_id);
// The supplementary groups of whoever connected a socket, as they were at that moment.
[[nodiscard]] std::vector<std::uint32_t> peer_groups(int socket);
// True if the descriptor is a file of procfs whose last name is `name` ("mem", "maps"): reading such a file never hangs
// on a file system that the process itself serves.
[[nodiscard]] bool is_process_file(int fd, const char* name);

// The caller's own /proc/self/mem (read-write) and /proc/self/maps; -1 on failure. The caller closes them.
[[nodiscard]] int open_own_memory();
[[nodiscard]] int open_own_maps();

// SIGKILL. The process may be gone already.
void kill_process(int pidfd);

}  // namespace pw::platform
