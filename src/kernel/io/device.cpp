// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/device.h"

#include <cstring>

#include "kernel/dispatcher/device_queue.h"
#include "kernel/io/driver.h"
#include "kernel/io/io_manager.h"

namespace pw::io {

Ref<DeviceObject> DeviceObject::create(IoManager& io, DriverObject& driver, ULONG extension_bytes, DEVICE_TYPE device_type,
                                       ULONG characteristics, bool exclusive) {
    return Ref<DeviceObject>::adopt(
        new (std::nothrow) DeviceObject(io, driver, extension_bytes, device_type, characteristics, exclusive));
}

DeviceObject::DeviceObject(IoManager& io, DriverObject& driver, ULONG extension_bytes, DEVICE_TYPE device_type,
                           ULONG characteristics, bool exclusive)
    : Object(io.objects(), ob::device_type, &nt_.body), nt_(this), driver_(&driver), device_extension_{} {
    if (extension_bytes != 0) {
        // NT hands out a zeroed extension; drivers rely on it.
        extension_.reset(::operator new(extension_bytes, std::align_val_t{16}));
        std::memset(extension_.get(), 0, extension_bytes);
    }
    DEVICE_OBJECT& device = nt_.body;
    device.Type = IO_TYPE_DEVICE;
    device.Size = static_cast<USHORT>(sizeof(DEVICE_OBJECT) + extension_bytes);
    device.DriverObject = driver.nt();
    device.Flags = DO_DEVICE_INITIALIZING | (exclusive ? DO_EXCLUSIVE : 0u);
    device.Characteristics = characteristics;
    device.DeviceType = device_type;
    device.DeviceExtension = extension_.get();
    device.StackSize = 1;
    device.AlignmentRequirement = 0;
    device.DeviceObjectExtension = &device_extension_;
    device_extension_.Type = IO_TYPE_DEVICE_OBJECT_EXTENSION;
    device_extension_.DeviceObject = &device;
    io.dispatcher().initialize_event(device.DeviceLock, SynchronizationEvent, true);
    ke::initialize_device_queue(device.DeviceQueue);
    set_permanent(true);  // a device keeps its name until IoDeleteDevice
}

DeviceObject::~DeviceObject() = default;

bool DeviceObject::open_started() {
    if (is_deleted()) return false;
    if (nt_.body.Flags & DO_EXCLUSIVE) {
        LONG none = 0;
        if (!opens_.compare_exchange_strong(none, 1)) return false;
    } else {
        opens_.fetch_add(1);
    }
    __atomic_add_fetch(&nt_.body.ReferenceCount, 1, __ATOMIC_RELAXED);
    return true;
}

void DeviceObject::open_ended() {
    __atomic_sub_fetch(&nt_.body.ReferenceCount, 1, __ATOMIC_RELAXED);
    opens_.fetch_sub(1);
}

Status DeviceObject::add_timer(PIO_TIMER_ROUTINE routine, PVOID context) {
    if (timer_) return STATUS_SUCCESS;
    timer_.reset(new (std::nothrow) DeviceTimer(driver_->io().dispatcher(), nt_.body, routine, context));
    if (!timer_) return STATUS_INSUFFICIENT_RESOURCES;
    nt_.body.Timer = timer_.get();
    return STATUS_SUCCESS;
}

void DeviceObject::remove_timer() {
    nt_.body.Timer = nullptr;
    timer_.reset();
}

void DeviceObject::mark_deleted() { deleted_.store(true, std::memory_order_release); }

}  // namespace pw::io
