// SPDX-License-Identifier: Apache-2.0
// The figures as lines for people, one after the other as they are measured.
#pragma once

#include <string>
#include <vector>

#include "cli/bench/figure.h"

namespace pw::cli {

class BenchTable {
 public:
  // The lines of one figure: its own, after headings where mode or chart are new.
  [[nodiscard]] std::string lines(const Figure& figure, const std::string& placement);

 private:
  std::string mode_;
  std::string chart_;
};

// How the curves over a population grow, and how many goals are met.
[[nodiscard]] std::string summary(const std::vector<Figure>& figures);

}  // namespace pw::cli
