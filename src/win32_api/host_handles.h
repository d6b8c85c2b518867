// SPDX-License-Identifier: Apache-2.0
// HostHandles: handles to files of the machine and to the standard streams, which this process serves itself.
//
// The kernel has no file system yet. Until it does, CreateFile on drive Z: opens the file here. Such a handle can be read,
// written, positioned, queried, mapped (kernel_file.h) and closed; nothing else works with it: it cannot be duplicated,
// waited on or given to a driver, and share modes are not enforced. Its values lie where no kernel handle does.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "base/lock.h"
#include "platform/descriptor.h"
#include "win32/minwindef.h"

namespace pw::win32 {

struct HostFile {
    HostFile() = default;
    HostFile(const HostFile&) = delete;
    HostFile& operator=(const HostFile&) = delete;
    ~HostFile();

    [[nodiscard]] int descriptor() const { return owned ? owned.get() : borrowed; }

    platform::Descriptor owned;
    int borrowed = -1;  // a standard stream, which stays open for the C library
    bool can_read = false;
    bool can_write = false;
    bool is_overlapped = false;
    bool is_seekable = false;
    bool is_pipe = false;  // of CreatePipe: its end is a broken pipe
    std::atomic<bool> was_mapped{false};  // a section was made of it: the kernel has a say in cutting it off
    std::string delete_on_close;  // a path; empty: no

    // Completion port, by the application's handle: false when it has one or the file is not for overlapped use.
    bool set_completion(HANDLE port, ULONG_PTR key);
    void add_notification_modes(UCHAR flags) { notification_modes.fetch_or(flags); }
    std::atomic<HANDLE> completion_port{nullptr};
    std::atomic<ULONG_PTR> completion_key{0};
    std::atomic<UCHAR> notification_modes{0};
};

class HostHandles {
public:
    [[nodiscard]] static HostHandles& instance();
    [[nodiscard]] static bool is_host_handle(HANDLE handle);

    // Null when there are too many.
    [[nodiscard]] HANDLE add(std::shared_ptr<HostFile> file);
    // Null: the handle names nothing. The file stays open as long as the caller holds it.
    [[nodiscard]] std::shared_ptr<HostFile> find(HANDLE handle);
    // False: the handle names nothing.
    bool close(HANDLE handle);
    // The handle of descriptor 0, 1 or 2.
    [[nodiscard]] HANDLE standard(unsigned descriptor);

private:
    HostHandles();

    Mutex lock_{LockRank::leaf};
    std::vector<std::shared_ptr<HostFile>> files_ PW_GUARDED_BY(lock_);
};

}  // namespace pw::win32
