// SPDX-License-Identifier: Apache-2.0
// The one function of the shell that console programs use.
#ifndef PW_WIN32_SHELLAPI_H
#define PW_WIN32_SHELLAPI_H

#include "minwindef.h"
#include "winnt.h"

// CommandLineToArgvW: the arguments of a command line, in one block that LocalFree frees. NULL with the last error set.
PW_API_BEGIN
LPWSTR* WINAPI CommandLineToArgvW(LPCWSTR lpCmdLine, int* pNumArgs);
PW_API_END

#endif
