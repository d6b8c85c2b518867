// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/file_services.h"

#include "kernel/memory/section_object.h"
#include "kernel/objects/dispatcher_objects.h"
#include "kernel/security/defaults.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK event_modify_state = 0x0002;
constexpr ACCESS_MASK process_dup_handle = 0x0040;
constexpr ACCESS_MASK sc_manager_connect = 0x0001;
constexpr ACCESS_MASK sc_manager_create_service = 0x0002;

Status reference_event(const Caller& caller, std::uint64_t handle, Ref<ob::Object>* event) {
    if (handle == 0) return STATUS_SUCCESS;
    PW_TRY_ASSIGN(*event, caller.reference(handle, &ob::event_type, event_modify_state));
    return STATUS_SUCCESS;
}

// The access bits of a control code (FILE_READ_ACCESS, FILE_WRITE_ACCESS) as file rights.
ACCESS_MASK access_of_code(ULONG code) {
    const ULONG bits = (code >> 14) & 3;
    return ((bits & FILE_READ_ACCESS) ? FILE_READ_DATA : 0u) | ((bits & FILE_WRITE_ACCESS) ? FILE_WRITE_DATA : 0u);
}

// "A new handle can have more rights than the source where the object's security allows it; a file's never." An object without
// a descriptor has nothing that could allow it.
Result<ACCESS_MASK> access_of_duplicate(const Caller& caller, ob::Object& object, const ob::HandleGrant& source,
                                        const DuplicateParameters& p) {
    if (p.options & DUPLICATE_SAME_ACCESS) return source.access;
    const ACCESS_MASK access = ob::map_access(object.type(), p.access & ~ACCESS_MASK{MAXIMUM_ALLOWED});
    const bool widens = (access & ~source.access) != 0 || (p.access & MAXIMUM_ALLOWED);
    if (!widens || caller.mode == KernelMode) return access | ((p.access & MAXIMUM_ALLOWED) ? object.type().valid_access : 0u);
    const bool is_secured = &object.type() != &ob::file_type && caller.kernel.objects().security_of(object);
    if (is_secured) return caller.grant(object, p.access, 0);
    if ((access & ~source.access) != 0) return STATUS_ACCESS_DENIED;
    return source.access;
}

// A handle to a service, or to the manager itself; whoever opens one first gives it its descriptor.
Result<std::uint64_t> open_service_object(const Caller& caller, io::ServiceObject& service, se::DescriptorRef security,
                                          ACCESS_MASK access) {
    if (!caller.kernel.objects().security_of(service)) caller.kernel.objects().set_security(service, std::move(security));
    PW_TRY_ASSIGN(const ACCESS_MASK granted, caller.grant(service, access, 0));
    return caller.open_handle(service, granted, 0);
}

}  // namespace

Result<std::uint64_t> create_file(const Caller& caller, const ObjectName& name, const FileParameters& p,
                                  IO_STATUS_BLOCK* block) {
    if (!name.has_name && !name.root_file) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    PW_TRY_ASSIGN(io::OpenedFile opened,
                  caller.kernel.io().create_file({.path = name.path,
                                                  .root = name.root.get(),
                                                  .device_hint = p.device_hint,
                                                  .related = name.root_file,
                                                  .ignore_case = name.ignores_case(),
                                                  .desired_access = p.desired_access,
                                                  .file_attributes = p.file_attributes,
                                                  .share_access = p.share_access,
                                                  .disposition = p.disposition,
                                                  .options = p.options,
                                                  .mode = caller.mode,
                                                  .is_checked = caller.is_checked(name.attributes)}));
    block->Status = STATUS_SUCCESS;
    block->Information = opened.information;
    return caller.open_handle(*opened.file, opened.granted_access, name.attributes);
}

io::TransferResult device_io_control(const Caller& caller, std::uint64_t file, std::uint64_t event,
                                     io::TransferParameters& p) {
    auto object = caller.reference(file, &ob::file_type, access_of_code(p.code));
    if (!object) return {.status = object.status().code()};
    p.file = Ref<io::FileObject>::adopt(static_cast<io::FileObject*>(object->leak()));
    if (const Status status = reference_event(caller, event, &p.event); status.is_failure()) return {.status = status.code()};
    return caller.kernel.io().transfer(p);
}

io::TransferResult read_write_file(const Caller& caller, std::uint64_t file, std::uint64_t event, io::TransferParameters& p,
                                   bool has_byte_offset) {
    const bool reads = p.major == IRP_MJ_READ;
    ob::HandleGrant grant;
    auto object = caller.reference(file, &ob::file_type, 0, &grant);
    if (!object) return {.status = object.status().code()};
    // Appending is writing, too.
    const ACCESS_MASK wanted = reads ? FILE_READ_DATA : (FILE_WRITE_DATA | FILE_APPEND_DATA);
    if (caller.mode == UserMode && !(grant.access & wanted)) return {.status = STATUS_ACCESS_DENIED};
    p.file = Ref<io::FileObject>::adopt(static_cast<io::FileObject*>(object->leak()));
    if (const Status status = reference_event(caller, event, &p.event); status.is_failure()) return {.status = status.code()};
    if (!has_byte_offset) {
        // "If no byte offset is given, a file that was not opened for synchronous I/O fails."; devices with a current
        // position use it.
        if (!p.file->is_synchronous()) return {.status = STATUS_INVALID_PARAMETER};
        p.byte_offset = p.file->nt()->CurrentByteOffset;
    }
    return caller.kernel.io().transfer(p);
}

Status cancel_io_file(const Caller& caller, std::uint64_t handle, std::uint64_t status_block, bool this_thread_only) {
    PW_TRY_ASSIGN(auto file, caller.reference_as<io::FileObject>(handle, 0));
    const Status status = caller.kernel.io().cancel_file_requests(caller.thread.process(), *file, status_block,
                                                                  this_thread_only ? &caller.thread : nullptr);
    // NtCancelIoFile asks for the end of what there is; only the newer call says when there is nothing.
    return this_thread_only && status == Status(STATUS_NOT_FOUND) ? Status(STATUS_SUCCESS) : status;
}

Result<std::uint64_t> duplicate_object(const Caller& caller, const DuplicateParameters& p) {
    PW_TRY_ASSIGN(auto source, caller.reference_as<ps::Process>(p.source_process, process_dup_handle));
    ob::HandleGrant grant;
    Ref<ob::Object> object;
    if (source.get() == &caller.thread.process()) {
        PW_TRY_ASSIGN(object, caller.reference(p.source, nullptr, 0, &grant));
    } else {
        PW_TRY_ASSIGN(object, source->handles().reference(p.source, nullptr, 0, &grant));
    }
    auto access = access_of_duplicate(caller, *object, grant, p);
    const ULONG attributes = (p.options & DUPLICATE_SAME_ATTRIBUTES) ? grant.attributes : p.attributes;
    // DUPLICATE_CLOSE_SOURCE closes the source "regardless of any error status returned".
    const auto close_source = [&] {
        if (!(p.options & DUPLICATE_CLOSE_SOURCE)) return;
        if (source.get() == &caller.thread.process()) {
            caller.close_handle(p.source).ignore();
        } else {
            source->handles().close(p.source).ignore();
        }
    };
    if (!access) {
        close_source();
        return access.status();
    }
    auto target = p.target_process == 0 ? Result<Ref<ps::Process>>(Ref<ps::Process>())
                                        : caller.reference_as<ps::Process>(p.target_process, process_dup_handle);
    if (!target) {
        close_source();
        return target.status();
    }
    Result<std::uint64_t> handle = std::uint64_t{0};
    if (*target) {
        handle = (*target).get() == &caller.thread.process()
                     ? caller.open_handle(*object, *access, attributes)
                     : (*target)->handles().open(*object, {.access = *access, .attributes = attributes});
    }
    close_source();
    return handle;
}

Status query_section(const Caller& caller, std::uint64_t handle, std::uint32_t* attributes, std::uint64_t* maximum_bytes) {
    PW_TRY_ASSIGN(auto section, caller.reference_as<mm::SectionObject>(handle, SECTION_QUERY));
    *attributes = section->core().attributes();
    *maximum_bytes = section->core().size_bytes();
    return STATUS_SUCCESS;
}

Result<std::uint64_t> scm_open(const Caller& caller, ACCESS_MASK access) {
    auto manager = io::ServiceObject::create(caller.kernel.objects(), nullptr, {});
    if (!manager) return STATUS_INSUFFICIENT_RESOURCES;
    return open_service_object(caller, *manager, se::service_manager_descriptor(), access);
}

Result<std::uint64_t> scm_create_service(const Caller& caller, std::uint64_t manager, ACCESS_MASK access,
                                         const io::NewService& parameters, std::uint32_t* win32_error) {
    PW_TRY_ASSIGN(auto manager_object, caller.reference_as<io::ServiceObject>(manager, sc_manager_create_service));
    Ref<io::ServiceObject> service;
    *win32_error = caller.kernel.service_control().create(parameters, &service);
    if (*win32_error != 0) return std::uint64_t{0};
    return open_service_object(caller, *service, se::service_descriptor(), access);
}

Result<std::uint64_t> scm_open_service(const Caller& caller, std::uint64_t manager, std::u16string_view name,
                                       ACCESS_MASK access, std::uint32_t* win32_error) {
    PW_TRY_ASSIGN(auto manager_object, caller.reference_as<io::ServiceObject>(manager, sc_manager_connect));
    Ref<io::ServiceObject> service;
    *win32_error = caller.kernel.service_control().open(name, &service);
    if (*win32_error != 0) return std::uint64_t{0};
    return open_service_object(caller, *service, se::service_descriptor(), access);
}

}  // namespace pw::nt
