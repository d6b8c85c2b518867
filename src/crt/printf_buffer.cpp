// SPDX-License-Identifier: Apache-2.0
// The printf functions that write to memory, narrow and wide, with the return conventions of each family.
#include <cerrno>
#include <cstdarg>
#include <cstdint>

#include "crt/crt_api.h"
#include "crt/format.h"

namespace pw::crt {
namespace {

constexpr std::size_t k_truncate = SIZE_MAX;  // _TRUNCATE
constexpr std::size_t k_unbounded = SIZE_MAX;

// C99: at most count - 1 units and a terminator; returns what would have been written.
template <typename Char>
int print_c99(Char* buffer, std::size_t count, const Char* text, std::va_list arguments) {
    BufferSink<Char> sink(buffer, count == 0 ? 0 : count - 1);
    const int length = format(sink, text, arguments);
    if (count != 0) buffer[sink.stored()] = 0;
    return length;
}

// Microsoft's _snprintf: no terminator where the text fills the buffer, -1 where it does not fit.
template <typename Char>
int print_legacy(Char* buffer, std::size_t count, const Char* text, std::va_list arguments) {
    BufferSink<Char> sink(buffer, count);
    const int length = format(sink, text, arguments);
    if (sink.stored() < count) buffer[sink.stored()] = 0;
    if (buffer == nullptr) return length;
    return sink.overflowed() ? -1 : length;
}

// C99's swprintf: terminated always, -1 where the text does not fit.
template <typename Char>
int print_or_fail(Char* buffer, std::size_t count, const Char* text, std::va_list arguments) {
    const int length = print_c99(buffer, count, text, arguments);
    return length >= 0 && static_cast<std::size_t>(length) < count ? length : -1;
}

template <typename Char>
int refuse(Char* buffer, std::size_t size, int error) {
    if (buffer != nullptr && size != 0) buffer[0] = 0;
    errno = error;
    return -1;
}

// The _s family: a text that does not fit empties the buffer, unless the caller asked for truncation.
template <typename Char>
int print_secure(Char* buffer, std::size_t size, std::size_t count, const Char* text, std::va_list arguments) {
    if (buffer == nullptr && size == 0 && count == 0) return 0;
    if (buffer == nullptr || size == 0 || text == nullptr) return refuse(buffer, size, EINVAL);
    const std::size_t limit = count < size ? count : size - 1;
    BufferSink<Char> sink(buffer, limit);
    const int length = format(sink, text, arguments);
    if (length < 0) return refuse(buffer, size, errno);
    if (!sink.overflowed()) {
        buffer[sink.stored()] = 0;
        return length;
    }
    if (count != k_truncate && count >= size) return refuse(buffer, size, ERANGE);
    buffer[limit] = 0;
    return -1;
}

template <typename Char>
int count_only(const Char* text, std::va_list arguments) {
    BufferSink<Char> sink(nullptr, 0);
    return format(sink, text, arguments);
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

int pw_vsnprintf(char* b, size_t n, const char* f, va_list a) { return print_c99(b, n, f, a); }
int pw_vsprintf(char* b, const char* f, va_list a) { return print_c99(b, k_unbounded, f, a); }
int pw__vsnprintf(char* b, size_t n, const char* f, va_list a) { return print_legacy(b, n, f, a); }
int pw__vscprintf(const char* f, va_list a) { return count_only(f, a); }
int pw_vsprintf_s(char* b, size_t size, const char* f, va_list a) { return print_secure(b, size, size, f, a); }
int pw__vsnprintf_s(char* b, size_t size, size_t n, const char* f, va_list a) { return print_secure(b, size, n, f, a); }
int pw_vsnprintf_s(char* b, size_t size, size_t n, const char* f, va_list a) { return print_secure(b, size, n, f, a); }

int pw_vswprintf(char16_t* b, size_t n, const char16_t* f, va_list a) { return print_or_fail(b, n, f, a); }
int pw__vswprintf(char16_t* b, const char16_t* f, va_list a) { return print_c99(b, k_unbounded, f, a); }
int pw__vsnwprintf(char16_t* b, size_t n, const char16_t* f, va_list a) { return print_legacy(b, n, f, a); }
int pw__vscwprintf(const char16_t* f, va_list a) { return count_only(f, a); }
int pw_vswprintf_s(char16_t* b, size_t size, const char16_t* f, va_list a) { return print_secure(b, size, size, f, a); }
int pw__vsnwprintf_s(char16_t* b, size_t size, size_t n, const char16_t* f, va_list a) {
    return print_secure(b, size, n, f, a);
}

int pw_vswprintf_lp64(char16_t* b, size_t n, const char16_t* f, va_list a) {
    BufferSink<char16_t> sink(b, n == 0 ? 0 : n - 1);
    const int length = format(sink, f, a, LongWidth::Lp64);
    if (n != 0) b[sink.stored()] = 0;
    return length >= 0 && static_cast<size_t>(length) < n ? length : -1;
}

#define PW_FORWARD(call)          \
    va_list arguments;            \
    va_start(arguments, format);  \
    const int result = call;      \
    va_end(arguments);            \
    return result;

int pw_sprintf(char* b, const char* format, ...) { PW_FORWARD(pw_vsprintf(b, format, arguments)) }
int pw_snprintf(char* b, size_t n, const char* format, ...) { PW_FORWARD(pw_vsnprintf(b, n, format, arguments)) }
int pw__snprintf(char* b, size_t n, const char* format, ...) { PW_FORWARD(pw__vsnprintf(b, n, format, arguments)) }
int pw__scprintf(const char* format, ...) { PW_FORWARD(pw__vscprintf(format, arguments)) }
int pw_sprintf_s(char* b, size_t size, const char* format, ...) { PW_FORWARD(pw_vsprintf_s(b, size, format, arguments)) }
int pw__snprintf_s(char* b, size_t size, size_t n, const char* format, ...) {
    PW_FORWARD(pw__vsnprintf_s(b, size, n, format, arguments))
}
int pw_swprintf(char16_t* b, size_t n, const char16_t* format, ...) { PW_FORWARD(pw_vswprintf(b, n, format, arguments)) }
int pw__swprintf(char16_t* b, const char16_t* format, ...) { PW_FORWARD(pw__vswprintf(b, format, arguments)) }
int pw__snwprintf(char16_t* b, size_t n, const char16_t* format, ...) {
    PW_FORWARD(pw__vsnwprintf(b, n, format, arguments))
}
int pw__scwprintf(const char16_t* format, ...) { PW_FORWARD(pw__vscwprintf(format, arguments)) }
int pw_swprintf_s(char16_t* b, size_t size, const char16_t* format, ...) {
    PW_FORWARD(pw_vswprintf_s(b, size, format, arguments))
}
int pw__snwprintf_s(char16_t* b, size_t size, size_t n, const char16_t* format, ...) {
    PW_FORWARD(pw__vsnwprintf_s(b, size, n, format, arguments))
}

}  // extern "C"
