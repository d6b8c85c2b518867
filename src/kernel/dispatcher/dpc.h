// SPDX-License-Identifier: Apache-2.0
// DPCs: deferred procedure calls, queued to virtual processors and run at DISPATCH_LEVEL. All state is in the KDPC.
#pragma once

#include <nt/ke_types.h>

namespace pw::ke {

class ProcessorSet;

void initialize_dpc(KDPC& dpc, PKDEFERRED_ROUTINE routine, void* context);
// A threaded DPC runs at PASSIVE_LEVEL, on a thread that its processor has for them; in order, whatever the importance.
void initialize_threaded_dpc(KDPC& dpc, PKDEFERRED_ROUTINE routine, void* context);
void set_dpc_importance(KDPC& dpc, KDPC_IMPORTANCE importance);
// The DPC runs on that virtual processor. number is below the number of processors (the façade checks).
void set_dpc_target(KDPC& dpc, ULONG number);

// Queues the DPC of the current thread's kernel. False when it is queued already. Any IRQL. Below DISPATCH_LEVEL a DPC for
// the current or any processor runs before this returns, as after NT's software interrupt.
bool insert_dpc(KDPC& dpc, void* argument1, void* argument2);
// True when it was queued and is so no longer.
bool remove_dpc(KDPC& dpc);
// Waits until every DPC queued by now has run, on every processor. PASSIVE_LEVEL..APC_LEVEL.
void flush_dpcs();

}  // namespace pw::ke
