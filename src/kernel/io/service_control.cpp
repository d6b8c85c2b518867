// SPDX-License-Identifier: Apache-2.0
#include "kernel/io/service_control.h"

#include <algorithm>
#include <new>

#include "kernel/io/io_manager.h"

namespace pw::io {
namespace {

// Documented Win32 errors of the service functions.
constexpr ULONG error_success = 0;
constexpr ULONG error_file_not_found = 2;
constexpr ULONG error_access_denied = 5;
constexpr ULONG error_bad_exe_format = 193;
constexpr ULONG error_invalid_parameter = 87;
constexpr ULONG error_invalid_name = 123;
constexpr ULONG error_proc_not_found = 127;
constexpr ULONG error_invalid_service_control = 1052;
constexpr ULONG error_service_already_running = 1056;
constexpr ULONG error_service_does_not_exist = 1060;
constexpr ULONG error_service_cannot_accept_control = 1061;
constexpr ULONG error_service_not_active = 1062;
constexpr ULONG error_service_marked_for_delete = 1072;
constexpr ULONG error_service_exists = 1073;
constexpr ULONG error_gen_failure = 31;
constexpr ULONG error_no_system_resources = 1450;
constexpr ULONG error_already_exists = 183;
constexpr ULONG error_not_supported = 50;
constexpr ULONG error_not_found = 1168;

constexpr ULONG service_kernel_driver = 1;
constexpr ULONG service_file_system_driver = 2;
constexpr ULONG service_control_stop = 1;
constexpr ULONG service_control_interrogate = 4;
constexpr ULONG service_accept_stop = 1;
constexpr std::size_t max_service_name = 256;
constexpr std::size_t max_services = 4096;  // they outlive who made them


// What StartService reports for a DriverEntry that failed: RtlNtStatusToDosError of its status, for those a driver
// commonly returns; the rest becomes ERROR_GEN_FAILURE, as for STATUS_UNSUCCESSFUL.
ULONG win32_error_of(Status status) {
    switch (static_cast<ULONG>(status.code())) {
        case static_cast<ULONG>(STATUS_OBJECT_NAME_NOT_FOUND):
        case static_cast<ULONG>(STATUS_OBJECT_PATH_NOT_FOUND):
        case static_cast<ULONG>(STATUS_NO_SUCH_DEVICE): return error_file_not_found;
        case static_cast<ULONG>(STATUS_INVALID_IMAGE_FORMAT): return error_bad_exe_format;
        case static_cast<ULONG>(STATUS_ENTRYPOINT_NOT_FOUND):
        case static_cast<ULONG>(STATUS_PROCEDURE_NOT_FOUND): return error_proc_not_found;
        case static_cast<ULONG>(STATUS_ACCESS_DENIED): return error_access_denied;
        case static_cast<ULONG>(STATUS_INVALID_PARAMETER): return error_invalid_parameter;
        case static_cast<ULONG>(STATUS_INSUFFICIENT_RESOURCES): return error_no_system_resources;
        case static_cast<ULONG>(STATUS_OBJECT_NAME_COLLISION): return error_already_exists;
        case static_cast<ULONG>(STATUS_IMAGE_ALREADY_LOADED): return error_service_already_running;
        case static_cast<ULONG>(STATUS_NOT_SUPPORTED): return error_not_supported;
        case static_cast<ULONG>(STATUS_NOT_FOUND): return error_not_found;
        default: return error_gen_failure;
    }
}

// DriverEntry and DriverUnload run in the context of the System process.
class SystemContext {
public:
    explicit SystemContext(IoManager& io)
        : thread_(*ps::Thread::current()), previous_(thread_.attach(&io.processes().system_process())) {}
    ~SystemContext() { thread_.attach(previous_); }
    SystemContext(const SystemContext&) = delete;
    SystemContext& operator=(const SystemContext&) = delete;

private:
    ps::Thread& thread_;
    ps::Process* previous_;
};

}  // namespace

std::string host_path(std::u16string_view windows_path) {
    std::u16string text(windows_path);
    // Quoted paths, and arguments behind a closing quote, are usual for services; kernel drivers have no arguments.
    if (!text.empty() && text.front() == u'"') {
        text.erase(0, 1);
        text = text.substr(0, text.find(u'"'));
    }
    for (std::u16string_view prefix : {u"\\??\\", u"\\\\?\\", u"\\DosDevices\\"}) {
        if (text.starts_with(prefix)) text.erase(0, prefix.size());
    }
    std::string path = narrow(text);
    std::replace(path.begin(), path.end(), '\\', '/');
    if (path.size() >= 2 && path[1] == ':') {
        if (path[0] != 'Z' && path[0] != 'z') return {};
        path.erase(0, 2);
        if (path.empty() || path.front() != '/') path.insert(0, 1, '/');
    }
    return path;
}

ServiceObject::ServiceObject(ob::ObjectManager& objects, ServiceControl* control, std::u16string service_name)
    : Object(objects, ob::service_type, &nt_.body), name(std::move(service_name)), nt_(this), control_(control) {}

Ref<ServiceObject> ServiceObject::create(ob::ObjectManager& objects, ServiceControl* control, std::u16string name) {
    return Ref<ServiceObject>::adopt(new (std::nothrow) ServiceObject(objects, control, std::move(name)));
}

void ServiceObject::on_handle_closed(const ob::HandleEvent& event) {
    if (event.is_last_handle_of_object && control_) control_->forget_if_unused(*this);
}

ULONG ServiceControl::create(const NewService& p, Ref<ServiceObject>* service) {
    if (p.name.empty() || p.name.size() > max_service_name || p.name.find_first_of(u"\\/") != std::u16string::npos) {
        return error_invalid_name;
    }
    if (p.type != service_kernel_driver && p.type != service_file_system_driver) return error_invalid_parameter;
    if (p.binary_path.empty()) return error_invalid_parameter;
    auto object = ServiceObject::create(io_.objects(), this, p.name);
    if (!object) return error_no_system_resources;
    object->display_name = p.display_name.empty() ? p.name : p.display_name;
    object->path = host_path(p.binary_path);
    object->type = p.type;
    object->start_type = p.start_type;
    object->error_control = p.error_control;
    MutexLock lock(lock_);
    const auto found = services_.find(ob::upcase_name(p.name));
    if (found != services_.end()) {
        return found->second->marked_for_delete ? error_service_marked_for_delete : error_service_exists;
    }
    if (services_.size() >= max_services) return error_no_system_resources;
    // Under the lock: who deletes the record takes the key away.
    if (!write_key(p)) return error_no_system_resources;
    services_.emplace(ob::upcase_name(p.name), object);
    *service = std::move(object);
    return error_success;
}

ULONG ServiceControl::open(std::u16string_view name, Ref<ServiceObject>* service) {
    MutexLock lock(lock_);
    const auto found = services_.find(ob::upcase_name(name));
    if (found == services_.end()) return error_service_does_not_exist;
    *service = found->second;
    return error_success;
}

Status ServiceControl::start_driver(ServiceObject& service) {
    SystemContext context(io_);
    Result<std::unique_ptr<DriverImage>> image = loader_.load(service.path);
    Result<Ref<DriverObject>> driver =
        image ? io_.load_driver(service.name, std::move(image).value()) : Result<Ref<DriverObject>>(image.status());
    MutexLock lock(lock_);
    if (!driver) {
        service.state = ServiceState::stopped;
        service.exit_code = win32_error_of(driver.status());
        return driver.status();
    }
    service.state = ServiceState::running;
    service.exit_code = 0;
    service.driver = std::move(driver).value();
    started_.emplace_back(&service);
    return STATUS_SUCCESS;
}

ULONG ServiceControl::start(ServiceObject& service) {
    {
        MutexLock lock(lock_);
        if (service.marked_for_delete) return error_service_marked_for_delete;
        if (service.state != ServiceState::stopped) return error_service_already_running;
        service.state = ServiceState::start_pending;
    }
    const Status status = start_driver(service);
    return status.is_success() ? error_success : win32_error_of(status);
}

ServiceStatus ServiceControl::query(ServiceObject& service) {
    MutexLock lock(lock_);
    return {.win32_error = error_success,
            .type = service.type,
            .state = service.state,
            .controls_accepted =
                service.state == ServiceState::running && service.driver->nt()->DriverUnload ? service_accept_stop : 0,
            .exit_code = service.exit_code};
}

ServiceStatus ServiceControl::control(ServiceObject& service, ULONG control) {
    ServiceStatus status = query(service);
    if (control == service_control_interrogate) {
        if (status.state == ServiceState::stopped) status.win32_error = error_service_not_active;
        return status;
    }
    if (control != service_control_stop) {
        status.win32_error = error_invalid_service_control;
        return status;
    }
    const bool was_stopped = status.state == ServiceState::stopped;
    const Status stopped = stop(service);
    status = query(service);
    if (stopped.is_failure()) {
        status.win32_error = was_stopped ? error_service_not_active : error_service_cannot_accept_control;
    }
    return status;
}

Status ServiceControl::stop(ServiceObject& service) {
    Ref<DriverObject> driver;
    {
        MutexLock lock(lock_);
        if (service.state != ServiceState::running) return STATUS_INVALID_DEVICE_STATE;
        service.state = ServiceState::stop_pending;
        driver = service.driver;
    }
    Status unloaded;
    {
        SystemContext context(io_);
        unloaded = io_.unload_driver(*driver);
    }
    {
        MutexLock lock(lock_);
        if (unloaded.is_success()) {
            service.state = ServiceState::stopped;
            std::erase_if(started_, [&](const Ref<ServiceObject>& entry) { return entry.get() == &service; });
            service.driver.reset();
        } else {
            // Open handles keep a driver loaded: it stays as it is, and the caller may try again once they are closed.
            service.state = ServiceState::running;
        }
    }
    driver.reset();  // the image goes with the last reference, outside the lock
    if (unloaded.is_success()) forget_if_unused(service);
    return unloaded;
}

Status ServiceControl::restart(ServiceObject& service, const std::string& path) {
    {
        MutexLock lock(lock_);
        if (service.marked_for_delete || service.state != ServiceState::stopped) return STATUS_INVALID_DEVICE_STATE;
        service.state = ServiceState::start_pending;
        if (!path.empty()) service.path = path;
    }
    return start_driver(service);
}

std::vector<ServiceRecord> ServiceControl::services() {
    std::vector<ServiceRecord> records;
    MutexLock lock(lock_);
    for (const auto& [name, service] : services_) {
        records.push_back({.service = service,
                           .path = service->path,
                           .state = service->state,
                           .marked_for_delete = service->marked_for_delete,
                           .is_of_host = service->is_of_host,
                           .driver = service->driver});
    }
    return records;
}

ULONG ServiceControl::mark_for_delete(ServiceObject& service) {
    {
        MutexLock lock(lock_);
        if (service.marked_for_delete) return error_service_marked_for_delete;
        service.marked_for_delete = true;
    }
    forget_if_unused(service);
    return error_success;
}

void ServiceControl::forget_if_unused(ServiceObject& service) {
    Ref<ServiceObject> keep;
    std::vector<Ref<cm::KeyObject>> keys;
    MutexLock lock(lock_);
    if (!service.marked_for_delete || service.state != ServiceState::stopped || service.handle_count() != 0) return;
    const auto found = services_.find(ob::upcase_name(service.name));
    if (found == services_.end() || found->second.get() != &service) return;
    keep = found->second;
    services_.erase(found);
    keys = registry_.remove_tree(std::u16string(cm::services_path) + service.name);
}

Status ServiceControl::load_file(const std::string& path, std::u16string_view service_name, std::string* error) {
    // /a/b/foo.sys becomes the service "foo".
    std::string base = path.substr(path.find_last_of('/') + 1);
    base = service_name.empty() ? base.substr(0, base.find_last_of('.')) : narrow(service_name);
    Ref<ServiceObject> service;
    const NewService parameters{.name = widen(base),
                                .display_name = {},
                                .binary_path = widen(path),
                                .type = service_kernel_driver,
                                .start_type = 3,
                                .error_control = 1};
    if (const ULONG win32_error = create(parameters, &service); win32_error != error_success) {
        if (win32_error == error_invalid_name) {
            *error = "'" + base + "' is no name for a driver";
            return STATUS_OBJECT_NAME_INVALID;
        }
        *error = "a driver named '" + base + "' is loaded already (Win32 error " + std::to_string(win32_error) + ")";
        return STATUS_OBJECT_NAME_COLLISION;
    }
    {
        MutexLock lock(lock_);
        service->state = ServiceState::start_pending;
        service->is_of_host = true;
    }
    const Status status = start_driver(*service);
    if (status.is_failure()) {
        static_cast<void>(mark_for_delete(*service));
        char code[16];
        std::snprintf(code, sizeof(code), "0x%08X", static_cast<unsigned>(status.code()));
        *error = path + ": DriverEntry failed with " + code;
    }
    return status;
}

void ServiceControl::stop_all() {
    while (true) {
        Ref<ServiceObject> service;
        {
            MutexLock lock(lock_);
            if (started_.empty()) return;
            service = started_.back();
        }
        const ServiceStatus status = control(*service, service_control_stop);
        if (status.win32_error == error_success) continue;
        // A driver without DriverUnload cannot be unloaded, in NT either: it goes with the host.
        MutexLock lock(lock_);
        std::erase_if(started_, [&](const Ref<ServiceObject>& entry) { return entry.get() == service.get(); });
    }
}

Status ServiceControl::load_registered(std::u16string_view registry_path) {
    if (!ob::upcase_name(registry_path).starts_with(ob::upcase_name(cm::services_path))) return STATUS_OBJECT_NAME_NOT_FOUND;
    const std::u16string_view name = registry_path.substr(cm::services_path.size());
    Ref<ServiceObject> service;
    if (open(name, &service) != error_success && create_from_key(name, &service) != error_success) return STATUS_OBJECT_NAME_NOT_FOUND;
    {
        MutexLock lock(lock_);
        if (service->state != ServiceState::stopped) return STATUS_IMAGE_ALREADY_LOADED;
        service->state = ServiceState::start_pending;
    }
    return start_driver(*service);
}

Status ServiceControl::unload_registered(std::u16string_view registry_path) {
    if (!ob::upcase_name(registry_path).starts_with(ob::upcase_name(cm::services_path))) return STATUS_OBJECT_NAME_NOT_FOUND;
    Ref<ServiceObject> service;
    if (open(registry_path.substr(cm::services_path.size()), &service) != error_success) return STATUS_OBJECT_NAME_NOT_FOUND;
    const ServiceStatus status = control(*service, service_control_stop);
    if (status.win32_error == error_success) return STATUS_SUCCESS;
    return status.win32_error == error_service_not_active ? STATUS_OBJECT_NAME_NOT_FOUND : STATUS_INVALID_DEVICE_REQUEST;
}

}  // namespace pw::io
