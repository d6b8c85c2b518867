// SPDX-License-Identifier: Apache-2.0
// The native calls by their Zw names: previous mode becomes KernelMode for the call.
#ifndef PW_NT_ZW_H
#define PW_NT_ZW_H

#include <pw_fsctl.h>
#include <pw_native.h>

PW_API_BEGIN
#define PW_NATIVE(Name, Arguments) NTSTATUS NTAPI Zw##Name Arguments;
#include <pw_native_calls.h>
#undef PW_NATIVE
PW_API_END

#endif
