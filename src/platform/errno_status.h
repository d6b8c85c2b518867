// SPDX-License-Identifier: Apache-2.0
// Translates an errno of a Linux call into the NTSTATUS that NT documents for the same failure.
#pragma once

#include "base/status.h"

namespace pw::platform {

// `error` is a positive errno; 0 gives success; what has no counterpart becomes STATUS_UNSUCCESSFUL. Any thread.
[[nodiscard]] Status status_from_errno(int error);

}  // namespace pw::platform
