// SPDX-License-Identifier: Apache-2.0
// What the functions on files by name share: the machine's path of a name, and its facts as Win32 tells them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "platform/host_file.h"
#include "win32/fileapi.h"

namespace pw::win32 {

[[nodiscard]] FILETIME file_time(std::int64_t since_1970_ns);
[[nodiscard]] DWORD attributes_of(const platform::HostFileInfo& info);
// The machine's path of a name, or nothing with the last error set.
[[nodiscard]] std::optional<std::string> host_path_of(LPCWSTR name);

// The first members of WIN32_FIND_DATA, WIN32_FILE_ATTRIBUTE_DATA and BY_HANDLE_FILE_INFORMATION. The machine's file systems
// keep no time of creation that every one of them could tell: it is the time of the last write.
template <typename Data>
void store_facts(const platform::HostFileInfo& info, Data* data) {
    data->dwFileAttributes = attributes_of(info);
    data->ftCreationTime = file_time(info.modified_ns);
    data->ftLastAccessTime = file_time(info.accessed_ns);
    data->ftLastWriteTime = file_time(info.modified_ns);
    const std::uint64_t size = info.kind == platform::HostFileKind::regular ? info.size_bytes : 0;
    data->nFileSizeLow = static_cast<DWORD>(size);
    data->nFileSizeHigh = static_cast<DWORD>(size >> 32);
}

}  // namespace pw::win32
