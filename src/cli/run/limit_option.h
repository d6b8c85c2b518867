// SPDX-License-Identifier: Apache-2.0
// The option --limit of 'partywall run' and 'partywall host': what each application may have of its host.
#pragma once

#include <CLI/CLI.hpp>
#include <string>
#include <vector>

namespace pw::cli {

// May be given several times, and several limits at a time; the host judges them when it starts.
CLI::Option* add_limit_option(CLI::App& command, std::vector<std::string>& limits);

// What PARTYWALL_LIMITS becomes: what the environment has, and the options behind it, which count.
[[nodiscard]] std::string limits_text(const std::vector<std::string>& limits);

}  // namespace pw::cli
