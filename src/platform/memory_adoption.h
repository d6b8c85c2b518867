// SPDX-License-Identifier: Apache-2.0
// Moves private memory of this process into a shared file, at its address and with its contents.
#pragma once

#include <cstdint>

#include "base/status.h"
#include "platform/mapping.h"

namespace pw::platform {

// Copies [address, +length) into the file at `offset`, then puts the file's pages at the address in one step. Nobody may
// write to the range meanwhile (this runs before main), or the write is lost. Allocates nothing.
[[nodiscard]] Status move_into_file(std::uint64_t address, std::uint64_t length_bytes, PageAccess access, int descriptor,
                                    std::uint64_t offset_bytes);

}  // namespace pw::platform
