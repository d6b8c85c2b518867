// SPDX-License-Identifier: Apache-2.0
// <mmsystem.h>: what <timeapi.h> declares; there is no sound.
#ifndef PW_WIN32_MMSYSTEM_H
#define PW_WIN32_MMSYSTEM_H

#include "timeapi.h"

#endif
