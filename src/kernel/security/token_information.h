// SPDX-License-Identifier: Apache-2.0
// What can be asked about a token (GetTokenInformation, SeQueryInformationToken).
#pragma once

#include <cstddef>
#include <vector>

#include "base/result.h"
#include "kernel/security/token.h"

namespace pw::se {

// The documented structure of the class, with offsets in place of pointers (security_format/token_layout.h).
// STATUS_INVALID_INFO_CLASS.
[[nodiscard]] Result<std::vector<std::byte>> token_information(const Token& token, TOKEN_INFORMATION_CLASS information_class);

}  // namespace pw::se
