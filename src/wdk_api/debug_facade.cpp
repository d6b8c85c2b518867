// SPDX-License-Identifier: Apache-2.0
// Façade: DbgPrint and its family, assertions, breakpoints.
#include <nt/debug.h>

#include <cstdarg>
#include <cstdio>

#include "crt/format.h"
#include "kernel/dispatcher/bug_check.h"
#include "wdk_api/current.h"

using namespace pw;

extern "C" {

BOOLEAN KdDebuggerEnabled = FALSE;
BOOLEAN KdDebuggerNotPresent = TRUE;

ULONG NTAPI vDbgPrintExWithPrefix(const char* prefix, ULONG, ULONG, const char* format, va_list arguments) {
    // "DbgPrint limits a message to 512 bytes."
    char text[512];
    const int prefix_bytes = std::snprintf(text, sizeof(text), "%s", prefix);
    const auto used = static_cast<std::size_t>(prefix_bytes) < sizeof(text) ? static_cast<std::size_t>(prefix_bytes) : 0;
    crt::BufferSink<char> sink(text + used, sizeof(text) - used - 1);
    if (crt::format(sink, format, arguments) == crt::k_format_refused) return STATUS_INVALID_PARAMETER;
    text[used + sink.stored()] = '\0';
    wdk::current_kernel().debug_print(text);
    return STATUS_SUCCESS;
}

ULONG NTAPI vDbgPrintEx(ULONG component, ULONG level, const char* format, va_list arguments) {
    return vDbgPrintExWithPrefix("", component, level, format, arguments);
}

ULONG DbgPrint(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ULONG status = vDbgPrintEx(DPFLTR_DEFAULT_ID, DPFLTR_INFO_LEVEL, format, arguments);
    va_end(arguments);
    return status;
}

ULONG DbgPrintEx(ULONG component, ULONG level, const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ULONG status = vDbgPrintEx(component, level, format, arguments);
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
