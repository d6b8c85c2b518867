// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/security_services.h"

#include "kernel/security/assign.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK process_query_information = 0x0400;
constexpr ACCESS_MASK process_query_limited_information = 0x1000;

// Whose descriptor an object shows: a file its device's, everything else its own.
ob::Object& secured(ob::Object& object) {
    auto* file = ob::object_cast<io::FileObject>(&object);
    return file ? static_cast<ob::Object&>(file->device()) : object;
}

}  // namespace

se::DescriptorParts descriptor_of(const Caller& caller, ob::Object& object, SECURITY_INFORMATION information) {
    const auto security = caller.kernel.objects().security_of(secured(object));
    return security ? security->parts().selected(information) : se::DescriptorParts();
}

Result<se::DescriptorParts> query_security(const Caller& caller, std::uint64_t handle, SECURITY_INFORMATION information) {
    PW_TRY_ASSIGN(auto object, caller.reference(handle, nullptr, se::access_to_query(information)));
    return descriptor_of(caller, *object, information);
}

Status set_security(const Caller& caller, std::uint64_t handle, SECURITY_INFORMATION information,
                    const se::DescriptorParts& change) {
    PW_TRY_ASSIGN(auto object, caller.reference(handle, nullptr, se::access_to_set(information)));
    ob::ObjectManager& objects = caller.kernel.objects();
    ob::Object& target = secured(*object);
    for (;;) {
        const auto present = objects.security_of(target);
        if (!present) return STATUS_NO_SECURITY_ON_OBJECT;
        PW_TRY_ASSIGN(se::DescriptorParts parts,
                      se::change_descriptor(present->parts(), information, change, caller.thread.process().token(),
                                            object->type().generic_mapping, caller.mode == KernelMode));
        // Somebody else may have set it meanwhile: then once more, on top of that.
        if (objects.replace_security(target, present, se::SharedDescriptor::create(std::move(parts)))) return STATUS_SUCCESS;
    }
}

Result<std::uint64_t> open_process_token(const Caller& caller, std::uint64_t process_handle, ACCESS_MASK access,
                                         ULONG attributes) {
    ob::HandleGrant grant;
    PW_TRY_ASSIGN(auto object, caller.reference(process_handle, &ob::process_type, 0, &grant));
    if (caller.mode == UserMode && !(grant.access & (process_query_information | process_query_limited_information))) {
        return STATUS_ACCESS_DENIED;
    }
    se::Token& token = static_cast<ps::Process&>(*object).token();
    PW_TRY_ASSIGN(const ACCESS_MASK granted, caller.grant(token, access, attributes));
    return caller.open_handle(token, granted, attributes);
}

Result<Ref<se::Token>> reference_token(const Caller& caller, std::uint64_t handle, TOKEN_INFORMATION_CLASS information_class) {
    return caller.reference_as<se::Token>(handle, information_class == TokenSource ? TOKEN_QUERY_SOURCE : TOKEN_QUERY);
}

Status adjust_privileges(const Caller& caller, std::uint64_t handle, const PrivilegeChange& change, se::PrivilegeSet* changed,
                         se::PrivilegeSet* enabled_before) {
    PW_TRY_ASSIGN(auto token, caller.reference_as<se::Token>(handle, TOKEN_ADJUST_PRIVILEGES));
    *enabled_before = token->adjust_privileges(change.enable, change.disable);
    *changed = (*enabled_before ^ ((*enabled_before | (change.enable & token->privileges())) & ~change.disable));
    const bool all = !change.names_unknown_ones && (change.enable & ~token->privileges()) == 0;
    return all ? STATUS_SUCCESS : STATUS_NOT_ALL_ASSIGNED;
}

}  // namespace pw::nt
