// SPDX-License-Identifier: Apache-2.0
// Microsoft's suffixes of whole numbers (10i64, 0xffui8), which gcc does not read.
#pragma once

#include <string_view>

#include "cli/cc/text_edits.h"

namespace pw::cli {

// Replaces them by the suffixes of the standard for the same width: LL, ULL, U or none. Also in directives.
void replace_number_suffixes(std::string_view source, TextEdits& edits);

}  // namespace pw::cli
