// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_step.h"

#if __has_include("cli/cc/seh_prepass.cpp")
#include "cli/cc/seh_prepass.h"
#define PW_HAS_SEH_PREPASS 1
#endif

namespace pw::cli {

#ifdef PW_HAS_SEH_PREPASS

SehMacros find_macros_with_seh(const std::vector<std::string_view>& files, SourceLanguage language) {
  SehPrepassOptions options;
  options.cplusplus = language == SourceLanguage::Cxx;
  // A macro may use one of another file: repeat until no name is new.
  for (std::size_t known = 0, round = 0; round == 0 || options.macros.size() != known; ++round) {
    known = options.macros.size();
    for (const std::string_view file : files) options.macros.merge(find_seh_macros(file, options));
  }
  SehMacros found;
  for (const std::string_view file : files) found.partial = found.partial || has_partial_seh_macros(file, options);
  found.names = std::move(options.macros);
  return found;
}

std::string run_seh_step(std::string_view source, SourceLanguage language, const SehMacros& macros) {
  SehPrepassOptions options;
  options.cplusplus = language == SourceLanguage::Cxx;
  options.macros = macros.names;
  return rewrite_seh(source, options);
}

#else

SehMacros find_macros_with_seh(const std::vector<std::string_view>&, SourceLanguage) { return {}; }

std::string run_seh_step(std::string_view source, SourceLanguage, const SehMacros&) { return std::string(source); }

#endif

}  // namespace pw::cli
