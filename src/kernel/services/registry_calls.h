// SPDX-License-Identifier: Apache-2.0
// The calls of the registry: decode, call the service, encode.
#pragma once

#include "kernel/services/call_decoding.h"

namespace pw::nt {

#define PW_SERVED_HERE(Call) \
    [[nodiscard]] Status serve_call(const Caller& caller, CallFrame& frame, const Call##In& in, Call##Out& out);
PW_SERVED_HERE(NtCreateKey)
PW_SERVED_HERE(NtOpenKeyEx)
PW_SERVED_HERE(NtDeleteKey)
PW_SERVED_HERE(NtFlushKey)
PW_SERVED_HERE(NtQueryKey)
PW_SERVED_HERE(NtEnumerateKey)
PW_SERVED_HERE(NtQueryValueKey)
PW_SERVED_HERE(NtEnumerateValueKey)
PW_SERVED_HERE(NtSetValueKey)
PW_SERVED_HERE(NtDeleteValueKey)
#undef PW_SERVED_HERE

}  // namespace pw::nt
