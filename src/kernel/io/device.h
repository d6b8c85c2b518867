// SPDX-License-Identifier: Apache-2.0
// DeviceObject: a device that a driver created, with the driver's extension behind the documented structure.
#pragma once

#include <nt/io_inlines.h>

#include <atomic>
#include <memory>
#include <new>
#include <string>
#include <vector>

#include "base/status.h"
#include "kernel/io/device_interrupt.h"
#include "kernel/io/device_timer.h"
#include "kernel/io/start_io.h"
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
    [[nodiscard]] ULONG characteristics() const { return nt_.body.Characteristics; }

    // Opens that keep the device from going; DEVICE_OBJECT::ReferenceCount counts the same for drivers to read.
    // Exclusive devices refuse a second one. False: refused, or the device is being deleted.
    [[nodiscard]] bool open_started();
    void open_ended();

    // IoDeleteDevice: the name goes at once, the object with its last open and reference.
    void mark_deleted();
    [[nodiscard]] bool is_deleted() const { return deleted_.load(std::memory_order_acquire); }

    // IoSetStartIoAttributes: before the first packet, as documented.
    void set_start_io_attributes(StartIoAttributes attributes) { start_io_ = attributes; }
    [[nodiscard]] StartIoAttributes start_io_attributes() const { return start_io_; }

    // PoSetPowerState: what the driver says last. Gives the state before.
    DEVICE_POWER_STATE exchange_power_state(DEVICE_POWER_STATE state) { return power_state_.exchange(state); }

    // IoInitializeTimer. STATUS_INSUFFICIENT_RESOURCES; a second call changes nothing and succeeds, as in NT. The timer goes
    // with IoDeleteDevice (remove_timer, PASSIVE_LEVEL).
    [[nodiscard]] Status add_timer(PIO_TIMER_ROUTINE routine, PVOID context);
    void remove_timer();

    // IoAttachDeviceToDeviceStack's other side: what the device stands on; null at the bottom. Written with the attachment.
    [[nodiscard]] PDEVICE_OBJECT attached_to() const { return attached_to_; }
    void set_attached_to(PDEVICE_OBJECT lower) { attached_to_ = lower; }

    // The interrupts of a simulated device. Before it is in use. STATUS_INVALID_PARAMETER.
    [[nodiscard]] Status add_interrupt_line(const InterruptLine& line);
    [[nodiscard]] const std::vector<InterruptLine>& interrupt_lines() const { return interrupt_lines_; }

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
    std::atomic<DEVICE_POWER_STATE> power_state_{PowerDeviceUnspecified};
    StartIoAttributes start_io_;
    PDEVICE_OBJECT attached_to_ = nullptr;
    std::unique_ptr<DeviceTimer> timer_;
    std::vector<InterruptLine> interrupt_lines_;
};

}  // namespace pw::io
