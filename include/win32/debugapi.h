// SPDX-License-Identifier: Apache-2.0
// Output to a debugger.
#ifndef PW_WIN32_DEBUGAPI_H
#define PW_WIN32_DEBUGAPI_H

#include "minwindef.h"
#include "winnt.h"

PW_API_BEGIN
void WINAPI OutputDebugStringA(LPCSTR lpOutputString);
void WINAPI OutputDebugStringW(LPCWSTR lpOutputString);
BOOL WINAPI IsDebuggerPresent(void);
void WINAPI DebugBreak(void);
PW_API_END

#ifndef PARTYWALL_BUILD
#ifdef UNICODE
#define OutputDebugString OutputDebugStringW
#else
#define OutputDebugString OutputDebugStringA
#endif
#endif

#endif
