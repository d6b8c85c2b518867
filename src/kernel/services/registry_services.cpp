// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/registry_services.h"

#include "kernel/security/assign.h"

namespace pw::nt {
namespace {

using cm::KeyObject;

// What the WOW64 bits ask for, another view of the registry, there is only one of.
constexpr ACCESS_MASK view_bits = KEY_WOW64_64KEY | KEY_WOW64_32KEY;
constexpr ACCESS_MASK delete_access = 0x00010000;  // DELETE
constexpr ULONG known_open_options = REG_OPTION_BACKUP_RESTORE | REG_OPTION_OPEN_LINK;
constexpr ULONG known_create_options = known_open_options | REG_OPTION_VOLATILE;

// STATUS_OBJECT_TYPE_MISMATCH: the root is no key.
Status check_name(const ObjectName& name) {
    if (name.root || name.root_file) return STATUS_OBJECT_TYPE_MISMATCH;
    if (!name.has_name || (name.path.empty() && !name.root_key)) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    return STATUS_SUCCESS;
}

Result<Ref<KeyObject>> key_of(const Caller& caller, std::uint64_t handle, ACCESS_MASK access) {
    return caller.reference_as<KeyObject>(handle, access);
}

Result<std::uint64_t> open_granted(const Caller& caller, KeyObject& key, const ObjectName& name, ACCESS_MASK access) {
    PW_TRY_ASSIGN(const ACCESS_MASK granted, caller.grant(key, access & ~view_bits, name.attributes));
    return caller.open_handle(key, granted, name.attributes);
}

Result<Ref<const se::SharedDescriptor>> new_security(const Caller& caller, const ObjectName& name) {
    if (!name.security) return Ref<const se::SharedDescriptor>();
    PW_TRY_ASSIGN(se::DescriptorParts parts,
                  se::assign_descriptor(&name.security->parts(), caller.thread.process().token(), ob::key_type.generic_mapping,
                                        !caller.is_checked(name.attributes)));
    return se::SharedDescriptor::create(std::move(parts));
}

}  // namespace

NamedHandle create_key(const Caller& caller, const ObjectName& name, ACCESS_MASK access, std::u16string_view class_name, ULONG options,
                       ULONG* disposition) {
    if (const Status named = check_name(name); named.is_failure()) return {.status = named};
    if (options & REG_OPTION_CREATE_LINK) {
        caller.kernel.report_once("REG_OPTION_CREATE_LINK is not implemented: registry keys cannot be links");
        return {.status = STATUS_NOT_IMPLEMENTED};
    }
    if (options & ~known_create_options) return {.status = STATUS_INVALID_PARAMETER};
    auto security = new_security(caller, name);
    if (!security) return {.status = security.status()};
    cm::NewKey wanted{.class_name = class_name,
                      .is_volatile = (options & REG_OPTION_VOLATILE) != 0,
                      .security = std::move(security).value()};
    if (caller.is_checked(name.attributes)) {
        wanted.may_create = [&](const KeyObject& parent) -> Status {
            const auto parent_security = caller.kernel.objects().security_of(parent);
            return se::access_check(parent_security ? &parent_security->parts() : nullptr, caller.thread.process().token().subject(),
                                    {.desired = KEY_CREATE_SUB_KEY, .mapping = ob::key_type.generic_mapping})
                .status;
        };
    }
    auto created = caller.kernel.registry().create(name.root_key.get(), name.path, wanted);
    if (!created) return {.status = created.status()};
    *disposition = created->is_new ? REG_CREATED_NEW_KEY : REG_OPENED_EXISTING_KEY;
    // Whoever creates a key gets what it asks for.
    auto handle = created->is_new
                      ? caller.open_handle(*created->key, ob::map_access(ob::key_type, access & ~view_bits), name.attributes)
                      : open_granted(caller, *created->key, name, access);
    if (!handle) return {.status = handle.status()};
    return {.handle = *handle, .status = STATUS_SUCCESS};
}

Result<std::uint64_t> open_key(const Caller& caller, const ObjectName& name, ACCESS_MASK access, ULONG options) {
    if (options & ~known_open_options) return STATUS_INVALID_PARAMETER;
    PW_TRY(check_name(name));
    PW_TRY_ASSIGN(const Ref<KeyObject> key, caller.kernel.registry().find(name.root_key.get(), name.path));
    return open_granted(caller, *key, name, access);
}

Status delete_key(const Caller& caller, std::uint64_t handle) {
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, delete_access));
    return caller.kernel.registry().remove(*key);
}

Status flush_key(const Caller& caller, std::uint64_t handle) {
    // "A handle with any access will do."
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, 0));
    return caller.kernel.flush_registry();
}

Result<cm::Information> query_key(const Caller& caller, std::uint64_t handle, ULONG information_class) {
    // KeyNameInformation is what any handle may ask for.
    const ACCESS_MASK access = information_class == KeyNameInformation ? 0 : KEY_QUERY_VALUE;
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, access));
    PW_TRY_ASSIGN(const cm::KeyFacts facts, caller.kernel.registry().facts(*key));
    return cm::key_information(facts, information_class);
}

Result<cm::Information> enumerate_key(const Caller& caller, std::uint64_t handle, ULONG index, ULONG information_class) {
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, KEY_ENUMERATE_SUB_KEYS));
    PW_TRY_ASSIGN(const cm::KeyFacts facts, caller.kernel.registry().subkey_facts(*key, index));
    return cm::key_information(facts, information_class);
}

Result<cm::Information> query_value_key(const Caller& caller, std::uint64_t handle, std::u16string_view name, ULONG information_class) {
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, KEY_QUERY_VALUE));
    PW_TRY_ASSIGN(const cm::KeyValue value, caller.kernel.registry().value(*key, name));
    return cm::value_information(value, information_class);
}

Result<cm::Information> enumerate_value_key(const Caller& caller, std::uint64_t handle, ULONG index, ULONG information_class) {
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, KEY_QUERY_VALUE));
    PW_TRY_ASSIGN(const cm::KeyValue value, caller.kernel.registry().value_at(*key, index));
    return cm::value_information(value, information_class);
}

Status set_value_key(const Caller& caller, std::uint64_t handle, std::u16string_view name, ULONG type, std::span<const std::byte> data) {
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, KEY_SET_VALUE));
    return caller.kernel.registry().set_value(*key, name, type, data);
}

Status delete_value_key(const Caller& caller, std::uint64_t handle, std::u16string_view name) {
    PW_TRY_ASSIGN(const Ref<KeyObject> key, key_of(caller, handle, KEY_SET_VALUE));
    return caller.kernel.registry().remove_value(*key, name);
}

}  // namespace pw::nt
