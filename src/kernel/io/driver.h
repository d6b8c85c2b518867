// SPDX-License-Identifier: Apache-2.0
// DriverObject: a loaded driver: its dispatch table, devices, image, and how to unload it.
#pragma once

#include <nt/io_inlines.h>

#include <atomic>
#include <functional>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/lock.h"
#include "base/status.h"
#include "kernel/io/unload_report.h"
#include "kernel/objects/object.h"

namespace pw::io {

class IoManager;

// A driver's code in memory; unmapped when the last reference to the driver goes. Made by the loader (src/host).
class DriverImage {
public:
    virtual ~DriverImage() = default;
    [[nodiscard]] virtual const std::string& path() const = 0;
    [[nodiscard]] virtual PDRIVER_INITIALIZE entry() const = 0;
    [[nodiscard]] virtual std::uint64_t base() const = 0;
    [[nodiscard]] virtual std::uint64_t length_bytes() const = 0;
};

class DriverObject final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::driver_type; }
    static Ref<DriverObject> create(IoManager& io, std::u16string name, std::u16string registry_path,
                                    std::unique_ptr<DriverImage> image);

    [[nodiscard]] IoManager& io() const { return io_; }
    [[nodiscard]] PDRIVER_OBJECT nt() { return &nt_.body; }
    [[nodiscard]] static DriverObject* from_nt(PDRIVER_OBJECT driver) {
        return ob::object_cast<DriverObject>(ob::Object::from_body(driver));
    }
    // "Foo" for \Driver\Foo.
    [[nodiscard]] const std::u16string& service_name() const { return name_; }
    [[nodiscard]] std::string display_name() const;
    // The same for drivers of the same name: names a call site in the statistics.
    [[nodiscard]] std::uint64_t statistics_key() const { return statistics_key_; }
    [[nodiscard]] DriverImage* image() const { return image_.get(); }
    [[nodiscard]] PUNICODE_STRING registry_path() { return &registry_path_string_; }

    // Links and unlinks a device in DRIVER_OBJECT::DeviceObject's list.
    void add_device(PDEVICE_OBJECT device);
    void remove_device(PDEVICE_OBJECT device);
    // IoEnumerateDeviceObjectList: how many there are; as many as fit are stored, each with a reference for the caller, but
    // none when they do not all fit.
    [[nodiscard]] ULONG enumerate_devices(std::span<PDEVICE_OBJECT> list);

    // IoAllocateDriverObjectExtension / IoGetDriverObjectExtension.
    [[nodiscard]] Status allocate_extension(PVOID client_id, ULONG length_bytes, PVOID* extension);
    [[nodiscard]] PVOID find_extension(PVOID client_id);

    // IoRegisterDriverReinitialization: called after DriverEntry has succeeded, and again each time the routine registers
    // itself anew. PASSIVE_LEVEL.
    void add_reinitialization(PDRIVER_REINITIALIZE routine, PVOID context);
    void run_reinitializations();

    std::atomic<bool> unload_started{false};
    // What there was before DriverEntry; null for a driver of IoCreateDriver. Written while it is loaded and unloaded.
    std::unique_ptr<LoadSnapshot> at_load;

private:
    DriverObject(IoManager& io, std::u16string name, std::u16string registry_path, std::unique_ptr<DriverImage> image);
    ~DriverObject() override;

    IoManager& io_;
    ob::Body<DRIVER_OBJECT> nt_;
    DRIVER_EXTENSION extension_;
    std::unique_ptr<DriverImage> image_;
    const std::u16string name_;
    const std::uint64_t statistics_key_;
    std::u16string driver_name_text_;
    std::u16string registry_path_text_;
    std::u16string hardware_database_text_;
    UNICODE_STRING registry_path_string_;
    UNICODE_STRING hardware_database_string_;
    struct ClientExtension {
        PVOID client_id;
        std::unique_ptr<std::byte[]> memory;
    };
    Mutex lock_{LockRank::io_manager};
    std::vector<ClientExtension> client_extensions_ PW_GUARDED_BY(lock_);
    struct Reinitialization {
        PDRIVER_REINITIALIZE routine;
        PVOID context;
    };
    std::vector<Reinitialization> reinitializations_ PW_GUARDED_BY(lock_);
    ULONG reinitialization_count_ = 0;
};

}  // namespace pw::io
