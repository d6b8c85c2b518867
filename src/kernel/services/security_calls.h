// SPDX-License-Identifier: Apache-2.0
// The calls of security descriptors and tokens: decode, call the service, encode.
#pragma once

#include "kernel/services/call_decoding.h"

namespace pw::nt {

#define PW_SERVED_HERE(Call) \
    [[nodiscard]] Status serve_call(const Caller& caller, CallFrame& frame, const Call##In& in, Call##Out& out);
PW_SERVED_HERE(NtQuerySecurityObject)
PW_SERVED_HERE(NtSetSecurityObject)
PW_SERVED_HERE(NtOpenProcessToken)
PW_SERVED_HERE(NtQueryInformationToken)
PW_SERVED_HERE(NtAdjustPrivilegesToken)
#undef PW_SERVED_HERE

}  // namespace pw::nt
