// SPDX-License-Identifier: Apache-2.0
// Files of this machine, opened, read and written the way Win32's file functions need it. Paths are UTF-8.
//
// Failures: STATUS_OBJECT_NAME_NOT_FOUND (the last part is missing) and STATUS_OBJECT_PATH_NOT_FOUND (another part is),
// STATUS_OBJECT_NAME_COLLISION, STATUS_ACCESS_DENIED, STATUS_FILE_IS_A_DIRECTORY, STATUS_NOT_A_DIRECTORY,
// STATUS_DIRECTORY_NOT_EMPTY, STATUS_OBJECT_NAME_INVALID, STATUS_DISK_FULL, STATUS_MEDIA_WRITE_PROTECTED and others.
#pragma once

#include <cstdint>
#include <string>

#include "base/result.h"
#include "platform/descriptor.h"

namespace pw::platform {

enum class HostFileKind { regular, directory, character, pipe, other };

struct HostFileInfo {
    HostFileKind kind = HostFileKind::other;
    bool is_read_only = false;  // no write permission for anybody
    std::uint64_t size_bytes = 0;
    std::int64_t accessed_ns = 0;  // since 1970
    std::int64_t modified_ns = 0;
    std::int64_t changed_ns = 0;
    std::uint64_t allocated_bytes = 0;
    std::uint64_t inode = 0;
    std::uint64_t device = 0;  // of the file system
    std::uint32_t links = 0;
};

enum class OpenDisposition { create_new, create_always, open_existing, open_always, truncate_existing };

struct HostFileRequest {
    bool read = false;
    bool write = false;
    bool append = false;  // writes go to the end, wherever the position is
    OpenDisposition disposition = OpenDisposition::open_existing;
    bool create_read_only = false;
    bool regular_only = false;  // refuses anything else with STATUS_INVALID_DEVICE_REQUEST, and does not wait for a pipe's peer
};
struct OpenedHostFile {
    Descriptor descriptor;
    bool existed = false;
};
// Directories are refused with STATUS_FILE_IS_A_DIRECTORY.
[[nodiscard]] Result<OpenedHostFile> open_host_file(const std::string& path, const HostFileRequest& request);

// Bytes transferred; 0 at the end of the file. `offset` < 0: at the descriptor's position, which moves.
[[nodiscard]] Result<std::size_t> read_host_file(int descriptor, void* buffer, std::size_t length_bytes, std::int64_t offset);
// Writes all, or fails.
[[nodiscard]] Result<std::size_t> write_host_file(int descriptor, const void* buffer, std::size_t length_bytes,
                                                  std::int64_t offset);
enum class SeekFrom { begin, current, end };
[[nodiscard]] Result<std::int64_t> seek_host_file(int descriptor, std::int64_t distance, SeekFrom from);
// Cuts or extends the file at its position.
[[nodiscard]] Status end_host_file_here(int descriptor);
[[nodiscard]] Status flush_host_file(int descriptor);
// Cuts or extends the file. STATUS_DISK_FULL beyond this process's own limit.
[[nodiscard]] Status set_host_file_length(int descriptor, std::uint64_t length_bytes);
// Since 1970; time_unchanged: as it is.
inline constexpr std::int64_t time_unchanged = INT64_MIN;
[[nodiscard]] Status set_host_file_times(int descriptor, std::int64_t accessed_ns, std::int64_t modified_ns);
// Takes away everybody's right to write, or gives it back to the owner.
[[nodiscard]] Status set_host_file_read_only(int descriptor, bool read_only);
[[nodiscard]] Status set_host_path_read_only(const std::string& path, bool read_only);
[[nodiscard]] Result<HostFileInfo> query_host_file(int descriptor);

[[nodiscard]] Result<HostFileInfo> query_host_path(const std::string& path);
// A file, not a directory.
[[nodiscard]] Status remove_host_file(const std::string& path);
[[nodiscard]] Status make_host_directory(const std::string& path);
[[nodiscard]] Status remove_host_directory(const std::string& path);

// Absolute; empty when there is none any more.
[[nodiscard]] std::string current_directory();
[[nodiscard]] Status change_directory(const std::string& path);

}  // namespace pw::platform
