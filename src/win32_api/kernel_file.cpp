// SPDX-License-Identifier: Apache-2.0
#include "win32_api/kernel_file.h"

#include "ntstatus.h"
#include "win32_api/host_handles.h"
#include "win32_api/runtime/runtime.h"

namespace pw::win32 {

KernelFile::KernelFile(HANDLE file) : handle_(file), status_(STATUS_SUCCESS) {
    if (!HostHandles::is_host_handle(file)) return;
    const auto host = HostHandles::instance().find(file);
    if (!host) {
        status_ = STATUS_INVALID_HANDLE;
        return;
    }
    auto attached = attach_file(host->descriptor());
    if (!attached) {
        status_ = attached.status().code();
        return;
    }
    handle_ = reinterpret_cast<HANDLE>(*attached);
    is_ours_ = true;
    host->was_mapped.store(true, std::memory_order_relaxed);
}

KernelFile::~KernelFile() {
    if (is_ours_) NtClose(handle_);
}

}  // namespace pw::win32
