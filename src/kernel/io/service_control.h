// SPDX-License-Identifier: Apache-2.0
// ServiceControl: the part of the service control manager that installs, starts, stops and deletes kernel drivers.
#pragma once

#include <nt/io_inlines.h>

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/io/driver.h"
#include "kernel/objects/object.h"
#include "kernel/registry/registry.h"

namespace pw::io {

// Opens a driver's file and maps it: STATUS_OBJECT_NAME_NOT_FOUND, STATUS_INVALID_IMAGE_FORMAT,
// STATUS_ENTRYPOINT_NOT_FOUND. The host's loader (src/host/driver_loader.h).
class DriverLoader {
public:
    virtual ~DriverLoader() = default;
    [[nodiscard]] virtual Result<std::unique_ptr<DriverImage>> load(const std::string& path) = 0;
};

class ServiceControl;

enum class ServiceState : ULONG { stopped = 1, start_pending = 2, stop_pending = 3, running = 4 };

// One service record; a handle of CreateService or OpenService leads to it.
class ServiceObject final : public ob::Object {
public:
    static const ob::ObjectType& static_type() { return ob::service_type; }
    // `control`: whom to tell that the last handle is closed; null for the manager itself.
    static Ref<ServiceObject> create(ob::ObjectManager& objects, ServiceControl* control, std::u16string name);

    const std::u16string name;  // empty: the manager itself (OpenSCManager)
    std::u16string display_name;
    std::string path;  // the driver's file, as a path of this machine
    ULONG type = 0;
    ULONG start_type = 0;
    ULONG error_control = 0;
    // Guarded by ServiceControl's lock.
    ServiceState state = ServiceState::stopped;
    ULONG exit_code = 0;  // a Win32 error
    bool marked_for_delete = false;
    bool is_of_host = false;  // made by load_file: unloading it takes the record away, too
    Ref<DriverObject> driver;

private:
    ServiceObject(ob::ObjectManager& objects, ServiceControl* control, std::u16string service_name);
    void on_handle_closed(const ob::HandleEvent& event) override;
    struct Nothing {
        std::uint64_t unused;
    };
    ob::Body<Nothing> nt_;
    ServiceControl* const control_;
};

// A service as it was at some moment.
struct ServiceRecord {
    Ref<ServiceObject> service;
    std::string path;
    ServiceState state = ServiceState::stopped;
    bool marked_for_delete = false;
    bool is_of_host = false;
    Ref<DriverObject> driver;  // null unless it runs
};

struct ServiceStatus {
    ULONG win32_error = 0;
    ULONG type = 0;
    ServiceState state = ServiceState::stopped;
    ULONG controls_accepted = 0;
    ULONG exit_code = 0;
};

struct NewService {
    std::u16string name;
    std::u16string display_name;
    std::u16string binary_path;
    ULONG type = 0;
    ULONG start_type = 0;
    ULONG error_control = 0;
};

class IoManager;

// All calls at PASSIVE_LEVEL. Errors are Win32 errors, as documented for the functions of advapi32.
class ServiceControl {
public:
    ServiceControl(IoManager& io, DriverLoader& loader, cm::Registry& registry) : io_(io), loader_(loader), registry_(registry) {}

    [[nodiscard]] ULONG create(const NewService& parameters, Ref<ServiceObject>* service);
    [[nodiscard]] ULONG open(std::u16string_view name, Ref<ServiceObject>* service);
    [[nodiscard]] ULONG start(ServiceObject& service);
    [[nodiscard]] ServiceStatus control(ServiceObject& service, ULONG control);
    [[nodiscard]] ServiceStatus query(ServiceObject& service);
    [[nodiscard]] ULONG mark_for_delete(ServiceObject& service);

    // The host's own way: a service made of a file and started ("partywall run --driver"). An NT status says what failed.
    // `service_name` empty: the file's name without its ending. *error is one line. STATUS_OBJECT_NAME_COLLISION.
    [[nodiscard]] Status load_file(const std::string& path, std::u16string_view service_name, std::string* error);
    // Runs DriverUnload and lets the image go; the record stays. STATUS_DEVICE_BUSY: handles are open or a device is attached
    // above; STATUS_INVALID_DEVICE_REQUEST: the driver has no DriverUnload; STATUS_INVALID_DEVICE_STATE: it does not run.
    [[nodiscard]] Status stop(ServiceObject& service);
    // Starts a stopped service again, from `path` if given: a rebuilt driver. The loader's or DriverEntry's status;
    // STATUS_INVALID_DEVICE_STATE when it does not stand still.
    [[nodiscard]] Status restart(ServiceObject& service, const std::string& path);
    // Every service, in the order of their names.
    [[nodiscard]] std::vector<ServiceRecord> services();
    // Stops every driver, last loaded first.
    void stop_all();
    // NtLoadDriver / NtUnloadDriver: by \Registry\Machine\System\CurrentControlSet\Services\<name>. A key with an ImagePath is
    // enough: the record is made of it.
    [[nodiscard]] Status load_registered(std::u16string_view registry_path);
    [[nodiscard]] Status unload_registered(std::u16string_view registry_path);

private:
    friend class ServiceObject;
    [[nodiscard]] Status start_driver(ServiceObject& service);
    // A service that is marked for deletion goes when its driver has stopped and its last handle is closed.
    void forget_if_unused(ServiceObject& service);

    // The service's key in the registry: ImagePath, Type, Start, ErrorControl, DisplayName. False: no room for it.
    [[nodiscard]] bool write_key(const NewService& parameters);
    [[nodiscard]] ULONG create_from_key(std::u16string_view name, Ref<ServiceObject>* service);

    IoManager& io_;
    DriverLoader& loader_;
    cm::Registry& registry_;
    Mutex lock_{LockRank::registry};
    std::map<std::u16string, Ref<ServiceObject>> services_ PW_GUARDED_BY(lock_);  // by upper-cased name
    std::vector<Ref<ServiceObject>> started_ PW_GUARDED_BY(lock_);
};

// "Z:\a\b.sys", "\??\Z:\a\b.sys", "/a/b.sys", with or without quotes -> "/a/b.sys" (Wine's convention: Z: is /).
// Empty when the path names another drive.
[[nodiscard]] std::string host_path(std::u16string_view windows_path);

}  // namespace pw::io
