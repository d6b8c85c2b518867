// SPDX-License-Identifier: Apache-2.0
// The documented limits of the registry ("Registry Element Size Limits"), and the one that is ours: what all of it may take.
#pragma once

#include <cstddef>

namespace pw::cm {

constexpr std::size_t max_key_name_units = 255;
constexpr std::size_t max_value_name_units = 16'383;
constexpr std::size_t max_value_bytes = 1024 * 1024;
constexpr std::size_t max_depth = 512;
// Names, classes and data of all keys together: STATUS_REGISTRY_QUOTA_LIMIT beyond it.
constexpr std::size_t max_registry_bytes = 64 * 1024 * 1024;
// What a key or value counts beside its names and data.
constexpr std::size_t entry_bytes = 64;

}  // namespace pw::cm
