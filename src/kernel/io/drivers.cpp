// SPDX-License-Identifier: Apache-2.0
// Drivers: from an image to a running driver and back.
#include <algorithm>

#include "kernel/dispatcher/bug_check_callbacks.h"
#include "kernel/dispatcher/dpc.h"
#include "kernel/io/io_manager.h"

namespace pw::io {

IoManager::IoManager(ob::ObjectManager& objects, ke::Dispatcher& dispatcher, ps::ProcessManager& processes,
                     mm::MemoryManager& memory, IoDiagnostics& diagnostics)
    : objects_(objects), dispatcher_(dispatcher), processes_(processes), memory_(memory), diagnostics_(diagnostics),
      work_queue_(dispatcher, processes) {
    InitializeListHead(&completion_queue_);
    dispatcher_.initialize_event(completion_event_, SynchronizationEvent, false);
}

IoManager::~IoManager() { PW_CHECK(IsListEmpty(&completion_queue_)); }

Status IoManager::start() {
    PW_TRY_ASSIGN(completion_worker_, processes_.create_system_thread(processes_.system_process(), completion_worker_main, this));
    return work_queue_.start();
}

void IoManager::stop() {
    work_queue_.stop();
    stopping_.store(true, std::memory_order_release);
    dispatcher_.set_event(completion_event_);
    if (completion_worker_) dispatcher_.wait(completion_worker_->nt()->Header, KernelMode, false, nullptr).ignore();
    completion_worker_.reset();
}

Result<Ref<DriverObject>> IoManager::load_driver(std::u16string service_name, std::unique_ptr<DriverImage> image) {
    auto driver = DriverObject::create(
        *this, service_name, u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\" + service_name, std::move(image));
    if (!driver) return STATUS_INSUFFICIENT_RESOURCES;
    const Status named = objects_.insert(*driver, u"\\Driver\\" + service_name, nullptr, true);
    if (named == Status(STATUS_OBJECT_NAME_COLLISION)) return STATUS_IMAGE_ALREADY_LOADED;
    PW_TRY(named);
    if (driver_observer_) driver_observer_->loading(*driver);
    driver->at_load = std::make_unique<LoadSnapshot>(*this);
    if (const DriverImage* loaded = driver->image()) {
        IMAGE_INFO info = {};
        info.SystemModeImage = 1;
        info.ImageBase = reinterpret_cast<PVOID>(loaded->base());
        info.ImageSize = loaded->length_bytes();
        std::u16string name = u"\\??\\Z:" + widen(loaded->path());
        std::replace(name.begin(), name.end(), u'/', u'\\');
        processes_.notify().image_loaded(name, 0, info);  // "ProcessId is zero for a driver's image"
    }
    // The registry path is valid during DriverEntry only: drivers that need it later copy it.
    const NTSTATUS status = driver->nt()->DriverInit(driver->nt(), driver->registry_path());
    if (!NT_SUCCESS(status)) {
        if (driver->nt()->DeviceObject) {
            diagnostics_.report(driver->display_name(), "DriverEntry failed and left its devices behind; they are deleted");
            while (PDEVICE_OBJECT device = driver->nt()->DeviceObject) delete_device(device);
        }
        check_leftovers(*driver);
        if (driver_observer_) driver_observer_->unloaded(*driver);
        objects_.remove_name(*driver);
        return Status(status);
    }
    driver->nt()->Flags |= DRVO_INITIALIZED;
    // "The I/O manager clears DO_DEVICE_INITIALIZING for devices that DriverEntry created."
    for (PDEVICE_OBJECT device = driver->nt()->DeviceObject; device; device = device->NextDevice) {
        device->Flags &= ~ULONG{DO_DEVICE_INITIALIZING};
    }
    driver->run_reinitializations();
    if (driver->nt()->DriverExtension->AddDevice != nullptr) {
        diagnostics_.report(driver->display_name(), "this is a driver for Plug and Play: nobody calls its AddDevice here");
    }
    return driver;
}

Status IoManager::create_driver(std::u16string_view path, PDRIVER_INITIALIZE initialize) {
    std::u16string name(path);
    if (name.empty()) name = u"\\Driver\\" + widen(std::to_string(next_driver_number_.fetch_add(1)));
    const std::u16string service = name.substr(name.find_last_of(u'\\') + 1);
    auto driver = DriverObject::create(*this, service, {}, nullptr);
    if (!driver) return STATUS_INSUFFICIENT_RESOURCES;
    PW_TRY(objects_.insert(*driver, name, nullptr, true));
    // "RegistryPath is NULL": there is no service behind such a driver.
    const NTSTATUS status = initialize(driver->nt(), nullptr);
    if (!NT_SUCCESS(status)) {
        objects_.remove_name(*driver);
        return Status(status);
    }
    driver->nt()->Flags |= DRVO_INITIALIZED;
    static_cast<void>(driver.leak());  // IoDeleteDriver's
    return STATUS_SUCCESS;
}

void IoManager::delete_driver(DriverObject& driver) {
    while (PDEVICE_OBJECT device = driver.nt()->DeviceObject) delete_device(device);
    objects_.remove_name(driver);
    driver.release();
}

Status IoManager::unload_driver(DriverObject& driver) {
    if (!driver.nt()->DriverUnload) return STATUS_INVALID_DEVICE_REQUEST;
    for (PDEVICE_OBJECT device = driver.nt()->DeviceObject; device; device = device->NextDevice) {
        // NT unloads once nothing refers to the driver's devices any more; until then the stop is pending.
        if (__atomic_load_n(&device->ReferenceCount, __ATOMIC_ACQUIRE) != 0 || device->AttachedDevice) {
            return STATUS_DEVICE_BUSY;
        }
    }
    if (driver.unload_started.exchange(true)) return STATUS_INVALID_DEVICE_REQUEST;
    driver.nt()->Flags |= DRVO_UNLOAD_INVOKED;
    if (driver.at_load) driver.at_load->note_devices(driver);
    driver.nt()->DriverUnload(driver.nt());
    if (dispatcher_.interrupts().disconnect_range(driver.image()->base(), driver.image()->length_bytes()) != 0) {
        diagnostics_.report(driver.display_name(), "DriverUnload left an interrupt connected (IoDisconnectInterrupt); it is disconnected");
    }
    if (ke::forget_bug_check_callbacks(driver.image()->base(), driver.image()->length_bytes()) != 0) {
        diagnostics_.report(driver.display_name(), "DriverUnload left a bug-check callback registered; it is forgotten");
    }
    ke::flush_dpcs();  // a routine of the driver may still be on its way out of the image that goes now
    check_leftovers(driver);
    if (driver.nt()->DeviceObject) {
        diagnostics_.report(driver.display_name(), "DriverUnload left devices behind (IoDeleteDevice); they are deleted");
        while (PDEVICE_OBJECT device = driver.nt()->DeviceObject) delete_device(device);
    }
    if (driver.at_load) driver.at_load->report(*this, driver);
    if (driver_observer_) driver_observer_->unloaded(driver);
    objects_.remove_name(driver);
    return STATUS_SUCCESS;
}

Ref<DriverObject> IoManager::find_driver(std::u16string_view service_name) {
    auto found = objects_.find(u"\\Driver\\" + std::u16string(service_name), nullptr, true);
    if (!found) return {};
    return Ref<DriverObject>(ob::object_cast<DriverObject>(found->object.get()));
}

std::string narrow(std::u16string_view text) {
    std::string out;
    for (std::size_t i = 0; i < text.size(); ++i) {
        std::uint32_t c = text[i];
        if (c >= 0xD800 && c < 0xDC00 && i + 1 < text.size() && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000) {
            c = 0x10000 + ((c - 0xD800) << 10) + (text[++i] - 0xDC00u);
        } else if (c >= 0xD800 && c < 0xE000) {
            c = 0xFFFD;
        }
        const auto put = [&](std::uint32_t byte) { out.push_back(static_cast<char>(byte)); };
        if (c < 0x80) {
            put(c);
        } else if (c < 0x800) {
            put(0xC0 | c >> 6), put(0x80 | (c & 0x3F));
        } else if (c < 0x10000) {
            put(0xE0 | c >> 12), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
        } else {
            put(0xF0 | c >> 18), put(0x80 | (c >> 12 & 0x3F)), put(0x80 | (c >> 6 & 0x3F)), put(0x80 | (c & 0x3F));
        }
    }
    return out;
}

std::u16string widen(std::string_view text) {
    std::u16string out;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        const int more = lead >= 0xF0 ? 3 : lead >= 0xE0 ? 2 : lead >= 0xC0 ? 1 : 0;
        std::uint32_t c = more == 0 ? lead : lead & (0x3Fu >> more);
        for (int n = 0; n < more && i < text.size(); ++n) c = c << 6 | (static_cast<unsigned char>(text[i++]) & 0x3Fu);
        if (c < 0x10000) {
            out.push_back(static_cast<char16_t>(c));
        } else {
            out.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
            out.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
        }
    }
    return out;
}

}  // namespace pw::io
