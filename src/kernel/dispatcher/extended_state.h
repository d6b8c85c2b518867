// SPDX-License-Identifier: Apache-2.0
// Extended processor state (AVX and later): pairs of save and restore around a driver's use of it.
#pragma once

#include <nt/ke_types.h>

#include "base/status.h"

namespace pw::ke {

// The OS keeps every thread's registers, and a DPC or an interrupt is a call between two statements of its thread, so there is
// nothing to copy: what counts is that the processor has the features, and that calls come in pairs. STATUS_NOT_SUPPORTED for
// a mask with a feature that the processor has not. IRQL <= DISPATCH_LEVEL (else a bug check).
[[nodiscard]] Status save_extended_state(ULONG64 mask, XSTATE_SAVE& save);
// Bug check when `save` does not hold a state of this thread.
void restore_extended_state(XSTATE_SAVE& save);

}  // namespace pw::ke
