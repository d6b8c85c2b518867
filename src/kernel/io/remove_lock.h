// SPDX-License-Identifier: Apache-2.0
// Remove locks (IO_REMOVE_LOCK): requests hold the lock while they use a device; its removal waits for the last of them.
// All state is in the documented common block.
#pragma once

#include <nt/io_locks.h>

#include "base/status.h"

namespace pw::io {

class IoDiagnostics;

// lock_bytes: sizeof(IO_REMOVE_LOCK) as the driver was compiled; all of it is cleared. high_watermark 0: no limit. Limits
// count only where the lock is of a checked driver, as documented. PASSIVE_LEVEL.
void initialize_remove_lock(IO_REMOVE_LOCK& lock, ULONG lock_bytes, ULONG high_watermark);
// STATUS_DELETE_PENDING once the removal has begun. IRQL <= DISPATCH_LEVEL.
[[nodiscard]] Status acquire_remove_lock(IO_REMOVE_LOCK& lock, ULONG lock_bytes, IoDiagnostics& diagnostics);
// One release for each successful acquisition; a further one is reported. IRQL <= DISPATCH_LEVEL.
void release_remove_lock(IO_REMOVE_LOCK& lock, IoDiagnostics& diagnostics);
// Releases the caller's own acquisition, refuses new ones, waits for the others. Once per lock. PASSIVE_LEVEL.
void release_remove_lock_and_wait(IO_REMOVE_LOCK& lock, IoDiagnostics& diagnostics);

}  // namespace pw::io
