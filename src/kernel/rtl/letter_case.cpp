// SPDX-License-Identifier: Apache-2.0
#include "kernel/rtl/letter_case.h"

#include <array>

namespace pw::rtl {
namespace {

// Lower-case letters first, first + step, … last, whose upper case lies `distance` away.
struct Run {
    char16_t first;
    char16_t last;
    unsigned char step;
    int distance;
};

constexpr Run k_runs[] = {
#include "kernel/rtl/letter_case_table.inc"
};

struct Tables {
    std::array<char16_t, 0x10000> upper;
    std::array<char16_t, 0x10000> lower;
};

// Expanded once: names are compared on hot paths.
const Tables& tables() {
    static const Tables k_tables = [] {
        Tables made;
        for (unsigned c = 0; c < 0x10000; ++c) made.upper[c] = made.lower[c] = static_cast<char16_t>(c);
        for (const Run& run : k_runs) {
            for (unsigned c = run.first; c <= run.last; c += run.step) {
                const auto up = static_cast<char16_t>(static_cast<int>(c) + run.distance);
                made.upper[c] = up;
                made.lower[up] = static_cast<char16_t>(c);
            }
        }
        return made;
    }();
    return k_tables;
}

}  // namespace

char16_t upcase(char16_t c) {
    if (c < 0x80) return c >= u'a' && c <= u'z' ? static_cast<char16_t>(c - 0x20) : c;
    return tables().upper[c];
}

char16_t downcase(char16_t c) {
    if (c < 0x80) return c >= u'A' && c <= u'Z' ? static_cast<char16_t>(c + 0x20) : c;
    return tables().lower[c];
}

}  // namespace pw::rtl
