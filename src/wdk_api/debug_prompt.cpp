// SPDX-License-Identifier: Apache-2.0
// Façade: what a driver asks of a kernel debugger. There never is one: a driver that is stopped by gdb does not notice.
#include <nt/debug.h>

#include <cstdarg>
#include <cstring>

#include "wdk_api/current.h"
#include "wdk_api/debug_filter.h"

using namespace pw;

extern "C" {

BOOLEAN NTAPI KdRefreshDebuggerNotPresent(void) { return KdDebuggerNotPresent = TRUE; }
NTSTATUS NTAPI KdDisableDebugger(void) { return STATUS_DEBUGGER_INACTIVE; }
NTSTATUS NTAPI KdEnableDebugger(void) { return STATUS_DEBUGGER_INACTIVE; }

// Shows the prompt; nobody answers: no characters.
ULONG NTAPI DbgPrompt(const char* prompt, PCHAR response, ULONG length) {
    wdk::current_kernel().debug_print(__builtin_return_address(0), prompt);
    if (length != 0) response[0] = '\0';
    return 0;
}

// Nobody presses Ctrl+C.
ULONG DbgPrintReturnControlC(const char* format, ...) {
    va_list arguments;
    va_start(arguments, format);
    const ULONG status = vDbgPrintEx(DPFLTR_DEFAULT_ID, DPFLTR_INFO_LEVEL, format, arguments);
    va_end(arguments);
    return status;
}

// A breakpoint that no debugger takes: KMODE_EXCEPTION_NOT_HANDLED, unless the driver catches STATUS_BREAKPOINT.
void NTAPI DbgBreakPointWithStatus(ULONG) { __asm__ volatile("int3"); }

NTSTATUS NTAPI DbgQueryDebugFilterState(ULONG component, ULONG level) { return wdk::debug_filter_passes(component, level) ? TRUE : FALSE; }
NTSTATUS NTAPI DbgSetDebugFilterState(ULONG component, ULONG level, BOOLEAN state) {
    wdk::set_debug_filter(component, level, state != FALSE);
    return STATUS_SUCCESS;
}

}  // extern "C"
