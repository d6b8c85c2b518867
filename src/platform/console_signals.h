// SPDX-License-Identifier: Apache-2.0
// The signals that a terminal and its end send, taken on a thread instead of in signal context.
#pragma once

#include <cstdint>

namespace pw::platform {

enum class ConsoleSignal : std::uint8_t { interrupt, quit, hang_up, terminate };

// From now on the function is called for each SIGINT, SIGQUIT, SIGHUP and SIGTERM that this process gets, one after the other,
// on a thread that this starts. Signals that were ignored stay so. Once in a process; false when the system refuses.
[[nodiscard]] bool take_console_signals(void (*taken)(ConsoleSignal signal));

// Ends the process as if the signal had not been taken. Returns when it is blocked or ignored.
void default_console_signal(ConsoleSignal signal);

// SIGINT is ignored, also by programs started from now on; or does again what it did before.
void ignore_interrupts(bool ignore);

}  // namespace pw::platform
