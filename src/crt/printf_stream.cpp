// SPDX-License-Identifier: Apache-2.0
// The printf functions that write to C streams and to the console.
#include <cstdarg>
#include <cstdio>

#include "crt/crt_api.h"
#include "crt/format.h"
#include "crt/stream_sink.h"

namespace pw::crt {
namespace {

template <typename Char>
int print_stream(std::FILE* stream, const Char* text, std::va_list arguments) {
    flockfile(stream);
    StreamSink<Char> sink(stream);
    const int length = format(sink, text, arguments);
    const bool written = sink.finish();
    funlockfile(stream);
    return written ? length : -1;
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

int pw_vfprintf(FILE* s, const char* f, va_list a) { return print_stream(s, f, a); }
int pw_vprintf(const char* f, va_list a) { return print_stream(stdout, f, a); }
int pw_vfprintf_s(FILE* s, const char* f, va_list a) { return print_stream(s, f, a); }
int pw_vprintf_s(const char* f, va_list a) { return print_stream(stdout, f, a); }
int pw_vfwprintf(FILE* s, const char16_t* f, va_list a) { return print_stream(s, f, a); }
int pw_vwprintf(const char16_t* f, va_list a) { return print_stream(stdout, f, a); }
int pw_vfwprintf_s(FILE* s, const char16_t* f, va_list a) { return print_stream(s, f, a); }
int pw_vwprintf_s(const char16_t* f, va_list a) { return print_stream(stdout, f, a); }

#define PW_FORWARD(stream)                                      \
    va_list arguments;                                          \
    va_start(arguments, format);                                \
    const int result = print_stream(stream, format, arguments); \
    va_end(arguments);                                          \
    return result;

int pw_printf(const char* format, ...) { PW_FORWARD(stdout) }
int pw_fprintf(FILE* s, const char* format, ...) { PW_FORWARD(s) }
int pw_printf_s(const char* format, ...) { PW_FORWARD(stdout) }
int pw_fprintf_s(FILE* s, const char* format, ...) { PW_FORWARD(s) }
int pw__cprintf(const char* format, ...) { PW_FORWARD(stdout) }
int pw_wprintf(const char16_t* format, ...) { PW_FORWARD(stdout) }
int pw_fwprintf(FILE* s, const char16_t* format, ...) { PW_FORWARD(s) }
int pw_wprintf_s(const char16_t* format, ...) { PW_FORWARD(stdout) }
int pw_fwprintf_s(FILE* s, const char16_t* format, ...) { PW_FORWARD(s) }

}  // extern "C"
