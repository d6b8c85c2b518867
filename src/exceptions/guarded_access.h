// SPDX-License-Identifier: Apache-2.0
// The fix-up of guarded accesses (guarded_access.S).
#pragma once

#include "exceptions/exceptions.h"
#include "platform/signals.h"

namespace pw::seh {

// A resolver: if the instruction belongs to a guarded access, lets that access return its failure.
// A context: the access ends there, also within a chunk.
pw_fault_answer resolve_guarded_access(const pw_fault_info* fault, void* ends_at_once);

}  // namespace pw::seh
