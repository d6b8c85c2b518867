// SPDX-License-Identifier: Apache-2.0
// strsafe.h: the StringCch and StringCb functions, which answer HRESULTs.
#include <cstdio>

#include "crt/safe_string.h"

namespace pw::crt {
namespace {

int pw_safe_result(SafeResult result) {
    switch (result) {
        case SafeResult::Ok: return 0;                                          // S_OK
        case SafeResult::Truncated: return static_cast<int>(0x8007007Au);       // STRSAFE_E_INSUFFICIENT_BUFFER
        default: return static_cast<int>(0x80070057u);                          // STRSAFE_E_INVALID_PARAMETER
    }
}

template <typename Char>
int report(const SafeTarget<Char>& target, SafeResult result, Char** end, size_t* left, size_t size, size_t unit) {
    if (result != SafeResult::BadParameter) {
        if (end != nullptr) *end = target.text == nullptr ? nullptr : target.text + target.end;
        if (left != nullptr) *left = size - target.end * unit;
    }
    return pw_safe_result(result);
}

// Reads one line of standard input; a line that does not fit is cut.
template <typename Char, typename Read>
int read_line(Char* target, size_t size, Read read) {
    if (target == nullptr || size == 0) return pw_safe_result(SafeResult::BadParameter);
    size_t used = 0;
    SafeResult result = SafeResult::Ok;
    for (;;) {
        const long c = read();
        if (c < 0 && used == 0) {
            target[0] = 0;
            return static_cast<int>(0x80070026u);  // STRSAFE_E_END_OF_FILE
        }
        if (c < 0 || c == '\n') break;
        if (used + 1 == size) {
            result = SafeResult::Truncated;
            break;
        }
        target[used++] = static_cast<Char>(c);
    }
    target[used] = 0;
    return pw_safe_result(result);
}

long read_byte() { return std::fgetc(stdin); }
long read_wide() {
    const __WINT_TYPE__ c = pw_fgetwc(stdin);
    return c == static_cast<__WINT_TYPE__>(-1) ? -1 : static_cast<long>(c);
}

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

#pragma GCC visibility push(default)
extern "C" {
#define PW_SAFE_NAME(verb) StringCch##verb
#define PW_SAFE_UNIT(Char) size_t{1}
#include "crt/safe_string_exports.h"
#define PW_SAFE_NAME(verb) StringCb##verb
#define PW_SAFE_UNIT(Char) sizeof(Char)
#include "crt/safe_string_exports.h"

int StringCchGetsA(char* target, size_t size) { return read_line(target, size, read_byte); }
int StringCchGetsW(char16_t* target, size_t size) { return read_line(target, size, read_wide); }
int StringCbGetsA(char* target, size_t size) { return read_line(target, size, read_byte); }
int StringCbGetsW(char16_t* target, size_t size) { return read_line(target, size / sizeof(char16_t), read_wide); }
}
#pragma GCC visibility pop
