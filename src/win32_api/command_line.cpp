// SPDX-License-Identifier: Apache-2.0
#include "win32_api/command_line.h"

namespace pw::win32 {
namespace {

// The rules: quotes enclose; 2n backslashes before a quote are n backslashes; one more makes the quote a plain character.
void append_quoted(const std::string& argument, std::string& line) {
    line += '"';
    std::size_t backslashes = 0;
    for (const char c : argument) {
        if (c == '\\') {
            ++backslashes;
            continue;
        }
        line.append(c == '"' ? 2 * backslashes + 1 : backslashes, '\\');
        backslashes = 0;
        line += c;
    }
    line.append(2 * backslashes, '\\');
    line += '"';
}

}  // namespace

std::string command_line_of(const std::vector<std::string>& arguments) {
    std::string line;
    for (const std::string& argument : arguments) {
        if (!line.empty()) line += ' ';
        const bool needs_quotes = argument.empty() || argument.find_first_of(" \t\n\v\"") != std::string::npos;
        if (needs_quotes) {
            append_quoted(argument, line);
        } else {
            line += argument;
        }
    }
    return line;
}

}  // namespace pw::win32
