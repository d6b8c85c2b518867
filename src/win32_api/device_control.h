// SPDX-License-Identifier: Apache-2.0
// control_device: NtDeviceIoControlFile without event and APC, for a stub whose status block is its own.
#pragma once

#include <pw_native.h>

namespace pw::win32 {

// As NtDeviceIoControlFile; `own_block` is trusted memory, which saves its probe and the guarded store. STATUS_PENDING only
// for a file that was opened for overlapped I/O: then the block is written later, so it must outlive the request.
[[nodiscard]] NTSTATUS control_device(HANDLE file, ULONG code, PVOID input, ULONG input_bytes, PVOID output,
                                      ULONG output_bytes, IO_STATUS_BLOCK& own_block);

}  // namespace pw::win32
