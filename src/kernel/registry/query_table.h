// SPDX-License-Identifier: Apache-2.0
// RtlQueryRegistryValues: walks a driver's table of what it wants to know, stores it or calls the driver with it.
#pragma once

#include <nt/rtl.h>

#include "kernel/registry/registry.h"

namespace pw::cm {

// What the walk needs of its caller.
struct QueryCall {
    PVOID context = nullptr;                  // for the driver's routines
    const char16_t* environment = nullptr;    // "NAME=value" strings, the last one empty; null: no variables are known
    void* (*allocate)(std::size_t bytes) = nullptr;  // a string's buffer, which the driver frees; null: no memory
};

// `table` ends with an entry without QueryRoutine and Name. Statuses as documented: STATUS_OBJECT_NAME_NOT_FOUND for what is required
// and not there, STATUS_INVALID_PARAMETER, STATUS_BUFFER_TOO_SMALL, STATUS_OBJECT_TYPE_MISMATCH, or what a routine of the driver
// returned. PASSIVE_LEVEL.
[[nodiscard]] Status query_values(Registry& registry, KeyObject& key, PRTL_QUERY_REGISTRY_TABLE table, const QueryCall& call);

// "%NAME%" replaced by what `environment` has for it; names that it does not have stay as they are.
[[nodiscard]] std::u16string expand_environment(std::u16string_view text, const char16_t* environment);

}  // namespace pw::cm
