// SPDX-License-Identifier: Apache-2.0
// Which thread of this process a thread handle stands for.
#pragma once

#include <cstdint>

#include "win32/minwindef.h"

namespace pw::win32 {

// Its number as the machine has it (platform::os_thread_id()). 0 with the last error set: ERROR_INVALID_HANDLE and the like,
// or ERROR_NOT_SUPPORTED for a thread of another process, one that has ended, or one that has never called into the system.
[[nodiscard]] std::uint32_t os_thread_of(HANDLE thread);

}  // namespace pw::win32
