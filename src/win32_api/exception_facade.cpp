// SPDX-License-Identifier: Apache-2.0
// Raising exceptions from an application, and its handlers of last resort.
#include <algorithm>

#include "exceptions/exceptions.h"

extern "C" {

PW_RT_API void RaiseException(DWORD dwExceptionCode, DWORD dwExceptionFlags, DWORD nNumberOfArguments,
                              const ULONG_PTR* lpArguments) {
    constexpr DWORD reserved_code_bit = 0x10000000;  // the system keeps bit 28 for itself
    EXCEPTION_RECORD record = {};
    record.ExceptionCode = dwExceptionCode & ~reserved_code_bit;
    record.ExceptionFlags = dwExceptionFlags & EXCEPTION_NONCONTINUABLE;
    record.ExceptionAddress = __builtin_return_address(0);
    if (lpArguments != nullptr) {
        record.NumberParameters = std::min<DWORD>(nNumberOfArguments, EXCEPTION_MAXIMUM_PARAMETERS);
        std::copy_n(lpArguments, record.NumberParameters, record.ExceptionInformation);
    }
    pw_seh_raise(&record);
}

PW_RT_API pw_seh_unhandled_hook SetUnhandledExceptionFilter(pw_seh_unhandled_hook lpTopLevelExceptionFilter) {
    return pw_seh_set_top_level_filter(lpTopLevelExceptionFilter);
}

PW_RT_API PVOID AddVectoredExceptionHandler(ULONG First, pw_seh_vectored_handler Handler) {
    return pw_seh_add_vectored(First != 0 ? 1 : 0, Handler);
}

PW_RT_API ULONG RemoveVectoredExceptionHandler(PVOID Handle) {
    return pw_seh_remove_vectored(Handle) != 0 ? 1 : 0;
}

}  // extern "C"
