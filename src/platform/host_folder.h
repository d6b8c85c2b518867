// SPDX-License-Identifier: Apache-2.0
// Folders of this machine and the disks that they lie on: listing, renaming, free space; pipes. Failures as in host_file.h.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/result.h"
#include "platform/descriptor.h"

namespace pw::platform {

// The names in the folder without "." and "..", sorted.
[[nodiscard]] Result<std::vector<std::string>> list_host_folder(const std::string& path);

// STATUS_OBJECT_NAME_COLLISION when `to` exists and is not to be replaced, STATUS_NOT_SAME_DEVICE, STATUS_ACCESS_DENIED when
// a folder would replace something or be replaced.
[[nodiscard]] Status rename_host_file(const std::string& from, const std::string& to, bool replace);

struct DiskSpace {
    std::uint64_t block_bytes = 0;
    std::uint64_t total_blocks = 0;
    std::uint64_t free_blocks = 0;
    std::uint64_t usable_blocks = 0;  // of the free ones, by this user
};
[[nodiscard]] Result<DiskSpace> disk_space(const std::string& path);

struct HostPipe {
    Descriptor read_end;
    Descriptor write_end;
};
[[nodiscard]] Result<HostPipe> make_host_pipe();
// Writes all, or fails: STATUS_PIPE_BROKEN when nobody can read it, and no SIGPIPE then.
[[nodiscard]] Result<std::size_t> write_host_pipe(int descriptor, const void* buffer, std::size_t length_bytes);

}  // namespace pw::platform
