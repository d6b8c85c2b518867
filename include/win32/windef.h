// SPDX-License-Identifier: Apache-2.0
// <windef.h>: what <minwindef.h> declares, and points and rectangles.
#ifndef PW_WIN32_WINDEF_H
#define PW_WIN32_WINDEF_H

#include "minwindef.h"
#include "winnt.h"

typedef struct tagPOINT {
  LONG x;
  LONG y;
} POINT, *PPOINT, *LPPOINT;
typedef struct tagRECT {
  LONG left;
  LONG top;
  LONG right;
  LONG bottom;
} RECT, *PRECT, *LPRECT;
typedef struct tagSIZE {
  LONG cx;
  LONG cy;
} SIZE, *PSIZE, *LPSIZE;
typedef DWORD COLORREF;
typedef HANDLE HCURSOR;

#endif
