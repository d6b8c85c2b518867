// SPDX-License-Identifier: Apache-2.0
#include "kernel/processes/creation.h"

#include "kernel/rtl/unicode.h"

namespace pw::ps {
namespace {

std::u16string wide(std::string_view text) {
    std::u16string out(text.size(), u'\0');  // never more units than bytes
    out.resize(rtl::utf8_to_utf16(text, out.data(), out.size()).units);
    return out;
}

void append_quoted(std::u16string& line, std::u16string_view argument) {
    if (!argument.empty() && argument.find_first_of(u" \t\"") == argument.npos) {
        line += argument;
        return;
    }
    line += u'"';
    std::size_t backslashes = 0;
    for (const char16_t c : argument) {
        // Backslashes count only before a quotation mark.
        if (c == u'"') line.append(backslashes + 1, u'\\');
        backslashes = c == u'\\' ? backslashes + 1 : 0;
        line += c;
    }
    line.append(backslashes, u'\\');
    line += u'"';
}

}  // namespace

std::u16string nt_path_of(std::string_view path) {
    if (path.empty()) return {};
    std::u16string out = u"\\??\\Z:" + wide(path);
    for (char16_t& c : out) {
        if (c == u'/') c = u'\\';
    }
    return out;
}

std::u16string command_line_of(const std::vector<std::string>& arguments) {
    std::u16string line;
    for (const std::string& argument : arguments) {
        if (!line.empty()) line += u' ';
        append_quoted(line, wide(argument));
    }
    return line;
}

}  // namespace pw::ps
