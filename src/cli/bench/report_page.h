// SPDX-License-Identifier: Apache-2.0
// The figures as one self-contained page: curves, tables and what they mean; nothing is loaded from elsewhere.
#pragma once

#include <string>

#include "cli/bench/bench_results.h"

namespace pw::cli {

[[nodiscard]] std::string report_page(const BenchResults& results);

// For text and attribute values of HTML and SVG.
[[nodiscard]] std::string html_escaped(const std::string& text);

}  // namespace pw::cli
