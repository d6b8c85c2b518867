// SPDX-License-Identifier: Apache-2.0
// Threads of applications and the memory that a client's runtime gives to segments.
#pragma once

#include "kernel/services/caller.h"

namespace pw::nt {

[[nodiscard]] Status create_thread(const Caller& caller, ACCESS_MASK access, std::uint64_t* handle, std::uint64_t* token,
                                   std::uint32_t* thread_id);
[[nodiscard]] Status adopt_memory(const Caller& caller, std::uint64_t base, std::uint64_t region_bytes, ULONG protection,
                                  std::uint32_t kind);

}  // namespace pw::nt
