// SPDX-License-Identifier: Apache-2.0
// User APCs on the application's side: the kernel keeps them, this thread runs them.
#pragma once

#include <cstdint>

#include <pw_native.h>

namespace pw::win32 {

// Runs what is queued to the calling thread, oldest first, until nothing is left: what NT does when a thread returns to user
// mode from an alertable wait. Every stub does it when a call has ended with STATUS_USER_APC. A routine may wait alertably
// itself and so run the next one.
void deliver_user_apcs();

// Queues routine(argument) to a thread: QueueUserAPC.
[[nodiscard]] NTSTATUS queue_function_apc(HANDLE thread, void (*routine)(ULONG_PTR), ULONG_PTR argument);
// Queues routine(context, block, 0) to the calling thread.
[[nodiscard]] NTSTATUS queue_io_apc(PIO_APC_ROUTINE routine, PVOID context, PIO_STATUS_BLOCK block);

}  // namespace pw::win32
