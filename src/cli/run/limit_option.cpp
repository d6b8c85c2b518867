// SPDX-License-Identifier: Apache-2.0
#include "cli/run/limit_option.h"

#include <cstdlib>

namespace pw::cli {

CLI::Option* add_limit_option(CLI::App& command, std::vector<std::string>& limits) {
  return command
      .add_option("--limit", limits,
                  "What each application may have: handles=N, threads=N, irps=N, named-objects=N, segments=N, commit=SIZE, "
                  "locked=SIZE; several with commas between them")
      ->allow_extra_args(false)
      ->type_name("NAME=N,...");
}

std::string limits_text(const std::vector<std::string>& limits) {
  const char* const inherited = std::getenv("PARTYWALL_LIMITS");
  std::string text = inherited == nullptr ? "" : inherited;
  for (const std::string& limit : limits) text += (text.empty() ? "" : ",") + limit;
  return text;
}

}  // namespace pw::cli
