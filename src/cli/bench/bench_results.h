// SPDX-License-Identifier: Apache-2.0
// The result of one 'partywall bench' as a JSON document: where and how it was measured, every figure, how curves grow.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cli/bench/figure.h"

namespace pw::cli {

struct BenchResults {
  nlohmann::json about;  // version, time, machine, processors, effort
  std::vector<Figure> figures;
  std::vector<nlohmann::json> lines;  // the figures as the programs printed them

  void add(const nlohmann::json& line);

  [[nodiscard]] nlohmann::json document() const;
  // Throws CliError if the text is no such document.
  [[nodiscard]] static BenchResults read(const std::string& file);
};

// What this machine is: processor, count, system, load average.
[[nodiscard]] nlohmann::json about_machine();

}  // namespace pw::cli
