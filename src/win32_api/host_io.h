// SPDX-License-Identifier: Apache-2.0
// ReadFile and WriteFile on the handles that this process serves itself.
#pragma once

#include "win32_api/host_handles.h"
#include "win32/minwinbase.h"

namespace pw::win32 {

// As ReadFile and WriteFile; every request completes at once, also with an OVERLAPPED.
[[nodiscard]] BOOL read_host(HostFile& file, LPVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped);
[[nodiscard]] BOOL write_host(HostFile& file, LPCVOID buffer, DWORD length_bytes, LPDWORD transferred, LPOVERLAPPED overlapped);
// As ReadFileEx and WriteFileEx, but for the completion routine: neither event nor port hear of it.
[[nodiscard]] BOOL read_host_ex(HostFile& file, LPVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped);
[[nodiscard]] BOOL write_host_ex(HostFile& file, LPCVOID buffer, DWORD length_bytes, LPOVERLAPPED overlapped);

}  // namespace pw::win32
