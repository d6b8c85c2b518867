// SPDX-License-Identifier: Apache-2.0
// The wcs and wmem functions on 16-bit characters.
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "crt/crt_api.h"
#include "crt/letter_case.h"

extern "C" {

size_t pw_wcslen(const char16_t* text) {
    size_t count = 0;
    while (text[count] != 0) ++count;
    return count;
}

size_t pw_wcsnlen(const char16_t* text, size_t maximum) {
    size_t count = 0;
    while (count < maximum && text[count] != 0) ++count;
    return count;
}

char16_t* pw_wcscpy(char16_t* target, const char16_t* source) {
    std::memcpy(target, source, (pw_wcslen(source) + 1) * sizeof(char16_t));
    return target;
}

char16_t* pw_wcsncpy(char16_t* target, const char16_t* source, size_t count) {
    size_t i = 0;
    for (; i < count && source[i] != 0; ++i) target[i] = source[i];
    for (; i < count; ++i) target[i] = 0;
    return target;
}

char16_t* pw_wcscat(char16_t* target, const char16_t* source) {
    pw_wcscpy(target + pw_wcslen(target), source);
    return target;
}

char16_t* pw_wcsncat(char16_t* target, const char16_t* source, size_t count) {
    char16_t* end = target + pw_wcslen(target);
    const size_t length = pw_wcsnlen(source, count);
    std::memcpy(end, source, length * sizeof(char16_t));
    end[length] = 0;
    return target;
}

int pw_wcscmp(const char16_t* left, const char16_t* right) {
    while (*left != 0 && *left == *right) ++left, ++right;
    return *left < *right ? -1 : *left > *right ? 1 : 0;
}

int pw_wcsncmp(const char16_t* left, const char16_t* right, size_t count) {
    for (; count > 0; --count, ++left, ++right) {
        if (*left != *right) return *left < *right ? -1 : 1;
        if (*left == 0) break;
    }
    return 0;
}

int pw_wcscoll(const char16_t* left, const char16_t* right) { return pw_wcscmp(left, right); }

size_t pw_wcsxfrm(char16_t* target, const char16_t* source, size_t count) {
    const size_t length = pw_wcslen(source);
    if (count > length) std::memcpy(target, source, (length + 1) * sizeof(char16_t));
    return length;
}

char16_t* pw_wcschr(const char16_t* text, char16_t c) {
    for (;; ++text) {
        if (*text == c) return const_cast<char16_t*>(text);
        if (*text == 0) return nullptr;
    }
}

char16_t* pw_wcsrchr(const char16_t* text, char16_t c) {
    const char16_t* last = nullptr;
    for (;; ++text) {
        if (*text == c) last = text;
        if (*text == 0) return const_cast<char16_t*>(last);
    }
}

char16_t* pw_wcsstr(const char16_t* text, const char16_t* part) {
    const size_t length = pw_wcslen(part);
    if (length == 0) return const_cast<char16_t*>(text);
    for (; (text = pw_wcschr(text, part[0])) != nullptr; ++text) {
        if (pw_wcsncmp(text, part, length) == 0) return const_cast<char16_t*>(text);
    }
    return nullptr;
}

size_t pw_wcsspn(const char16_t* text, const char16_t* set) {
    size_t count = 0;
    while (text[count] != 0 && pw_wcschr(set, text[count]) != nullptr) ++count;
    return count;
}

size_t pw_wcscspn(const char16_t* text, const char16_t* set) {
    size_t count = 0;
    while (text[count] != 0 && pw_wcschr(set, text[count]) == nullptr) ++count;
    return count;
}

char16_t* pw_wcspbrk(const char16_t* text, const char16_t* set) {
    const char16_t* found = text + pw_wcscspn(text, set);
    return *found == 0 ? nullptr : const_cast<char16_t*>(found);
}

char16_t* pw_wcstok(char16_t* text, const char16_t* separators, char16_t** context) {
    if (text == nullptr) text = *context;
    if (text == nullptr) return nullptr;
    text += pw_wcsspn(text, separators);
    if (*text == 0) {
        *context = text;
        return nullptr;
    }
    char16_t* end = text + pw_wcscspn(text, separators);
    *context = *end == 0 ? end : end + 1;
    *end = 0;
    return text;
}

char16_t* pw_wcstok_s(char16_t* text, const char16_t* separators, char16_t** context) {
    return pw_wcstok(text, separators, context);
}

char16_t* pw__wcsdup(const char16_t* text) {
    if (text == nullptr) return nullptr;
    const size_t bytes = (pw_wcslen(text) + 1) * sizeof(char16_t);
    void* copy = std::malloc(bytes);
    return copy == nullptr ? nullptr : static_cast<char16_t*>(std::memcpy(copy, text, bytes));
}

char16_t* pw_wcsdup(const char16_t* text) { return pw__wcsdup(text); }

int pw__wcsnicmp(const char16_t* left, const char16_t* right, size_t count) {
    for (; count > 0; --count, ++left, ++right) {
        const char16_t a = pw::crt::to_lower(*left);
        const char16_t b = pw::crt::to_lower(*right);
        if (a != b) return a < b ? -1 : 1;
        if (a == 0) break;
    }
    return 0;
}

int pw__wcsicmp(const char16_t* left, const char16_t* right) { return pw__wcsnicmp(left, right, SIZE_MAX); }
int pw_wcscasecmp(const char16_t* left, const char16_t* right) { return pw__wcsicmp(left, right); }
int pw_wcsncasecmp(const char16_t* left, const char16_t* right, size_t n) { return pw__wcsnicmp(left, right, n); }

char16_t* pw__wcslwr(char16_t* text) {
    for (char16_t* c = text; *c != 0; ++c) *c = pw::crt::to_lower(*c);
    return text;
}

char16_t* pw__wcsupr(char16_t* text) {
    for (char16_t* c = text; *c != 0; ++c) *c = pw::crt::to_upper(*c);
    return text;
}

char16_t* pw__wcsrev(char16_t* text) {
    const size_t length = pw_wcslen(text);
    for (size_t i = 0; i < length / 2; ++i) {
        const char16_t c = text[i];
        text[i] = text[length - 1 - i];
        text[length - 1 - i] = c;
    }
    return text;
}

char16_t* pw__wcsnset(char16_t* text, char16_t c, size_t count) {
    for (size_t i = 0; i < count && text[i] != 0; ++i) text[i] = c;
    return text;
}

char16_t* pw__wcsset(char16_t* text, char16_t c) { return pw__wcsnset(text, c, SIZE_MAX); }

char16_t* pw_wmemcpy(char16_t* target, const char16_t* source, size_t count) {
    if (count != 0) std::memcpy(target, source, count * sizeof(char16_t));
    return target;
}

char16_t* pw_wmemmove(char16_t* target, const char16_t* source, size_t count) {
    if (count != 0) std::memmove(target, source, count * sizeof(char16_t));
    return target;
}

char16_t* pw_wmemset(char16_t* target, char16_t c, size_t count) {
    for (size_t i = 0; i < count; ++i) target[i] = c;
    return target;
}

int pw_wmemcmp(const char16_t* left, const char16_t* right, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (left[i] != right[i]) return left[i] < right[i] ? -1 : 1;
    }
    return 0;
}

char16_t* pw_wmemchr(const char16_t* text, char16_t c, size_t count) {
    for (size_t i = 0; i < count; ++i) {
        if (text[i] == c) return const_cast<char16_t*>(text + i);
    }
    return nullptr;
}

}  // extern "C"
