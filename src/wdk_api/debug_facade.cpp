// SPDX-License-Identifier: Apache-2.0
// Façade: DbgPrint and its family, assertions, breakpoints.
#include <nt/debug.h>

#include <cstdarg>
#include <cstdio>

#include "crt/crt_api.h"
#include "kernel/dispatcher/bug_check.h"
#include "wdk_api/current.h"
#include "wdk_api/debug_filter.h"

using namespace pw;

namespace {

ULONG print(const void* caller, ULONG component, ULONG level, const char* prefix, const char* format, va_list arguments) {
    if (!wdk::debug_filter_passes(component, level)) return STATUS_SUCCESS;
    // "DbgPrint limits a message to 512 bytes."
    char text[512];
    const int prefix_bytes = std::snprintf(text, sizeof(text), "%s", prefix);
    const auto used = static_cast<std::size_t>(prefix_bytes) < sizeof(text) ? static_cast<std::size_t>(prefix_bytes) : 0;
    if (pw_vsnprintf(text + used, sizeof(text) - used, format, arguments) < 0) {
        return static_cast<ULONG>(STATUS_INVALID_PARAMETER);
    }
    wdk::current_kernel().debug_print(caller, text);
    return STATUS_SUCCESS;
}

}  // namespace

extern "C" {

BOOLEAN KdDebuggerEnabled = FALSE;
BOOLEAN KdDebuggerNotPresent = TRUE;

ULONG NTAPI vDbgPrintExWithPrefix(const char* prefix, ULONG component, ULONG level, const char* format, va_list arguments) {
    return print(__builtin_return_address(0), component, level, prefix, format, arguments);
}

ULONG NTAPI vDbgPrintEx(ULONG component, ULONG level, const char* format, va_list arguments) {
    return print(__builtin_return_address(0), component, level, "", format, arguments);
}

ULONG DbgPrint(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ULONG status = print(__builtin_return_address(0), DPFLTR_DEFAULT_ID, DPFLTR_INFO_LEVEL, "", format, arguments);
    va_end(arguments);
    return status;
}

ULONG DbgPrintEx(ULONG component, ULONG level, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ULONG status = print(__builtin_return_address(0), component, level, "", format, arguments);
    va_end(arguments);
    return status;
}

void NTAPI DbgBreakPoint(void) { __asm__ volatile("int3"); }

void NTAPI RtlAssert(PVOID expression, PVOID file, ULONG line, PSTR message) {
    char detail[512];
    std::snprintf(detail, sizeof(detail), "assertion failed: %s%s%s, %s:%u", static_cast<const char*>(expression),
                  message ? ": " : "", message ? message : "", static_cast<const char*>(file), line);
    ke::BugCheckContext context;
    context.detail = detail;
    // Without a debugger a failed assertion of a checked driver ends in a breakpoint that nobody handles.
    ke::bug_check(0x1E, static_cast<ULONG_PTR>(static_cast<ULONG>(STATUS_ASSERTION_FAILURE)), 0, 0, 0, &context);
}

}  // extern "C"
