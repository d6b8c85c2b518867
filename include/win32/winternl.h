// SPDX-License-Identifier: Apache-2.0
// The native calls for applications: what the Win32 layer itself is built on.
#ifndef PW_WIN32_WINTERNL_H
#define PW_WIN32_WINTERNL_H

#include "windef.h"
#include <pw_native.h>
#include <nt/rtl.h>

PW_API_BEGIN
ULONG NTAPI RtlNtStatusToDosError(NTSTATUS Status);
ULONG NTAPI RtlNtStatusToDosErrorNoTeb(NTSTATUS Status);
PW_API_END

#endif
