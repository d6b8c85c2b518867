// SPDX-License-Identifier: Apache-2.0
// Raising exceptions from a driver. Declared here, not through rtl.h: RtlRaiseException returns when a filter continues.
#include <ntstatus.h>

#include "exceptions/exceptions.h"

extern "C" {

PW_RT_API void RtlRaiseException(PEXCEPTION_RECORD ExceptionRecord) {
    ExceptionRecord->ExceptionAddress = __builtin_return_address(0);
    pw_seh_raise(ExceptionRecord);
}

PW_RT_API void ExRaiseException(PEXCEPTION_RECORD ExceptionRecord) {
    ExceptionRecord->ExceptionAddress = __builtin_return_address(0);
    pw_seh_raise(ExceptionRecord);
}

[[noreturn]] PW_RT_API void RtlRaiseStatus(NTSTATUS Status) {
    pw_seh_raise_status_at(static_cast<std::uint32_t>(Status), __builtin_return_address(0));
}

[[noreturn]] PW_RT_API void ExRaiseStatus(NTSTATUS Status) {
    pw_seh_raise_status_at(static_cast<std::uint32_t>(Status), __builtin_return_address(0));
}

[[noreturn]] PW_RT_API void ExRaiseAccessViolation(void) {
    pw_seh_raise_status_at(static_cast<std::uint32_t>(STATUS_ACCESS_VIOLATION), __builtin_return_address(0));
}

[[noreturn]] PW_RT_API void ExRaiseDatatypeMisalignment(void) {
    pw_seh_raise_status_at(static_cast<std::uint32_t>(STATUS_DATATYPE_MISALIGNMENT), __builtin_return_address(0));
}

}  // extern "C"
