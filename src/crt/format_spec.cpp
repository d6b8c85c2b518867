// SPDX-License-Identifier: Apache-2.0
#include "crt/format_spec.h"

#include <climits>

namespace pw::crt {
namespace {

template <typename Char>
int parse_number(const Char*& cursor) {
    int value = 0;
    for (; *cursor >= '0' && *cursor <= '9'; ++cursor) {
        const int digit = static_cast<int>(*cursor) - '0';
        value = value > (INT_MAX - digit) / 10 ? INT_MAX : value * 10 + digit;
    }
    return value;
}

template <typename Char>
bool parse_flag(Char c, FormatSpec& spec) {
    switch (c) {
        case '-': spec.left = true; return true;
        case '+': spec.plus = true; return true;
        case ' ': spec.space = true; return true;
        case '#': spec.alternate = true; return true;
        case '0': spec.zero = true; return true;
        default: return false;
    }
}

template <typename Char>
ArgumentSize parse_size(const Char*& cursor) {
    switch (*cursor) {
        case 'h':
            if (*++cursor != 'h') return ArgumentSize::Short;
            ++cursor;
            return ArgumentSize::Char;
        case 'l':
            if (*++cursor != 'l') return ArgumentSize::Long;
            ++cursor;
            return ArgumentSize::LongLong;
        case 'I':
            ++cursor;
            if (cursor[0] == '6' && cursor[1] == '4') {
                cursor += 2;
                return ArgumentSize::LongLong;
            }
            if (cursor[0] == '3' && cursor[1] == '2') {
                cursor += 2;
                return ArgumentSize::Int32;
            }
            return ArgumentSize::Pointer;
        case 'z':
        case 't': ++cursor; return ArgumentSize::Pointer;
        case 'j': ++cursor; return ArgumentSize::LongLong;
        case 'L': ++cursor; return ArgumentSize::LongDouble;
        case 'w': ++cursor; return ArgumentSize::Wide;
        default: return ArgumentSize::Default;
    }
}

}  // namespace

template <typename Char>
FormatSpec parse_spec(const Char*& cursor, Arguments& arguments) {
    FormatSpec spec;
    while (parse_flag(*cursor, spec)) ++cursor;
    if (*cursor == '*') {
        ++cursor;
        spec.width = va_arg(arguments.list, int);
        if (spec.width < 0) {
            spec.left = true;
            spec.width = spec.width == INT_MIN ? INT_MAX : -spec.width;
        }
    } else {
        spec.width = parse_number(cursor);
    }
    if (*cursor == '.') {
        ++cursor;
        if (*cursor == '*') {
            ++cursor;
            spec.precision = va_arg(arguments.list, int);
            if (spec.precision < 0) spec.precision = -1;
        } else {
            spec.precision = parse_number(cursor);
        }
    }
    spec.size = parse_size(cursor);
    if (*cursor == 0) return spec;
    const auto letter = static_cast<unsigned>(*cursor);
    spec.letter = letter < 0x80 ? static_cast<char>(letter) : '?';
    ++cursor;
    return spec;
}

template FormatSpec parse_spec<char>(const char*&, Arguments&);
template FormatSpec parse_spec<char16_t>(const char16_t*&, Arguments&);

}  // namespace pw::crt
