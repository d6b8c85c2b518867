// SPDX-License-Identifier: Apache-2.0
// DeviceObject: a device that a driver created, with the driver's extension behind the documented structure.
#pragma once

#include <nt/io_inlines.h>

#include <atomic>
#include <memory>
#include <new>
#include <string>

#include "kernel/objects/object.h"

namespace pw::io {

class DriverObject;
class IoManager;

class DeviceObject final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::device_type; }
    static Ref<DeviceObject> create(IoManager& io, DriverObject& driver, ULONG extension_bytes, DEVICE_TYPE device_type,
                                    ULONG characteristics, bool exclusive);

    [[nodiscard]] PDEVICE_OBJECT nt() { return &nt_.body; }
    [[nodiscard]] static DeviceObject* from_nt(PDEVICE_OBJECT device) {
        return ob::object_cast<DeviceObject>(ob::Object::from_body(device));
    }
    [[nodiscard]] DriverObject& driver() const { return *driver_; }

    // Opens that keep the device from going; DEVICE_OBJECT::ReferenceCount counts the same for drivers to read.
    // Exclusive devices refuse a second one. False: refused, or the device is being deleted.
    [[nodiscard]] bool open_started();
    void open_ended();

    // IoDeleteDevice: the name goes at once, the object with its last open and reference.
    void mark_deleted();
    [[nodiscard]] bool is_deleted() const { return deleted_.load(std::memory_order_acquire); }

private:
    DeviceObject(IoManager& io, DriverObject& driver, ULONG extension_bytes, DEVICE_TYPE device_type, ULONG characteristics,
                 bool exclusive);
    ~DeviceObject() override;

    struct ExtensionDeleter {
        void operator()(void* memory) const { ::operator delete(memory, std::align_val_t{16}); }
    };
    ob::Body<DEVICE_OBJECT> nt_;
    Ref<DriverObject> driver_;
    std::unique_ptr<void, ExtensionDeleter> extension_;
    DEVOBJ_EXTENSION device_extension_;
    std::atomic<bool> deleted_{false};
    std::atomic<LONG> opens_{0};
};

}  // namespace pw::io
