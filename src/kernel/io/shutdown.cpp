// SPDX-License-Identifier: Apache-2.0
// Shutdown notification: IRP_MJ_SHUTDOWN to the devices that asked for it, when the kernel stops.
#include <algorithm>

#include "kernel/io/io_manager.h"

namespace pw::io {

Status IoManager::register_shutdown(DeviceObject& device, bool last_chance) {
    MutexLock lock(shutdown_lock_);
    shutdown_entries_.push_back({Ref<DeviceObject>(&device), last_chance});
    device.nt()->Flags |= DO_SHUTDOWN_REGISTERED;
    return STATUS_SUCCESS;
}

bool IoManager::unregister_shutdown(DeviceObject& device) {
    std::vector<ShutdownEntry> removed;  // references go when the lock is free again
    {
        MutexLock lock(shutdown_lock_);
        const auto kept = std::stable_partition(shutdown_entries_.begin(), shutdown_entries_.end(),
                                                [&](const ShutdownEntry& entry) { return entry.device.get() != &device; });
        std::move(kept, shutdown_entries_.end(), std::back_inserter(removed));
        shutdown_entries_.erase(kept, shutdown_entries_.end());
    }
    device.nt()->Flags &= ~ULONG{DO_SHUTDOWN_REGISTERED};
    return !removed.empty();
}

void IoManager::notify_shutdown() {
    std::vector<ShutdownEntry> entries;
    {
        MutexLock lock(shutdown_lock_);
        entries.swap(shutdown_entries_);
    }
    std::reverse(entries.begin(), entries.end());
    std::stable_partition(entries.begin(), entries.end(), [](const ShutdownEntry& entry) { return !entry.last_chance; });
    for (const ShutdownEntry& entry : entries) {
        PDEVICE_OBJECT device = entry.device->nt();
        device->Flags &= ~ULONG{DO_SHUTDOWN_REGISTERED};
        KEVENT done;
        IO_STATUS_BLOCK block = {};
        ke::Dispatcher::initialize_event(done, NotificationEvent, false);
        PIRP irp = build_request(device, {.major = IRP_MJ_SHUTDOWN, .status_block = &block, .event = &done});
        if (!irp) continue;
        if (call_driver(device, irp) == STATUS_PENDING) dispatcher_.wait(done.Header, KernelMode, false, nullptr).ignore();
    }
}

}  // namespace pw::io
