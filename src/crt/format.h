// SPDX-License-Identifier: Apache-2.0
// The one formatter behind printf, DbgPrint and their relatives: Microsoft's format language on LLP64 types.
//
// What differs from glibc's: %ld, %lu, %lx take 32 bits; %I64, %I32, %I (pointer-sized); %S and %C take the other width
// than the function's; %hs, %ls, %ws; %Z takes an ANSI_STRING and %wZ a UNICODE_STRING by address; %p prints 16
// upper-case hexadecimal digits; a NULL string prints "(null)"; %n is refused. Wide text in narrow output is UTF-8.
#pragma once

#include <cstdarg>

#include "crt/sink.h"

namespace pw::crt {

// Returned instead of a count where the format is refused (%n) or the text would exceed INT_MAX units; errno tells which
// (EINVAL, EOVERFLOW).
inline constexpr int k_format_refused = -1;

// Width of `long` in a format: Windows' 32 bits, or this compiler's 64 (only for libstdc++'s own std::to_wstring).
enum class LongWidth { Llp64, Lp64 };

// Formats `arguments` into `sink` and returns the number of units. Any thread, any IRQL for resident arguments; floating
// point conversions call the C library. Reads at most `precision` units of a string that has one.
[[nodiscard]] int format(Sink<char>& sink, const char* text, std::va_list arguments);
[[nodiscard]] int format(Sink<char16_t>& sink, const char16_t* text, std::va_list arguments,
                         LongWidth long_width = LongWidth::Llp64);

}  // namespace pw::crt
