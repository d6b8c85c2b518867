// SPDX-License-Identifier: Apache-2.0
// Debug output, assertions and breakpoints.
#ifndef PW_NT_DEBUG_H
#define PW_NT_DEBUG_H

#include <ntdef.h>
#include <stdarg.h>

#define DPFLTR_SYSTEM_ID 0
#define DPFLTR_IHVVIDEO_ID 78
#define DPFLTR_IHVAUDIO_ID 79
#define DPFLTR_IHVNETWORK_ID 80
#define DPFLTR_IHVSTREAMING_ID 81
#define DPFLTR_IHVBUS_ID 82
#define DPFLTR_IHVDRIVER_ID 77
#define DPFLTR_FLTMGR_ID 85
#define DPFLTR_DEFAULT_ID 101
#define DPFLTR_ERROR_LEVEL 0
#define DPFLTR_WARNING_LEVEL 1
#define DPFLTR_TRACE_LEVEL 2
#define DPFLTR_INFO_LEVEL 3
#define DPFLTR_MASK 0x80000000

PW_API_BEGIN
extern BOOLEAN KdDebuggerEnabled;
extern BOOLEAN KdDebuggerNotPresent;

ULONG DbgPrint(const char* Format, ...);
ULONG DbgPrintEx(ULONG ComponentId, ULONG Level, const char* Format, ...);
ULONG DbgPrintReturnControlC(const char* Format, ...);
ULONG NTAPI vDbgPrintEx(ULONG ComponentId, ULONG Level, const char* Format, va_list Arguments);
ULONG NTAPI vDbgPrintExWithPrefix(const char* Prefix, ULONG ComponentId, ULONG Level,
                                  const char* Format, va_list Arguments);
void NTAPI DbgBreakPoint(void);
void NTAPI DbgBreakPointWithStatus(ULONG Status);
ULONG NTAPI DbgPrompt(const char* Prompt, PCHAR Response, ULONG Length);
NTSTATUS NTAPI DbgQueryDebugFilterState(ULONG ComponentId, ULONG Level);
NTSTATUS NTAPI DbgSetDebugFilterState(ULONG ComponentId, ULONG Level, BOOLEAN State);
BOOLEAN NTAPI KdRefreshDebuggerNotPresent(void);
NTSTATUS NTAPI KdDisableDebugger(void);
NTSTATUS NTAPI KdEnableDebugger(void);
void NTAPI RtlAssert(PVOID FailedAssertion, PVOID FileName, ULONG LineNumber, PSTR Message);
PW_API_END

#ifndef PARTYWALL_BUILD
#define KD_DEBUGGER_ENABLED KdDebuggerEnabled
#define KD_DEBUGGER_NOT_PRESENT KdDebuggerNotPresent
// A macro: a driver's own `#define DbgPrint(f, ...) DbgPrintEx(a, b, f, __VA_ARGS__)` leaves a
// trailing comma when it is used without arguments; this one drops it.
#define DbgPrintEx(ComponentId, Level, Format, ...) \
  (DbgPrintEx)((ULONG)(ComponentId), (ULONG)(Level), Format __VA_OPT__(, ) __VA_ARGS__)

#if PW_DBG
#define KdPrint(args) DbgPrint args
#define KdPrintEx(args) DbgPrintEx args
#define vKdPrintEx(args) vDbgPrintEx args
#define KdBreakPoint() DbgBreakPoint()
#define KdBreakPointWithStatus(s) DbgBreakPointWithStatus(s)
#define PW_ASSERT(e, message)                                                                  \
  ((!(e)) ? (RtlAssert((PVOID)(ULONG_PTR)#e, (PVOID)(ULONG_PTR)__FILE__, __LINE__, (PSTR)message), FALSE) \
          : TRUE)
#define ASSERT(e) ((void)PW_ASSERT(e, NULL))
#define ASSERTMSG(message, e) ((void)PW_ASSERT(e, message))
#define RTL_ASSERT(e) PW_ASSERT(e, NULL)
#define RTL_ASSERTMSG(message, e) PW_ASSERT(e, message)
#define RTL_SOFT_ASSERT(e) \
  ((!(e)) ? (DbgPrint("%s(%d): Soft assertion failed\n   Expression: %s\n", __FILE__, __LINE__, #e), FALSE) : TRUE)
#define RTL_VERIFY(e) PW_ASSERT(e, NULL)
#define RTL_SOFT_VERIFY(e) RTL_SOFT_ASSERT(e)
#define NT_ASSERT(e) PW_ASSERT(e, NULL)
#define NT_ASSERTMSG(message, e) PW_ASSERT(e, message)
#define NT_ASSERT_ASSUME(e) PW_ASSERT(e, NULL)
#define NT_VERIFY(e) PW_ASSERT(e, NULL)
#else
#define KdPrint(args)
#define KdPrintEx(args)
#define vKdPrintEx(args)
#define KdBreakPoint()
#define KdBreakPointWithStatus(s)
#define ASSERT(e) ((void)0)
#define ASSERTMSG(message, e) ((void)0)
#define RTL_ASSERT(e) ((void)0)
#define RTL_ASSERTMSG(message, e) ((void)0)
#define RTL_SOFT_ASSERT(e) ((void)0)
#define RTL_VERIFY(e) ((e) ? TRUE : FALSE)
#define RTL_SOFT_VERIFY(e) ((e) ? TRUE : FALSE)
#define NT_ASSERT(e) ((void)0)
#define NT_ASSERTMSG(message, e) ((void)0)
#define NT_ASSERT_ASSUME(e) ((void)0)
#define NT_VERIFY(e) ((e) ? TRUE : FALSE)
#endif
#define NT_FRE_ASSERT(e) ((e) ? TRUE : (DbgBreakPoint(), FALSE))
#ifndef NT_ASSERT_ACTION
#define NT_ASSERT_ACTION(e) NT_ASSERT(e)
#endif
#endif  // PARTYWALL_BUILD

#endif
