// SPDX-License-Identifier: Apache-2.0
// Types of the access control interface.
#ifndef PW_WIN32_ACCCTRL_H
#define PW_WIN32_ACCCTRL_H

#include "minwindef.h"
#include "winnt.h"

typedef enum _SE_OBJECT_TYPE {
  SE_UNKNOWN_OBJECT_TYPE = 0,
  SE_FILE_OBJECT,
  SE_SERVICE,
  SE_PRINTER,
  SE_REGISTRY_KEY,
  SE_LMSHARE,
  SE_KERNEL_OBJECT,
  SE_WINDOW_OBJECT
} SE_OBJECT_TYPE;

#endif
