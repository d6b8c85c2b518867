// SPDX-License-Identifier: Apache-2.0
// Limits of a client process as text: "handles=1000,threads=64,commit=512M"; --limit, which becomes PARTYWALL_LIMITS.
#pragma once

#include <string>
#include <string_view>

#include "kernel/processes/process_limits.h"

namespace pw::host {

// Changes what the text names; of a name that comes twice the last one counts. Names: handles, threads, irps (or
// pending-requests), named-objects, segments, each with a number; commit, locked, with a number of bytes or with K, M, G or T;
// committed-mib, locked-mib, with a number. False: *error says in one line what is wrong, and *limits may be changed in part.
[[nodiscard]] bool parse_limits(std::string_view text, ps::ProcessLimits* limits, std::string* error);

}  // namespace pw::host
