// SPDX-License-Identifier: Apache-2.0
// A running host's answers as text for people; 'partywall TOOL --json' prints the answers themselves.
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

namespace pw::cli {

// `data` is the answer of the command of that name; `emphasise` for a terminal.
[[nodiscard]] std::string view_of(const std::string& command, const nlohmann::json& data, bool emphasise);

// What happened between two answers of 'stats'.
[[nodiscard]] std::string stats_change_text(const nlohmann::json& before, const nlohmann::json& after, bool emphasise);

}  // namespace pw::cli
