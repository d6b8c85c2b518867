// SPDX-License-Identifier: Apache-2.0
// Limits of a client process as text: "handles=1000,threads=64,committed-mib=512"; the environment's PARTYWALL_LIMITS.
#pragma once

#include <string>
#include <string_view>

#include "kernel/processes/process_limits.h"

namespace pw::host {

// Changes what the text names. Names: handles, threads, pending-requests, named-objects, segments, committed-mib,
// locked-mib. False: *error says in one line what is wrong, and *limits may be changed in part.
[[nodiscard]] bool parse_limits(std::string_view text, ps::ProcessLimits* limits, std::string* error);

}  // namespace pw::host
