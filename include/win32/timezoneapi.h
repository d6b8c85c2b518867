// SPDX-License-Identifier: Apache-2.0
// Conversions between file times and calendar times.
#ifndef PW_WIN32_TIMEZONEAPI_H
#define PW_WIN32_TIMEZONEAPI_H

#include "minwinbase.h"

PW_API_BEGIN
BOOL WINAPI FileTimeToSystemTime(const FILETIME* lpFileTime, LPSYSTEMTIME lpSystemTime);
BOOL WINAPI SystemTimeToFileTime(const SYSTEMTIME* lpSystemTime, LPFILETIME lpFileTime);
BOOL WINAPI FileTimeToLocalFileTime(const FILETIME* lpFileTime, LPFILETIME lpLocalFileTime);
PW_API_END

#endif
