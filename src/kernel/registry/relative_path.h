// SPDX-License-Identifier: Apache-2.0
// RTL_REGISTRY_…: where the paths of the Rtl registry routines start.
#pragma once

#include <nt/rtl.h>

#include "kernel/registry/registry.h"

namespace pw::cm {

// The key that `relative_to` and `path` name together. Not for RTL_REGISTRY_HANDLE, whose `path` is a handle.
// STATUS_INVALID_PARAMETER.
[[nodiscard]] Result<std::u16string> absolute_path(ULONG relative_to, PCWSTR path);

}  // namespace pw::cm
