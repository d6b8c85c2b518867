// SPDX-License-Identifier: Apache-2.0
// One-time initialisation. The pointer's two low bits are the state; a finished one keeps the context in the others.
#include <cstdint>

#include "win32/errhandlingapi.h"
#include "win32/synchapi.h"
#include "win32/winerror.h"
#include "win32_api/lock_word.h"

namespace {

using pw::win32::LockWord;

constexpr ULONG_PTR k_untouched = 0;
constexpr ULONG_PTR k_running = 1;
constexpr ULONG_PTR k_done = 2;
constexpr ULONG_PTR k_running_async = 3;
constexpr ULONG_PTR k_state_mask = 3;

ULONG_PTR load(PINIT_ONCE once) { return reinterpret_cast<ULONG_PTR>(__atomic_load_n(&once->Ptr, __ATOMIC_ACQUIRE)); }

bool change(PINIT_ONCE once, ULONG_PTR from, ULONG_PTR to) {
    auto* expected = reinterpret_cast<PVOID>(from);
    return __atomic_compare_exchange_n(&once->Ptr, &expected, reinterpret_cast<PVOID>(to), false, __ATOMIC_SEQ_CST,
                                       __ATOMIC_SEQ_CST);
}

bool is_done(ULONG_PTR value) { return (value & k_state_mask) == k_done; }

BOOL fail(DWORD error) {
    SetLastError(error);
    return FALSE;
}

BOOL answer_done(ULONG_PTR value, PBOOL pending, LPVOID* context) {
    *pending = FALSE;
    if (context != nullptr) *context = reinterpret_cast<LPVOID>(value & ~k_state_mask);
    return TRUE;
}

}  // namespace

void WINAPI InitOnceInitialize(PINIT_ONCE once) { once->Ptr = nullptr; }

BOOL WINAPI InitOnceBeginInitialize(LPINIT_ONCE once, DWORD flags, PBOOL pending, LPVOID* context) {
    if ((flags & ~(INIT_ONCE_CHECK_ONLY | INIT_ONCE_ASYNC)) != 0) return fail(ERROR_INVALID_PARAMETER);
    const bool async = (flags & INIT_ONCE_ASYNC) != 0;
    for (;;) {
        const ULONG_PTR value = load(once);
        if (is_done(value)) return answer_done(value, pending, context);
        if ((flags & INIT_ONCE_CHECK_ONLY) != 0) {
            *pending = TRUE;
            return fail(ERROR_GEN_FAILURE);
        }
        if (value == (async ? k_running : k_running_async)) return fail(ERROR_INVALID_PARAMETER);  // modes do not mix
        if ((async && value == k_running_async) ||
            (value == k_untouched && change(once, value, async ? k_running_async : k_running))) {
            *pending = TRUE;
            return TRUE;
        }
        if (value == k_running) LockWord(&once->Ptr).wait(static_cast<std::uint32_t>(value));
    }
}

BOOL WINAPI InitOnceComplete(LPINIT_ONCE once, DWORD flags, LPVOID context) {
    const bool failed = (flags & INIT_ONCE_INIT_FAILED) != 0;
    const bool async = (flags & INIT_ONCE_ASYNC) != 0;
    const auto bits = reinterpret_cast<ULONG_PTR>(context);
    if ((bits & k_state_mask) != 0 || (failed && (async || context != nullptr))) return fail(ERROR_INVALID_PARAMETER);
    if (!change(once, async ? k_running_async : k_running, failed ? k_untouched : bits | k_done)) {
        return fail(ERROR_GEN_FAILURE);
    }
    LockWord(&once->Ptr).wake_all();
    return TRUE;
}

BOOL WINAPI InitOnceExecuteOnce(PINIT_ONCE once, PINIT_ONCE_FN function, PVOID parameter, LPVOID* context) {
    BOOL pending = FALSE;
    if (!InitOnceBeginInitialize(once, 0, &pending, context)) return FALSE;
    if (!pending) return TRUE;
    LPVOID result = nullptr;
    if (!function(once, parameter, context != nullptr ? context : &result)) {
        const DWORD error = GetLastError();
        (void)InitOnceComplete(once, INIT_ONCE_INIT_FAILED, nullptr);
        return fail(error);
    }
    return InitOnceComplete(once, 0, context != nullptr ? *context : nullptr);
}
