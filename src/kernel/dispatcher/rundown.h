// SPDX-License-Identifier: Apache-2.0
// Rundown protection: users come and go without waiting until a rundown waits for the last of them and lets no new one in.
#pragma once

#include <nt/ke_types.h>
#include <nt/ex.h>

namespace pw::ke {

void initialize_rundown(EX_RUNDOWN_REF& rundown);
// After a completed rundown: users are let in again.
void reinitialize_rundown(EX_RUNDOWN_REF& rundown);
// False once a rundown has begun. IRQL <= DISPATCH_LEVEL.
[[nodiscard]] bool acquire_rundown(EX_RUNDOWN_REF& rundown, ULONG count = 1);
void release_rundown(EX_RUNDOWN_REF& rundown, ULONG count = 1);
// Begins the rundown and waits until all users have left. IRQL <= APC_LEVEL.
void wait_for_rundown(EX_RUNDOWN_REF& rundown);
// The rundown is over, without waiting.
void complete_rundown(EX_RUNDOWN_REF& rundown);

}  // namespace pw::ke
