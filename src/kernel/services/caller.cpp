// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/caller.h"

#include "kernel/security/assign.h"

namespace pw::nt {
namespace {

constexpr std::uint64_t current_process_handle = ~std::uint64_t{0};
constexpr std::uint64_t current_thread_handle = ~std::uint64_t{0} - 1;

constexpr ACCESS_MASK directory_create_object = 0x0004;
constexpr ACCESS_MASK directory_create_subdirectory = 0x0008;

// What creating an object takes beyond the right to its directory.
Status check_privileges(const Caller& caller, const ObjectName& name, ACCESS_MASK desired) {
    if (!caller.is_checked(name.attributes)) return {};
    const se::AccessSubject subject = caller.thread.process().token().subject();
    if ((desired & ACCESS_SYSTEM_SECURITY) && !subject.has(se::Privilege::security)) return STATUS_PRIVILEGE_NOT_HELD;
    if ((name.attributes & OBJ_PERMANENT) && !subject.has(se::Privilege::create_permanent)) return STATUS_PRIVILEGE_NOT_HELD;
    return {};
}

bool is_kernel_handle(std::uint64_t handle) { return (handle & kernel_handle_mark) == kernel_handle_mark; }

}  // namespace

ob::HandleTable& Caller::table_of(std::uint64_t* handle) const {
    if (mode == KernelMode && is_kernel_handle(*handle)) {
        *handle &= ~kernel_handle_mark;
        return kernel.processes().system_process().handles();
    }
    return thread.process().handles();
}

Result<Ref<ob::Object>> Caller::reference(std::uint64_t handle, const ob::ObjectType* type, ACCESS_MASK access,
                                          ob::HandleGrant* grant) const {
    if (handle == current_process_handle || handle == current_thread_handle) {
        ob::Object* object = handle == current_process_handle ? static_cast<ob::Object*>(&thread.process())
                                                              : static_cast<ob::Object*>(&thread);
        if (type && &object->type() != type) return STATUS_OBJECT_TYPE_MISMATCH;
        if (grant) *grant = {.access = object->type().valid_access};
        return Ref<ob::Object>(object);
    }
    ob::HandleTable& table = table_of(&handle);
    return table.reference(handle, type, mode == KernelMode ? 0 : access, grant);
}

Result<std::uint64_t> Caller::open_handle(ob::Object& object, ACCESS_MASK access, ULONG attributes) const {
    const ob::HandleGrant grant{.access = access, .attributes = attributes & OBJ_INHERIT};
    if (mode == KernelMode && (attributes & OBJ_KERNEL_HANDLE)) {
        PW_TRY_ASSIGN(std::uint64_t handle, kernel.processes().system_process().handles().open(object, grant));
        return handle | kernel_handle_mark;
    }
    return thread.process().handles().open(object, grant);
}

Status Caller::close_handle(std::uint64_t handle) const {
    // "Pseudo handles need not be closed; doing so has no effect."
    if (handle == current_process_handle || handle == current_thread_handle) return STATUS_SUCCESS;
    ob::HandleTable& table = table_of(&handle);
    return table.close(handle);
}

Status take_root(const Caller& caller, std::uint64_t handle, ObjectName& name) {
    PW_TRY_ASSIGN(Ref<ob::Object> object, caller.reference(handle, nullptr, 0));
    if (auto* directory = ob::object_cast<ob::Directory>(object.get())) {
        name.root = Ref<ob::Directory>(directory);
    } else if (auto* file = ob::object_cast<io::FileObject>(object.get())) {
        name.root_file = Ref<io::FileObject>(file);
    } else if (auto* key = ob::object_cast<cm::KeyObject>(object.get())) {
        name.root_key = Ref<cm::KeyObject>(key);
    } else {
        return STATUS_OBJECT_TYPE_MISMATCH;
    }
    return STATUS_SUCCESS;
}

Result<ACCESS_MASK> Caller::grant(ob::Object& object, ACCESS_MASK desired, ULONG attributes) const {
    const ob::ObjectType& type = object.type();
    if (!is_checked(attributes)) return ob::map_access(type, desired);
    const auto security = kernel.objects().security_of(object);
    const se::AccessResult result = se::access_check(security ? &security->parts() : nullptr, thread.process().token().subject(),
                                                     {.desired = desired, .mapping = type.generic_mapping});
    PW_TRY(result.status);
    return result.granted;
}

// The directory that a name is put into; empty where there is none (the insertion says why).
Ref<ob::Directory> directory_of(const Caller& caller, const ObjectName& name) {
    if (!name.has_name || name.path.empty()) return {};
    const std::u16string_view path(name.path);
    const std::size_t last = path.rfind(u'\\');
    if (last == std::u16string_view::npos) return name.root;
    auto found = caller.kernel.objects().find(path.substr(0, last == 0 ? 1 : last), name.root.get(), name.ignores_case(), false);
    if (!found || !found->remaining.empty()) return {};
    return Ref<ob::Directory>(ob::object_cast<ob::Directory>(found->object.get()));
}

Status assign_security(const Caller& caller, ob::Object& object, const ObjectName& name) {
    if (!name.security && (!name.has_name || name.path.empty())) return STATUS_SUCCESS;
    const Ref<ob::Directory> directory = directory_of(caller, name);
    const auto around = directory ? caller.kernel.objects().security_of(*directory) : Ref<const se::SharedDescriptor>();
    const se::Container container{.parts = around ? &around->parts() : nullptr,
                                  .child_is_container = &object.type() == &ob::directory_type};
    PW_TRY_ASSIGN(se::DescriptorParts parts,
                  se::assign_descriptor(name.security ? &name.security->parts() : nullptr, caller.thread.process().token(),
                                        object.type().generic_mapping, !caller.is_checked(name.attributes), container));
    caller.kernel.objects().set_security(object, se::SharedDescriptor::create(std::move(parts)));
    return STATUS_SUCCESS;
}

Status insert_name(const Caller& caller, ob::Object& object, const ObjectName& name, Ref<ob::Object>* existing) {
    ob::ObjectManager& objects = caller.kernel.objects();
    if (!caller.is_checked(name.attributes)) {
        return objects.insert(object, name.path, name.root.get(), name.ignores_case(), existing);
    }
    const ACCESS_MASK wanted = &object.type() == &ob::directory_type ? directory_create_subdirectory : directory_create_object;
    const se::AccessSubject subject = caller.thread.process().token().subject();
    const auto may_create = [&](const ob::Directory& directory) -> Status {
        const auto security = objects.security_of(directory);
        return se::access_check(security ? &security->parts() : nullptr, subject,
                                {.desired = wanted, .mapping = ob::directory_type.generic_mapping})
            .status;
    };
    return objects.insert(object, name.path, name.root.get(), name.ignores_case(), existing, may_create);
}

NamedHandle insert_and_open(const Caller& caller, Ref<ob::Object> object, const ObjectName& name,
                            ACCESS_MASK desired_access) {
    Status outcome = STATUS_SUCCESS;
    if (!object) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    // An application leaves objects behind only with the privilege for it, which no user has by default.
    const se::PrivilegeSet privileges = caller.thread.process().token().enabled_privileges();
    if ((name.attributes & OBJ_PERMANENT) && caller.mode == UserMode && !(privileges & bit_of(se::Privilege::create_permanent))) {
        return {.status = STATUS_PRIVILEGE_NOT_HELD};
    }
    // Only files are named relative to files, keys relative to keys.
    if (name.root_file || name.root_key) return {.status = STATUS_OBJECT_TYPE_MISMATCH};
    if (const Status assigned = assign_security(caller, *object, name); assigned.is_failure()) return {.status = assigned};
    if (name.has_name && !name.path.empty()) {
        if (caller.mode == UserMode) {
            ps::Process& process = caller.thread.process();
            if (process.named_object_count->load(std::memory_order_relaxed) >= process.limits().max_named_objects) {
                return {.status = STATUS_QUOTA_EXCEEDED};
            }
            object->count_name_in(process.named_object_count);
        }
        Ref<ob::Object> existing;
        const Status inserted = insert_name(caller, *object, name, &existing);
        if (inserted == Status(STATUS_OBJECT_NAME_COLLISION) && (name.attributes & OBJ_OPENIF) && existing) {
            if (&existing->type() != &object->type()) return {.status = STATUS_OBJECT_TYPE_MISMATCH};
            object = std::move(existing);
            outcome = STATUS_OBJECT_NAME_EXISTS;
        } else if (inserted.is_failure()) {
            return {.status = inserted};
        }
    }
    if (outcome == Status(STATUS_OBJECT_NAME_EXISTS)) {
        // OBJ_OPENIF on what is there: an open like any other.
        auto granted = caller.grant(*object, desired_access, name.attributes);
        if (!granted) return {.status = granted.status()};
        auto handle = caller.open_handle(*object, *granted, name.attributes);
        return handle ? NamedHandle{.handle = *handle, .status = outcome} : NamedHandle{.status = handle.status()};
    }
    if (const Status allowed = check_privileges(caller, name, desired_access); allowed.is_failure()) {
        caller.kernel.objects().remove_name(*object);
        return {.status = allowed};
    }
    if (name.attributes & OBJ_PERMANENT) object->set_permanent(true);
    // Whoever creates an object gets what it asks for.
    const ACCESS_MASK access = ob::map_access(object->type(), desired_access);
    auto handle = caller.open_handle(*object, access, name.attributes);
    if (!handle) {
        if (object->handle_count() == 0) caller.kernel.objects().remove_name(*object);
        return {.status = handle.status()};
    }
    return {.handle = *handle, .status = outcome};
}

Result<std::uint64_t> open_by_name(const Caller& caller, const ObjectName& name, const ob::ObjectType& type,
                                   ACCESS_MASK desired_access) {
    if (name.root_file || name.root_key) return STATUS_OBJECT_TYPE_MISMATCH;
    if (!name.has_name || (name.path.empty() && !name.root)) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    PW_TRY_ASSIGN(ob::Found found, caller.kernel.objects().find(name.path, name.root.get(), name.ignores_case(),
                                                                &type == &ob::symbolic_link_type));
    if (!found.remaining.empty()) return STATUS_OBJECT_PATH_NOT_FOUND;
    if (&found.object->type() != &type) return STATUS_OBJECT_TYPE_MISMATCH;
    PW_TRY_ASSIGN(const ACCESS_MASK granted, caller.grant(*found.object, desired_access, name.attributes));
    return caller.open_handle(*found.object, granted, name.attributes);
}

}  // namespace pw::nt
