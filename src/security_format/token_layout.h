// SPDX-License-Identifier: Apache-2.0
// What GetTokenInformation returns holds pointers into its own buffer. On its way it holds offsets; where it arrives they
// become addresses.
#pragma once

#include <pw_security.h>

#include <cstddef>
#include <cstdint>
#include <span>

namespace pw::se {

// Adds `base` to every offset of an answer of that class. False, and nothing done, if an offset lies outside of it.
[[nodiscard]] bool relocate_token_information(TOKEN_INFORMATION_CLASS information_class, std::span<std::byte> answer,
                                              std::uint64_t base);

}  // namespace pw::se
