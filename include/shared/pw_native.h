// SPDX-License-Identifier: Apache-2.0
// The native calls by their Nt names: what the Win32 layer is built on.
#ifndef PW_NATIVE_H
#define PW_NATIVE_H

#include <pw_native_types.h>

PW_API_BEGIN
#define PW_NATIVE(Name, Arguments) NTSTATUS NTAPI Nt##Name Arguments;
#include <pw_native_calls.h>
#undef PW_NATIVE
PW_API_END

#define NtCurrentProcess() ((HANDLE)(LONG_PTR)-1)
#define NtCurrentThread() ((HANDLE)(LONG_PTR)-2)
#define ZwCurrentProcess() NtCurrentProcess()
#define ZwCurrentThread() NtCurrentThread()

#endif
