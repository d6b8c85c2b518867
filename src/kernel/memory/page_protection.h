// SPDX-License-Identifier: Apache-2.0
// NT's PAGE_* protections: what they allow, and which are valid.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "platform/mapping.h"

namespace pw::mm {

// What the processor may do under a PAGE_* protection (PAGE_NOACCESS: nothing). PAGE_WRITECOPY counts as writable.
[[nodiscard]] platform::PageAccess access_of(std::uint32_t nt_protection);
[[nodiscard]] bool is_write_copy(std::uint32_t nt_protection);
// STATUS_INVALID_PAGE_PROTECTION unless exactly one base protection is given with valid modifiers.
// PAGE_GUARD is not supported: STATUS_NOT_SUPPORTED. PAGE_NOCACHE and PAGE_WRITECOMBINE are accepted.
[[nodiscard]] Status check_protection(std::uint32_t nt_protection);

}  // namespace pw::mm
