// SPDX-License-Identifier: Apache-2.0
// Error log entries (IoAllocateErrorLogEntry …): an entry that a driver writes becomes a line of the report.
#pragma once

#include <nt/io.h>

#include "kernel/io/driver.h"

namespace pw::io {

class IoDiagnostics;

// A zeroed packet of entry_bytes that names `object` (a driver or a device) as its source. Null for a size outside
// sizeof(IO_ERROR_LOG_PACKET)..ERROR_LOG_MAXIMUM_SIZE, for another object, and when memory is short.
// IRQL <= DISPATCH_LEVEL.
[[nodiscard]] PIO_ERROR_LOG_PACKET allocate_error_log_entry(ob::Object* object, UCHAR entry_bytes);
// Reports the packet and frees it.
void write_error_log_entry(PIO_ERROR_LOG_PACKET packet, IoDiagnostics& diagnostics);
// A packet that is not written after all.
void free_error_log_entry(PIO_ERROR_LOG_PACKET packet);

}  // namespace pw::io
