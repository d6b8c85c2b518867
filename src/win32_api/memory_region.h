// SPDX-License-Identifier: Apache-2.0
// Region: the in/out parameters that the memory calls share: where, and how long.
#pragma once

#include "win32_api/system_call.h"

namespace pw::win32 {

struct Region {
    PVOID base = nullptr;
    SIZE_T length_bytes = 0;
};

// STATUS_ACCESS_VIOLATION when the caller's parameters cannot be read or written.
inline NTSTATUS take_region(PVOID* base, PSIZE_T length_bytes, Region* region) {
    const bool ok = probe_result(base) && probe_result(length_bytes) && read_user(base, &region->base) &&
                    read_user(length_bytes, &region->length_bytes);
    return ok ? STATUS_SUCCESS : STATUS_ACCESS_VIOLATION;
}

// What a call did, stored in the caller's parameters if it succeeded.
template <typename Out>
NTSTATUS store_region(NTSTATUS status, const Out& out, PVOID* base, PSIZE_T length_bytes) {
    if (!NT_SUCCESS(status)) return status;
    const bool ok = write_user(base, pointer_of(out.base)) && write_user(length_bytes, SIZE_T{out.region_bytes});
    return ok ? status : STATUS_ACCESS_VIOLATION;
}

}  // namespace pw::win32
