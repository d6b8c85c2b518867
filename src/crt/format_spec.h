// SPDX-License-Identifier: Apache-2.0
// FormatSpec: one parsed conversion specification of a format string (flags, width, precision, size, letter).
#pragma once

#include <cstdarg>

namespace pw::crt {

enum class ArgumentSize {
    Default,
    Char,        // hh
    Short,       // h
    Long,        // l
    LongLong,    // ll, I64, j
    Int32,       // I32
    Pointer,     // I, z, t
    LongDouble,  // L
    Wide,        // w
};

struct FormatSpec {
    bool left = false;
    bool plus = false;
    bool space = false;
    bool alternate = false;
    bool zero = false;
    int width = 0;
    int precision = -1;  // -1: none given
    ArgumentSize size = ArgumentSize::Default;
    char letter = 0;  // 0: the format ended inside the specification
};

// Holds a va_list as a member, so that it can be passed by reference on every ABI.
struct Arguments {
    std::va_list list;
};

// Parses what follows '%' and moves `cursor` behind it. `*` takes its int from `arguments`; a negative width means left,
// a negative precision none. A letter that is not ASCII is kept as '?'.
template <typename Char>
FormatSpec parse_spec(const Char*& cursor, Arguments& arguments);

extern template FormatSpec parse_spec<char>(const char*&, Arguments&);
extern template FormatSpec parse_spec<char16_t>(const char16_t*&, Arguments&);

}  // namespace pw::crt
