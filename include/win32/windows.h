// SPDX-License-Identifier: Apache-2.0
// <windows.h>: the application side of Partywall. Thin: the declarations stand in the topical headers.
#ifndef PW_WIN32_WINDOWS_H
#define PW_WIN32_WINDOWS_H

#include "sdkddkver.h"
#include <stdarg.h>

#include "windef.h"
#include "winnt.h"
#include "winbase.h"
#include "winerror.h"
#include "winuser.h"
#include "consoleapi.h"
#include "winsvc.h"
#include "winreg.h"
#ifndef WIN32_LEAN_AND_MEAN
#include "mmsystem.h"
#include "shellapi.h"
#include "winioctl.h"
#endif

#endif
