// SPDX-License-Identifier: Apache-2.0
// Looks up a name among what one loaded image exports.
#pragma once

namespace pw::platform {

// The symbol's address if the image that contains `anchor` exports it itself (not one of the libraries that it uses); else
// null.
[[nodiscard]] void* find_exported_symbol(const void* anchor, const char* name);

}  // namespace pw::platform
