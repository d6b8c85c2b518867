// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/driver.h"

#include <cstring>
#include <new>

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

UNICODE_STRING unicode_view(std::u16string& text) {
    UNICODE_STRING string;
    string.Length = static_cast<USHORT>(text.size() * sizeof(char16_t));
    string.MaximumLength = static_cast<USHORT>(string.Length + sizeof(char16_t));
    string.Buffer = reinterpret_cast<PWCH>(text.data());
    return string;
}

// What every major function does until the driver sets one: STATUS_INVALID_DEVICE_REQUEST, as documented for DRIVER_OBJECT.
NTSTATUS NTAPI invalid_device_request(PDEVICE_OBJECT, PIRP irp) {
    irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
    irp->IoStatus.Information = 0;
    IoManager::of(irp).complete_request(irp, IO_NO_INCREMENT);
    return STATUS_INVALID_DEVICE_REQUEST;
}

}  // namespace

Ref<DriverObject> DriverObject::create(IoManager& io, std::u16string name, std::u16string registry_path,
                                       std::unique_ptr<DriverImage> image) {
    return Ref<DriverObject>::adopt(new (std::nothrow) DriverObject(io, std::move(name), std::move(registry_path), std::move(image)));
}

DriverObject::DriverObject(IoManager& io, std::u16string name, std::u16string registry_path,
                           std::unique_ptr<DriverImage> image)
    : Object(io.objects(), ob::driver_type, &nt_.body),
      io_(io),
      nt_(this),
      extension_{},
      image_(std::move(image)),
      name_(std::move(name)),
      statistics_key_(std::hash<std::u16string>{}(name_)),
      driver_name_text_(u"\\Driver\\" + name_),
      registry_path_text_(std::move(registry_path)),
      hardware_database_text_(u"\\REGISTRY\\MACHINE\\HARDWARE\\DESCRIPTION\\SYSTEM"),
      registry_path_string_(unicode_view(registry_path_text_)),
      hardware_database_string_(unicode_view(hardware_database_text_)) {
    DRIVER_OBJECT& driver = nt_.body;
    driver.Type = IO_TYPE_DRIVER;
    driver.Size = sizeof(DRIVER_OBJECT);
    driver.Flags = DRVO_LEGACY_DRIVER;
    driver.DriverName = unicode_view(driver_name_text_);
    driver.HardwareDatabase = &hardware_database_string_;
    driver.DriverExtension = &extension_;
    extension_.DriverObject = &driver;
    extension_.ServiceKeyName = unicode_view(const_cast<std::u16string&>(name_));
    if (image_) {
        driver.DriverStart = reinterpret_cast<PVOID>(image_->base());
        driver.DriverSize = static_cast<ULONG>(image_->length_bytes());
        driver.DriverInit = image_->entry();
    }
    for (auto& routine : driver.MajorFunction) routine = invalid_device_request;
    set_permanent(true);
}

DriverObject::~DriverObject() = default;

std::string DriverObject::display_name() const { return narrow(name_); }

void DriverObject::add_device(PDEVICE_OBJECT device) {
    MutexLock lock(lock_);
    device->NextDevice = nt_.body.DeviceObject;
    nt_.body.DeviceObject = device;
}

void DriverObject::remove_device(PDEVICE_OBJECT device) {
    MutexLock lock(lock_);
    for (PDEVICE_OBJECT* link = &nt_.body.DeviceObject; *link; link = &(*link)->NextDevice) {
        if (*link != device) continue;
        *link = device->NextDevice;
        device->NextDevice = nullptr;
        return;
    }
}

ULONG DriverObject::enumerate_devices(std::span<PDEVICE_OBJECT> list) {
    MutexLock lock(lock_);
    ULONG count = 0;
    for (PDEVICE_OBJECT device = nt_.body.DeviceObject; device; device = device->NextDevice) ++count;
    if (count > list.size()) return count;
    std::size_t index = 0;
    for (PDEVICE_OBJECT device = nt_.body.DeviceObject; device; device = device->NextDevice) {
        DeviceObject::from_nt(device)->add_ref();
        list[index++] = device;
    }
    return count;
}

Status DriverObject::allocate_extension(PVOID client_id, ULONG length_bytes, PVOID* extension) {
    *extension = nullptr;
    auto memory = std::unique_ptr<std::byte[]>(new (std::nothrow) std::byte[length_bytes ? length_bytes : 1]());
    if (!memory) return STATUS_INSUFFICIENT_RESOURCES;
    MutexLock lock(lock_);
    for (const auto& existing : client_extensions_) {
        if (existing.client_id == client_id) return STATUS_OBJECT_NAME_COLLISION;
    }
    *extension = memory.get();
    client_extensions_.push_back({client_id, std::move(memory)});
    return STATUS_SUCCESS;
}

PVOID DriverObject::find_extension(PVOID client_id) {
    MutexLock lock(lock_);
    for (const auto& existing : client_extensions_) {
        if (existing.client_id == client_id) return existing.memory.get();
    }
    return nullptr;
}

void DriverObject::add_reinitialization(PDRIVER_REINITIALIZE routine, PVOID context) {
    nt_.body.Flags |= DRVO_REINIT_REGISTERED;
    MutexLock lock(lock_);
    reinitializations_.push_back({routine, context});
}

void DriverObject::run_reinitializations() {
    while (true) {
        Reinitialization next;
        {
            MutexLock lock(lock_);
            if (reinitializations_.empty()) break;
            next = reinitializations_.front();
            reinitializations_.erase(reinitializations_.begin());
        }
        // "Count: how often the driver's reinitialization routines have been called, including the present call."
        next.routine(&nt_.body, next.context, ++reinitialization_count_);
    }
    nt_.body.Flags &= ~ULONG{DRVO_REINIT_REGISTERED};
}

}  // namespace pw::io
