// SPDX-License-Identifier: Apache-2.0
// Attaching the current thread to another process for a while (KeStackAttachProcess): its address space and handles count.
#pragma once

#include "kernel/processes/thread.h"

namespace pw::ps {

// What was current stands in `state` until detach_process. May nest; detach in reverse order. The caller keeps the process
// referenced. Bug check INVALID_PROCESS_ATTACH_ATTEMPT (0x5) above APC_LEVEL, as documented for DPCs.
void attach_process(Thread& thread, Process& process, KAPC_STATE& state);
void detach_process(Thread& thread, KAPC_STATE& state);

// KeAttachProcess and KeDetachProcess: one level. Bug check 0x5 when the thread is attached to another process already.
void attach_process_once(Thread& thread, Process& process);
void detach_process_once(Thread& thread);

}  // namespace pw::ps
