// SPDX-License-Identifier: Apache-2.0
// Where this Partywall keeps its headers, libraries and helper programs.
#pragma once

#include <string>
#include <vector>

namespace pw::cli {

struct Installation {
  std::string include_root;       // holds shared/, wdk/ and win32/
  std::string library_directory;  // holds libpartywall-*.so
  std::string share_directory;    // holds known_functions.txt
  std::string host_program;       // partywall-host
  std::string bench_directory;    // bench.sys, bench_app, bench_peers

  // Found from the PARTYWALL_ROOT variable (an installation prefix or a build tree), else from where this program lies:
  // <prefix>/bin beside <prefix>/include/partywall, or <build>/bin. Throws CliError if there are no headers.
  [[nodiscard]] static Installation locate();

  // Include directories, in search order.
  [[nodiscard]] std::vector<std::string> driver_includes() const;
  [[nodiscard]] std::vector<std::string> application_includes() const;

  // The path of lib<name>.so.
  [[nodiscard]] std::string library(const std::string& name) const;
};

}  // namespace pw::cli
