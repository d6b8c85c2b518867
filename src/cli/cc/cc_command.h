// SPDX-License-Identifier: Apache-2.0
// 'partywall cc': compiles and links one driver or application.
#pragma once

#include <string>
#include <vector>

#include "cli/cc/cc_options.h"

namespace pw::cli {

// arguments are those behind 'cc'. Returns the exit code; throws CliError.
[[nodiscard]] int run_cc(const std::vector<std::string>& arguments, ProgramKind kind, bool cplusplus);

}  // namespace pw::cli
