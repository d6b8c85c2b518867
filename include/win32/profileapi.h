// SPDX-License-Identifier: Apache-2.0
// The performance counter.
#ifndef PW_WIN32_PROFILEAPI_H
#define PW_WIN32_PROFILEAPI_H

#include "minwindef.h"
#include "winnt.h"

PW_API_BEGIN
BOOL WINAPI QueryPerformanceCounter(LARGE_INTEGER* lpPerformanceCount);
BOOL WINAPI QueryPerformanceFrequency(LARGE_INTEGER* lpFrequency);
PW_API_END

#endif
