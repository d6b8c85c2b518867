// SPDX-License-Identifier: Apache-2.0
// What a driver includes: <ntddk.h>. The declarations stand in <nt/...>, by topic.
#ifndef PW_NTDDK_H
#define PW_NTDDK_H
#define _NTDDK_

#include <wdm.h>
#include <nt/ps_notify.h>
#include <nt/hal.h>

#endif
