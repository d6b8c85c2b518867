// SPDX-License-Identifier: Apache-2.0
// The calls of processes, threads and handle flags: decode, call the service, encode.
#pragma once

#include "kernel/services/call_decoding.h"

namespace pw::nt {

#define PW_SERVED_HERE(Call) \
    [[nodiscard]] Status serve_call(const Caller& caller, CallFrame& frame, const Call##In& in, Call##Out& out);
PW_SERVED_HERE(PwCreateProcess)
PW_SERVED_HERE(PwChildStarted)
PW_SERVED_HERE(PwChildEnded)
PW_SERVED_HERE(PwQueryProcess)
PW_SERVED_HERE(PwExitProcess)
PW_SERVED_HERE(NtOpenProcess)
PW_SERVED_HERE(NtTerminateProcess)
PW_SERVED_HERE(NtOpenThread)
PW_SERVED_HERE(NtSuspendThread)
PW_SERVED_HERE(NtResumeThread)
PW_SERVED_HERE(PwAwaitResume)
PW_SERVED_HERE(NtTerminateThread)
PW_SERVED_HERE(PwThreadPriority)
PW_SERVED_HERE(PwHandleFlags)
PW_SERVED_HERE(PwInheritHandle)
#undef PW_SERVED_HERE

}  // namespace pw::nt
