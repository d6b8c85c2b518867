// SPDX-License-Identifier: Apache-2.0
// ntstrsafe.h: the RtlStringCch and RtlStringCb functions, which answer NTSTATUS values.
#include "crt/safe_string.h"

namespace pw::crt {
namespace {

int pw_safe_result(SafeResult result) {
    switch (result) {
        case SafeResult::Ok: return 0;                                     // STATUS_SUCCESS
        case SafeResult::Truncated: return static_cast<int>(0x80000005u);  // STATUS_BUFFER_OVERFLOW
        default: return static_cast<int>(0xC000000Du);                     // STATUS_INVALID_PARAMETER
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

}  // namespace
}  // namespace pw::crt

using namespace pw::crt;

#pragma GCC visibility push(default)
extern "C" {
#define PW_SAFE_NAME(verb) RtlStringCch##verb
#define PW_SAFE_UNIT(Char) size_t{1}
#include "crt/safe_string_exports.h"
#define PW_SAFE_NAME(verb) RtlStringCb##verb
#define PW_SAFE_UNIT(Char) sizeof(Char)
#include "crt/safe_string_exports.h"
}
#pragma GCC visibility pop
