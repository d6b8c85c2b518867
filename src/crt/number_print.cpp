// SPDX-License-Identifier: Apache-2.0
// Integers to text: the _itoa family. Only base 10 prints a sign; other bases print the bits of the stated width.
#include <cerrno>
#include <cstdint>
#include <type_traits>

#include "crt/crt_api.h"

namespace pw::crt {
namespace {

struct Digits {
    char reversed[72];
    std::size_t count = 0;
};

Digits make_digits(std::uint64_t value, bool negative, unsigned radix) {
    Digits digits;
    do {
        digits.reversed[digits.count++] = "0123456789abcdefghijklmnopqrstuvwxyz"[value % radix];
        value /= radix;
    } while (value != 0);
    if (negative) digits.reversed[digits.count++] = '-';
    return digits;
}

template <typename Char>
int print_s(std::uint64_t value, bool negative, Char* buffer, std::size_t size, int radix) {
    if (buffer == nullptr || size == 0) return errno = EINVAL;
    buffer[0] = 0;
    if (radix < 2 || radix > 36) return errno = EINVAL;
    const Digits digits = make_digits(value, negative, static_cast<unsigned>(radix));
    if (digits.count >= size) return errno = ERANGE;
    for (std::size_t i = 0; i < digits.count; ++i) buffer[i] = static_cast<Char>(digits.reversed[digits.count - 1 - i]);
    buffer[digits.count] = 0;
    return 0;
}

template <typename Signed, typename Char>
int print_signed(Signed value, Char* buffer, std::size_t size, int radix) {
    using Unsigned = std::make_unsigned_t<Signed>;
    const bool negative = radix == 10 && value < 0;
    const auto bits = static_cast<Unsigned>(value);
    return print_s(negative ? static_cast<Unsigned>(0 - bits) : bits, negative, buffer, size, radix);
}

constexpr std::size_t k_enough = SIZE_MAX;  // the caller of the old functions promises room

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

#define PW_PRINT(name, name_s, type, Char, print)                                                     \
    Char* name(type value, Char* buffer, int radix) {                                                 \
        (void)print(value, buffer, k_enough, radix);                                                  \
        return buffer;                                                                                \
    }                                                                                                 \
    int name_s(type value, Char* buffer, size_t size, int radix) { return print(value, buffer, size, radix); }
#define PW_SIGNED(value, buffer, size, radix) print_signed(value, buffer, size, radix)
#define PW_UNSIGNED(value, buffer, size, radix) print_s(value, false, buffer, size, radix)

extern "C" {

PW_PRINT(pw__itoa, pw__itoa_s, int, char, PW_SIGNED)
PW_PRINT(pw__ltoa, pw__ltoa_s, int, char, PW_SIGNED)
PW_PRINT(pw__ultoa, pw__ultoa_s, unsigned int, char, PW_UNSIGNED)
PW_PRINT(pw__i64toa, pw__i64toa_s, long, char, PW_SIGNED)
PW_PRINT(pw__ui64toa, pw__ui64toa_s, unsigned long, char, PW_UNSIGNED)
PW_PRINT(pw__itow, pw__itow_s, int, char16_t, PW_SIGNED)
PW_PRINT(pw__ltow, pw__ltow_s, int, char16_t, PW_SIGNED)
PW_PRINT(pw__ultow, pw__ultow_s, unsigned int, char16_t, PW_UNSIGNED)
PW_PRINT(pw__i64tow, pw__i64tow_s, long, char16_t, PW_SIGNED)
PW_PRINT(pw__ui64tow, pw__ui64tow_s, unsigned long, char16_t, PW_UNSIGNED)

}  // extern "C"
