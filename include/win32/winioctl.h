// SPDX-License-Identifier: Apache-2.0
// Device control codes as applications build them.
#ifndef PW_WIN32_WINIOCTL_H
#define PW_WIN32_WINIOCTL_H

#include <devioctl.h>

#ifndef PARTYWALL_BUILD
#include "windows.h"
#endif

#endif
