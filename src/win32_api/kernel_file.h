// SPDX-License-Identifier: Apache-2.0
// KernelFile: a file that this process opened itself, as the kernel knows it, for the time of one call.
#pragma once

#include <pw_native.h>

namespace pw::win32 {

class KernelFile {
public:
    // Gives the file of a host handle to the kernel; any other handle is the kernel's already.
    explicit KernelFile(HANDLE file);
    ~KernelFile();
    KernelFile(const KernelFile&) = delete;
    KernelFile& operator=(const KernelFile&) = delete;

    // STATUS_INVALID_HANDLE, STATUS_INVALID_FILE_FOR_SECTION; then handle() names nothing.
    [[nodiscard]] NTSTATUS status() const { return status_; }
    [[nodiscard]] HANDLE handle() const { return handle_; }

private:
    HANDLE handle_;
    bool is_ours_ = false;
    NTSTATUS status_;
};

}  // namespace pw::win32
