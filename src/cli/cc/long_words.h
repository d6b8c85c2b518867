// SPDX-License-Identifier: Apache-2.0
// `long` has 32 bits for Microsoft's compilers and 64 for this machine's: the user's own text gets `int` for it.
#pragma once

#include <string_view>

#include "cli/cc/text_edits.h"

namespace pw::cli {

// Replaces `long` (also with signed, unsigned, int, const and volatile around it, in any order) by `int`, and the suffixes L and UL
// of whole numbers that fit 32 bits by none and U. `long long` and `long double` stay. Also in directives.
void replace_long(std::string_view source, TextEdits& edits);

}  // namespace pw::cli
