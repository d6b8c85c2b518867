// SPDX-License-Identifier: Apache-2.0
// Façade: Zw routines that list directories and tell about the system.
#include <nt/zw.h>

#include "kernel/services/object_services.h"
#include "kernel/services/system_information.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/query_buffer.h"

using namespace pw;
using wdk::kernel_caller;

extern "C" {

NTSTATUS NTAPI ZwQueryDirectoryObject(HANDLE directory, PVOID buffer, ULONG bytes, BOOLEAN single, BOOLEAN restart,
                                      PULONG context, PULONG returned) {
    PW_IRQL_LIMIT(ZwQueryDirectoryObject);
    auto entries = nt::query_directory(kernel_caller(), reinterpret_cast<std::uint64_t>(directory));
    if (!entries) return entries.status().code();
    return nt::put_directory_entries(*entries, {static_cast<std::byte*>(buffer), bytes}, single != FALSE, restart != FALSE,
                                     context, returned)
        .code();
}

NTSTATUS NTAPI ZwQuerySystemInformation(SYSTEM_INFORMATION_CLASS information_class, PVOID buffer, ULONG bytes,
                                        PULONG returned) {
    PW_IRQL_LIMIT(ZwQuerySystemInformation);
    const nt::SystemInformation information = nt::query_system(wdk::current_kernel(), information_class);
    if (information.length_bytes == 0) return STATUS_INVALID_INFO_CLASS;
    return nt::put_system_information(information, buffer, bytes, returned).code();
}

}  // extern "C"
