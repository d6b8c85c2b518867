// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/start_io.h"

#include "kernel/dispatcher/bug_check.h"
#include "kernel/dispatcher/device_queue.h"
#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

constexpr ULONG irql_not_dispatch_level = 0x08;

struct NextPacket {
    bool wanted = false;
    bool cancelable = false;
    bool has_key = false;
    ULONG key = 0;
};

// The StartIo calls that this thread is in, innermost first: where a deferred start_next_packet leaves its wish.
struct ActiveStartIo {
    DEVICE_OBJECT& device;
    ActiveStartIo* outer;
    NextPacket next;
};
thread_local ActiveStartIo* active_start_io = nullptr;

// The next packet, which is the device's current one now; null when none waits and the device is idle.
PIRP take_next(DEVICE_OBJECT& device, const NextPacket& next) {
    IoManager& io = IoManager::of(&device);
    KIRQL irql = DISPATCH_LEVEL;
    if (next.cancelable) io.acquire_cancel_lock(&irql);
    device.CurrentIrp = nullptr;
    PKDEVICE_QUEUE_ENTRY entry = next.has_key ? ke::remove_device_queue_by_key(device.DeviceQueue, next.key)
                                              : ke::remove_device_queue(device.DeviceQueue);
    PIRP irp = entry ? CONTAINING_RECORD(entry, IRP, Tail.Overlay.DeviceQueueEntry) : nullptr;
    if (irp) {
        device.CurrentIrp = irp;
        // Under the cancel lock: who cancels now finds no routine.
        if (next.cancelable && DeviceObject::from_nt(&device)->start_io_attributes().non_cancelable) {
            IoSetCancelRoutine(irp, nullptr);
        }
    }
    if (next.cancelable) io.release_cancel_lock(irql);
    return irp;
}

// Calls StartIo with the packet, then with each one that it asked for meanwhile.
void run_start_io(DEVICE_OBJECT& device, PIRP irp) {
    while (irp) {
        ActiveStartIo active{device, active_start_io, {}};
        active_start_io = &active;
        device.DriverObject->DriverStartIo(&device, irp);
        active_start_io = active.outer;
        irp = active.next.wanted ? take_next(device, active.next) : nullptr;
    }
}

ActiveStartIo* find_active(DEVICE_OBJECT& device) {
    for (ActiveStartIo* active = active_start_io; active; active = active->outer) {
        if (&active->device == &device) return active;
    }
    return nullptr;
}

}  // namespace

void start_packet(DEVICE_OBJECT& device, PIRP irp, const ULONG* key, PDRIVER_CANCEL cancel_function) {
    IoManager& io = IoManager::of(&device);
    const StartIoAttributes attributes = DeviceObject::from_nt(&device)->start_io_attributes();
    ke::Thread& thread = *ke::Thread::current();
    const KIRQL old_irql = thread.raise_irql(DISPATCH_LEVEL);
    KIRQL cancel_irql = DISPATCH_LEVEL;
    if (cancel_function) {
        io.acquire_cancel_lock(&cancel_irql);
        IoSetCancelRoutine(irp, cancel_function);
    }
    KDEVICE_QUEUE_ENTRY& entry = irp->Tail.Overlay.DeviceQueueEntry;
    const bool queued = key ? ke::insert_device_queue_by_key(device.DeviceQueue, entry, *key)
                            : ke::insert_device_queue(device.DeviceQueue, entry);
    if (!queued) {
        device.CurrentIrp = irp;
        if (cancel_function) {
            if (attributes.non_cancelable) IoSetCancelRoutine(irp, nullptr);
            io.release_cancel_lock(cancel_irql);
        }
        run_start_io(device, irp);
    } else if (cancel_function) {
        // Cancelled before it had a routine: its canceller found none, so the routine is called here, under the lock that it
        // releases.
        PDRIVER_CANCEL routine = irp->Cancel ? IoSetCancelRoutine(irp, nullptr) : nullptr;
        if (routine) {
            irp->CancelIrql = cancel_irql;
            routine(&device, irp);
        } else {
            io.release_cancel_lock(cancel_irql);
        }
    }
    thread.lower_irql(old_irql);
}

void start_next_packet(DEVICE_OBJECT& device, bool cancelable, const ULONG* key) {
    const KIRQL irql = ke::current_irql();
    if (irql != DISPATCH_LEVEL) ke::bug_check(irql_not_dispatch_level, irql, DISPATCH_LEVEL, 0, 0);
    const NextPacket next{.wanted = true, .cancelable = cancelable, .has_key = key != nullptr, .key = key ? *key : 0};
    if (DeviceObject::from_nt(&device)->start_io_attributes().deferred) {
        if (ActiveStartIo* active = find_active(device)) {
            active->next = next;
            return;
        }
    }
    run_start_io(device, take_next(device, next));
}

}  // namespace pw::io
