// SPDX-License-Identifier: Apache-2.0
// Starts the program of a CreateProcess, and waits for its end to tell the kernel how it ended.
#pragma once

#include <cstdint>

#include "platform/program_start.h"
#include "win32/minwinbase.h"

namespace pw::win32 {

// A thread of the runtime's own waits for the program. ERROR_SUCCESS, or the error for the caller; the announced objects'
// end is then reported already.
[[nodiscard]] LONG start_child(const platform::ProgramStart& start, std::uint32_t token, DWORD* process_id,
                               LONG (*error_of)(int error));
// A child that has not connected: SIGKILL. False when it is no child of ours that still runs.
[[nodiscard]] bool kill_child(DWORD process_id);

}  // namespace pw::win32
