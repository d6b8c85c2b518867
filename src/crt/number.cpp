// SPDX-License-Identifier: Apache-2.0
// Text to integers: the functions whose name says "long" clamp to Windows' 32 bits.
#include "crt/number_parse.h"

#include <cerrno>
#include <cstdlib>
#include <limits>
#include <string>

#include "crt/crt_api.h"

namespace pw::crt {
namespace {

template <typename Char>
void set_end(Char** end, const Char* value) {
    if (end != nullptr) *end = const_cast<Char*>(value);
}

template <typename Result, typename Char>
Result parse_signed(const Char* text, Char** end, int base) {
    const Char* stop = nullptr;
    const ParsedNumber number = parse_number_text(text, stop, base);
    set_end(end, stop);
    const auto largest = static_cast<std::uint64_t>(std::numeric_limits<Result>::max());
    if (number.negative ? number.magnitude > largest + 1 : number.magnitude > largest) {
        errno = ERANGE;
        return number.negative ? std::numeric_limits<Result>::min() : std::numeric_limits<Result>::max();
    }
    return static_cast<Result>(number.negative ? 0 - number.magnitude : number.magnitude);
}

template <typename Result, typename Char>
Result parse_unsigned(const Char* text, Char** end, int base) {
    const Char* stop = nullptr;
    const ParsedNumber number = parse_number_text(text, stop, base);
    set_end(end, stop);
    if (number.overflow || number.magnitude > std::numeric_limits<Result>::max()) {
        errno = ERANGE;
        return std::numeric_limits<Result>::max();
    }
    return static_cast<Result>(number.negative ? 0 - number.magnitude : number.magnitude);
}

// Floating point goes through the C library: the characters of a number are ASCII.
template <typename Result>
Result parse_float(const char16_t* text, char16_t** end, Result (*convert)(const char*, char**)) {
    std::string narrow;
    for (const char16_t* c = text; *c != 0 && *c < 0x80; ++c) narrow += static_cast<char>(*c);
    char* stop = nullptr;
    const Result value = convert(narrow.c_str(), &stop);
    set_end(end, text + (stop - narrow.c_str()));
    return value;
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

extern "C" {

int pw_atoi(const char* text) { return parse_signed<int, char>(text, nullptr, 10); }
long pw_atol(const char* text) { return parse_signed<int, char>(text, nullptr, 10); }
long pw_strtol(const char* text, char** end, int base) { return parse_signed<int>(text, end, base); }
unsigned long pw_strtoul(const char* text, char** end, int base) { return parse_unsigned<unsigned>(text, end, base); }
long pw__atoi64(const char* text) { return parse_signed<long, char>(text, nullptr, 10); }
long pw__strtoi64(const char* text, char** end, int base) { return parse_signed<long>(text, end, base); }
unsigned long pw__strtoui64(const char* t, char** end, int base) { return parse_unsigned<unsigned long>(t, end, base); }

int pw__wtoi(const char16_t* text) { return parse_signed<int, char16_t>(text, nullptr, 10); }
long pw__wtol(const char16_t* text) { return parse_signed<int, char16_t>(text, nullptr, 10); }
long pw__wtoi64(const char16_t* text) { return parse_signed<long, char16_t>(text, nullptr, 10); }
long pw_wcstol(const char16_t* text, char16_t** end, int base) { return parse_signed<int>(text, end, base); }
unsigned long pw_wcstoul(const char16_t* t, char16_t** end, int base) { return parse_unsigned<unsigned>(t, end, base); }
long long pw_wcstoll(const char16_t* text, char16_t** end, int base) { return parse_signed<long long>(text, end, base); }
unsigned long long pw_wcstoull(const char16_t* text, char16_t** end, int base) {
    return parse_unsigned<unsigned long long>(text, end, base);
}
long pw__wcstoi64(const char16_t* text, char16_t** end, int base) { return parse_signed<long>(text, end, base); }
unsigned long pw__wcstoui64(const char16_t* text, char16_t** end, int base) {
    return parse_unsigned<unsigned long>(text, end, base);
}

double pw__wtof(const char16_t* text) { return parse_float<double>(text, nullptr, &std::strtod); }
double pw_wcstod(const char16_t* text, char16_t** end) { return parse_float<double>(text, end, &std::strtod); }
float pw_wcstof(const char16_t* text, char16_t** end) { return parse_float<float>(text, end, &std::strtof); }
long double pw_wcstold(const char16_t* text, char16_t** end) {
    return parse_float<long double>(text, end, &std::strtold);
}

}  // extern "C"
