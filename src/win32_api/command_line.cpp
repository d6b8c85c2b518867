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

std::vector<std::string> arguments_of(const std::string& line) {
    std::vector<std::string> arguments;
    const auto is_space = [](char c) { return c == ' ' || c == '\t'; };
    std::size_t at = 0;
    bool quoted = false;
    std::string word;
    for (; at < line.size() && (quoted || !is_space(line[at])); ++at) {
        if (line[at] == '"') {
            quoted = !quoted;
        } else {
            word += line[at];
        }
    }
    if (!line.empty()) arguments.push_back(word);
    while (true) {
        while (at < line.size() && is_space(line[at])) ++at;
        if (at >= line.size()) return arguments;
        word.clear();
        quoted = false;
        while (at < line.size() && (quoted || !is_space(line[at]))) {
            std::size_t backslashes = 0;
            while (at < line.size() && line[at] == '\\') ++backslashes, ++at;
            if (at >= line.size() || line[at] != '"') {
                word.append(backslashes, '\\');
                if (backslashes == 0) word += line[at++];
                continue;
            }
            word.append(backslashes / 2, '\\');
            ++at;
            if (backslashes % 2 != 0) {
                word += '"';
            } else if (quoted && at < line.size() && line[at] == '"') {
                word += '"';  // two quotes inside quotes are one
                ++at;
            } else {
                quoted = !quoted;
            }
        }
        arguments.push_back(word);
    }
}

}  // namespace pw::win32
