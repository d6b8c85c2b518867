// SPDX-License-Identifier: Apache-2.0
// What a driver includes: <ntifs.h>. The declarations stand in <nt/...>, by topic.
#ifndef PW_NTIFS_H
#define PW_NTIFS_H
#define _NTIFS_

#include <ntddk.h>
#include <nt/fs.h>

#endif
