// SPDX-License-Identifier: Apache-2.0
// The multimedia timer's clock and period.
#ifndef PW_WIN32_TIMEAPI_H
#define PW_WIN32_TIMEAPI_H

#include "minwindef.h"

typedef UINT MMRESULT;
typedef struct timecaps_tag {
  UINT wPeriodMin;
  UINT wPeriodMax;
} TIMECAPS, *PTIMECAPS, *NPTIMECAPS, *LPTIMECAPS;
#define TIMERR_NOERROR 0
#define TIMERR_NOCANDO 97
#define TIMERR_STRUCT 129

// Milliseconds. The machine's clock always has the finest period: timeBeginPeriod only checks what is asked for, and answers
// TIMERR_NOCANDO outside of timeGetDevCaps' range.
PW_API_BEGIN
DWORD WINAPI timeGetTime(void);
MMRESULT WINAPI timeBeginPeriod(UINT uPeriod);
MMRESULT WINAPI timeEndPeriod(UINT uPeriod);
MMRESULT WINAPI timeGetDevCaps(LPTIMECAPS ptc, UINT cbtc);
PW_API_END

#endif
