// SPDX-License-Identifier: Apache-2.0
// Comparisons with a version of Windows: Partywall answers as Windows 10.
#ifndef PW_WIN32_VERSIONHELPERS_H
#define PW_WIN32_VERSIONHELPERS_H

#include "minwindef.h"

PW_INLINE BOOL IsWindowsXPOrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindowsVistaOrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindows7OrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindows7SP1OrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindows8OrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindows8Point1OrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindows10OrGreater(void) {
  return TRUE;
}
PW_INLINE BOOL IsWindowsServer(void) {
  return FALSE;
}

#endif
