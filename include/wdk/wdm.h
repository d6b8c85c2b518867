// SPDX-License-Identifier: Apache-2.0
// What a driver includes: <wdm.h>. The declarations stand in <nt/...>, by topic.
#ifndef PW_WDM_H
#define PW_WDM_H
#define _WDMDDK_

#include <ntdef.h>
#include <ntstatus.h>
#include <devioctl.h>
#include <nt/interlocked.h>
#include <nt/ke_types.h>
#include <nt/mm_types.h>
#include <nt/io_types.h>
#include <nt/debug.h>
#include <nt/ke.h>
#include <nt/mm.h>
#include <nt/registers.h>
#include <nt/ex.h>
#include <nt/ob.h>
#include <nt/ps.h>
#include <nt/io.h>
#include <nt/io_inlines.h>
#include <nt/io_locks.h>
#include <nt/po.h>
#include <nt/rtl.h>
#include <nt/se.h>
#include <nt/zw.h>

#endif
