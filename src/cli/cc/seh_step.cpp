// SPDX-License-Identifier: Apache-2.0
#include "cli/cc/seh_step.h"

#if __has_include("cli/cc/seh_prepass.h")
#include "cli/cc/seh_prepass.h"
#define PW_HAS_SEH_PREPASS 1
#endif

namespace pw::cli {

std::string run_seh_step(std::string_view source, SourceLanguage language) {
#ifdef PW_HAS_SEH_PREPASS
  SehPrepassOptions options;
  options.cplusplus = language == SourceLanguage::Cxx;
  return rewrite_seh(source, options);
#else
  static_cast<void>(language);
  return std::string(source);
#endif
}

}  // namespace pw::cli
