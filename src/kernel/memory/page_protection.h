// SPDX-License-Identifier: Apache-2.0
// NT's PAGE_* protections: what they allow, and which are valid.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "platform/mapping.h"

namespace pw::mm {

// What the processor may do under a PAGE_* protection (PAGE_NOACCESS, and every page with PAGE_GUARD: nothing, until the
// guard is taken off). PAGE_WRITECOPY counts as writable.
[[nodiscard]] platform::PageAccess access_of(std::uint32_t nt_protection);
[[nodiscard]] bool is_write_copy(std::uint32_t nt_protection);
[[nodiscard]] bool is_guarded(std::uint32_t nt_protection);
// The protection that takes over when the guard has gone off.
[[nodiscard]] std::uint32_t without_guard(std::uint32_t nt_protection);
// The caching modifiers of a protection: accepted, without effect.
[[nodiscard]] std::uint32_t caching_of(std::uint32_t nt_protection);
// STATUS_INVALID_PAGE_PROTECTION unless exactly one base protection is given with valid modifiers: PAGE_GUARD, PAGE_NOCACHE
// and PAGE_WRITECOMBINE exclude each other, and PAGE_NOACCESS takes none ("Memory Protection Constants").
[[nodiscard]] Status check_protection(std::uint32_t nt_protection);

}  // namespace pw::mm
