// SPDX-License-Identifier: Apache-2.0
// <wincon.h>: what <consoleapi.h> declares.
#ifndef PW_WIN32_WINCON_H
#define PW_WIN32_WINCON_H

#include "consoleapi.h"

#endif
