// SPDX-License-Identifier: Apache-2.0
// Microsoft's additions to <string.h> on narrow strings.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "crt/crt_api.h"
#include "crt/letter_case.h"

namespace pw::crt {
namespace {

int compare_folded(const char* left, const char* right, std::size_t count, bool stop_at_nul) {
    for (; count > 0; --count, ++left, ++right) {
        const auto a = static_cast<unsigned char>(to_lower(*left));
        const auto b = static_cast<unsigned char>(to_lower(*right));
        if (a != b) return a < b ? -1 : 1;
        if (a == 0 && stop_at_nul) break;
    }
    return 0;
}

}  // namespace
}  // namespace pw::crt

using pw::crt::compare_folded;

extern "C" {

int pw__stricmp(const char* left, const char* right) { return compare_folded(left, right, SIZE_MAX, true); }
int pw__strnicmp(const char* left, const char* right, size_t count) { return compare_folded(left, right, count, true); }

int pw__memicmp(const void* left, const void* right, size_t count) {
    return compare_folded(static_cast<const char*>(left), static_cast<const char*>(right), count, false);
}

char* pw__strdup(const char* text) { return text == nullptr ? nullptr : strdup(text); }

char* pw__strlwr(char* text) {
    for (char* c = text; *c != 0; ++c) *c = pw::crt::to_lower(*c);
    return text;
}

char* pw__strupr(char* text) {
    for (char* c = text; *c != 0; ++c) *c = pw::crt::to_upper(*c);
    return text;
}

char* pw__strrev(char* text) {
    const size_t length = std::strlen(text);
    for (size_t i = 0; i < length / 2; ++i) {
        const char c = text[i];
        text[i] = text[length - 1 - i];
        text[length - 1 - i] = c;
    }
    return text;
}

char* pw__strnset(char* text, int c, size_t count) {
    for (size_t i = 0; i < count && text[i] != 0; ++i) text[i] = static_cast<char>(c);
    return text;
}

char* pw__strset(char* text, int c) { return pw__strnset(text, c, SIZE_MAX); }

size_t pw_strnlen_s(const char* text, size_t maximum) { return text == nullptr ? 0 : strnlen(text, maximum); }
size_t pw_wcsnlen_s(const char16_t* text, size_t maximum) { return text == nullptr ? 0 : pw_wcsnlen(text, maximum); }
char* pw_strtok_s(char* text, const char* separators, char** context) { return strtok_r(text, separators, context); }

}  // extern "C"
