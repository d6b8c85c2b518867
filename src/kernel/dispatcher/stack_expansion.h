// SPDX-License-Identifier: Apache-2.0
// KeExpandKernelStackAndCallout: a routine that needs more stack than is left.
#pragma once

#include <nt/ke_types.h>

#include "base/status.h"

namespace pw::ke {

class Thread;

// Calls callout(parameter) with at least size_bytes of stack, a fresh one. STATUS_INVALID_PARAMETER_3 above
// MAXIMUM_EXPANSION_SIZE, STATUS_NO_MEMORY. Bug check when the routine returns at another IRQL. IRQL <= DISPATCH_LEVEL (else
// a bug check).
[[nodiscard]] Status call_on_expanded_stack(Thread& thread, PEXPAND_STACK_CALLOUT callout, void* parameter, std::size_t size_bytes);

}  // namespace pw::ke
