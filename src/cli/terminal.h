// SPDX-License-Identifier: Apache-2.0
// What the command writes to standard error: one line a message, coloured only on a terminal.
#pragma once

#include <string_view>

namespace pw::cli {

// True if standard error is a terminal that wants colour (NO_COLOR is honoured).
[[nodiscard]] bool use_colour();

// The same for standard output.
[[nodiscard]] bool use_colour_for_output();

// Writes "<command>: error: <message>".
void print_error(std::string_view command, std::string_view message);

// Writes "<command>: warning: <message>".
void print_warning(std::string_view command, std::string_view message);

// Writes "<command>: <message>".
void print_note(std::string_view command, std::string_view message);

}  // namespace pw::cli
