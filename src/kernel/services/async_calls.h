// SPDX-License-Identifier: Apache-2.0
// The calls of completion ports, user APCs and waitable timers: decode, call the service, encode.
#pragma once

#include "kernel/services/call_decoding.h"

namespace pw::nt {

#define PW_SERVED_HERE(Call) \
    [[nodiscard]] Status serve_call(const Caller& caller, CallFrame& frame, const Call##In& in, Call##Out& out);
PW_SERVED_HERE(NtCreateIoCompletion)
PW_SERVED_HERE(NtSetIoCompletion)
PW_SERVED_HERE(NtRemoveIoCompletionEx)
PW_SERVED_HERE(NtCancelSynchronousIoFile)
PW_SERVED_HERE(NtQueueApcThread)
PW_SERVED_HERE(PwTakeUserApc)
PW_SERVED_HERE(NtSignalAndWaitForSingleObject)
PW_SERVED_HERE(NtCreateTimer)
PW_SERVED_HERE(NtOpenTimer)
PW_SERVED_HERE(NtSetTimer)
PW_SERVED_HERE(NtCancelTimer)
#undef PW_SERVED_HERE

}  // namespace pw::nt
