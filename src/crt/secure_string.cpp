// SPDX-License-Identifier: Apache-2.0
// The _s string and memory functions. Where Microsoft's would call the invalid-parameter handler, these act as if the
// handler returned: they empty the target, set errno and return the error.
#include <cerrno>
#include <cstdint>
#include <cstring>

#include "crt/crt_api.h"

namespace pw::crt {
namespace {

constexpr std::size_t k_truncate = SIZE_MAX;  // _TRUNCATE
constexpr int k_struncate = 80;               // STRUNCATE

int fail(int error) {
    errno = error;
    return error;
}

template <typename Char>
int fail(Char* target, std::size_t size, int error) {
    if (target != nullptr && size != 0) target[0] = 0;
    return fail(error);
}

template <typename Char>
std::size_t bounded_length(const Char* text, std::size_t maximum) {
    std::size_t count = 0;
    while (count < maximum && text[count] != 0) ++count;
    return count;
}

// Appends at most `count` units of source behind `offset`; the whole target is emptied where they do not fit.
template <typename Char>
int append(Char* target, std::size_t size, std::size_t offset, const Char* source, std::size_t count) {
    const std::size_t room = size - offset;
    const std::size_t length = bounded_length(source, count < room ? count : room);
    if (length < room) {
        std::memmove(target + offset, source, length * sizeof(Char));
        target[offset + length] = 0;
        return 0;
    }
    if (count != k_truncate) return fail(target, size, ERANGE);
    std::memmove(target + offset, source, (room - 1) * sizeof(Char));
    target[size - 1] = 0;
    return k_struncate;
}

template <typename Char>
int copy_s(Char* target, std::size_t size, const Char* source, std::size_t count) {
    if (target == nullptr || size == 0) return fail(EINVAL);
    if (source == nullptr) {
        target[0] = 0;
        return count == 0 ? 0 : fail(EINVAL);
    }
    return append(target, size, 0, source, count);
}

template <typename Char>
int concatenate_s(Char* target, std::size_t size, const Char* source, std::size_t count) {
    if (target == nullptr || size == 0) return fail(EINVAL);
    if (source == nullptr) return count == 0 ? 0 : fail(target, size, EINVAL);
    const std::size_t offset = bounded_length(target, size);
    if (offset == size) return fail(target, size, EINVAL);  // no terminator within the buffer
    return append(target, size, offset, source, count);
}

// Any count but _TRUNCATE behaves as "the whole string" when it is as large as can be.
constexpr std::size_t k_whole = SIZE_MAX - 1;

int copy_memory_s(void* target, std::size_t size_bytes, const void* source, std::size_t count_bytes, bool clear) {
    if (count_bytes == 0) return 0;
    if (target == nullptr) return fail(EINVAL);
    if (source == nullptr || size_bytes < count_bytes) {
        if (clear) std::memset(target, 0, size_bytes);
        return fail(source == nullptr ? EINVAL : ERANGE);
    }
    std::memmove(target, source, count_bytes);
    return 0;
}

template <typename Char>
int change_case_s(Char* text, std::size_t size, Char* (*change)(Char*)) {
    if (text == nullptr) return fail(EINVAL);
    if (bounded_length(text, size) >= size) return fail(text, size, EINVAL);
    change(text);
    return 0;
}

int wide_bytes(std::size_t count, std::size_t& bytes) {
    if (__builtin_mul_overflow(count, sizeof(char16_t), &bytes)) return fail(ERANGE);
    return 0;
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

int pw_strcpy_s(char* t, size_t size, const char* s) { return copy_s(t, size, s, k_whole); }
int pw_strncpy_s(char* t, size_t size, const char* s, size_t n) {
    if (t == nullptr && size == 0 && n == 0) return 0;
    return copy_s(t, size, s, n);
}
int pw_strcat_s(char* t, size_t size, const char* s) { return concatenate_s(t, size, s, k_whole); }
int pw_strncat_s(char* t, size_t size, const char* s, size_t n) {
    if (t == nullptr && size == 0 && n == 0) return 0;
    return concatenate_s(t, size, s, n);
}
int pw_wcscpy_s(char16_t* t, size_t size, const char16_t* s) { return copy_s(t, size, s, k_whole); }
int pw_wcsncpy_s(char16_t* t, size_t size, const char16_t* s, size_t n) {
    if (t == nullptr && size == 0 && n == 0) return 0;
    return copy_s(t, size, s, n);
}
int pw_wcscat_s(char16_t* t, size_t size, const char16_t* s) { return concatenate_s(t, size, s, k_whole); }
int pw_wcsncat_s(char16_t* t, size_t size, const char16_t* s, size_t n) {
    if (t == nullptr && size == 0 && n == 0) return 0;
    return concatenate_s(t, size, s, n);
}

int pw_memcpy_s(void* t, size_t size, const void* s, size_t n) { return copy_memory_s(t, size, s, n, true); }
int pw_memmove_s(void* t, size_t size, const void* s, size_t n) { return copy_memory_s(t, size, s, n, false); }

int pw_wmemcpy_s(char16_t* t, size_t size, const char16_t* s, size_t n) {
    size_t size_bytes = 0;
    size_t bytes = 0;
    if (wide_bytes(size, size_bytes) != 0 || wide_bytes(n, bytes) != 0) return ERANGE;
    return copy_memory_s(t, size_bytes, s, bytes, true);
}

int pw_wmemmove_s(char16_t* t, size_t size, const char16_t* s, size_t n) {
    size_t size_bytes = 0;
    size_t bytes = 0;
    if (wide_bytes(size, size_bytes) != 0 || wide_bytes(n, bytes) != 0) return ERANGE;
    return copy_memory_s(t, size_bytes, s, bytes, false);
}

int pw__strlwr_s(char* text, size_t size) { return change_case_s(text, size, &pw__strlwr); }
int pw__strupr_s(char* text, size_t size) { return change_case_s(text, size, &pw__strupr); }
int pw__wcslwr_s(char16_t* text, size_t size) { return change_case_s(text, size, &pw__wcslwr); }
int pw__wcsupr_s(char16_t* text, size_t size) { return change_case_s(text, size, &pw__wcsupr); }

int pw_strerror_s(char* buffer, size_t size, int error) {
    if (buffer == nullptr || size == 0) return fail(EINVAL);
    char text[128];
    const char* message = strerror_r(error, text, sizeof text);
    (void)append(buffer, size, 0, message, k_truncate);
    return 0;
}

}  // extern "C"
