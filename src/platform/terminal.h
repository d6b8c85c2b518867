// SPDX-License-Identifier: Apache-2.0
// What a console's functions ask of a terminal: its size, the cursor, how it treats input.
#pragma once

#include <optional>

namespace pw::platform {

struct TerminalSize {
    int columns = 0;
    int rows = 0;
};
// Nothing when the descriptor is no terminal, or one without a size.
[[nodiscard]] std::optional<TerminalSize> terminal_size(int descriptor);

// From 0. Asks the process's terminal, and waits a little for the answer; nothing when none comes (input that is typed in
// the meantime may get lost).
struct CursorPosition {
    int column = 0;
    int row = 0;
};
[[nodiscard]] std::optional<CursorPosition> cursor_position();

struct TerminalInput {
    bool signals = false;  // Ctrl+C is a signal
    bool lines = false;    // a read ends with a line
    bool echo = false;
};
[[nodiscard]] std::optional<TerminalInput> terminal_input(int descriptor);
// The terminal keeps it when the process has ended. False when the system refuses.
[[nodiscard]] bool set_terminal_input(int descriptor, const TerminalInput& input);
// Throws away what was typed and not read.
[[nodiscard]] bool discard_terminal_input(int descriptor);

}  // namespace pw::platform
