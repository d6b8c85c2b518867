// SPDX-License-Identifier: Apache-2.0
// KAPCs of drivers in the queues of a thread: kernel mode goes to the dispatcher's, user mode to the thread's user APCs.
#pragma once

#include <nt/ke_apc.h>

namespace pw::ps {

// KAPC.ApcStateIndex for an environment: the thread's own process, the one that it is attached to, or whichever is current.
// IRQL <= DISPATCH_LEVEL.
[[nodiscard]] CCHAR apc_state_index(PKTHREAD thread, KAPC_ENVIRONMENT environment);
// KeInsertQueueApc: with its two arguments. False: queued already, the thread ends, or memory is short. A system thread
// never runs user APCs. IRQL <= DISPATCH_LEVEL.
bool insert_apc(KAPC& apc, PVOID argument1, PVOID argument2);
// KeRemoveQueueApc: takes it out. False: it was not queued (any more).
bool remove_apc(KAPC& apc);

}  // namespace pw::ps
