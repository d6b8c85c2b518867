// SPDX-License-Identifier: Apache-2.0
// The console of a handle. A process has the one that its terminal is, until FreeConsole and from AllocConsole on.
#pragma once

#include <memory>
#include <string_view>

#include "win32_api/host_handles.h"

namespace pw::win32 {

// The file of a console handle; null with ERROR_INVALID_HANDLE: "fails if the handle is redirected to a file".
[[nodiscard]] std::shared_ptr<HostFile> console_of(HANDLE handle);
// Writes a control sequence to the console. FALSE with the last error set.
[[nodiscard]] BOOL write_sequence(HANDLE console, std::string_view sequence);

}  // namespace pw::win32
