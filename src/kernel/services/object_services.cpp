// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/object_services.h"

#include <algorithm>

#include "kernel/io/file.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK symbolic_link_query = 0x0001;
constexpr ACCESS_MASK directory_query = 0x0001;

}  // namespace

Result<Ref<ob::Object>> reference_by_name(const Caller& caller, const ObjectName& name, const ob::ObjectType* type,
                                          ACCESS_MASK access) {
    if (!name.has_name || (name.path.empty() && !name.root)) return STATUS_OBJECT_NAME_INVALID;
    PW_TRY_ASSIGN(ob::Found found, caller.kernel.objects().find(name.path, name.root.get(), name.ignores_case(),
                                                                type == &ob::symbolic_link_type));
    if (!found.remaining.empty()) return STATUS_OBJECT_PATH_NOT_FOUND;
    if (type && &found.object->type() != type) return STATUS_OBJECT_TYPE_MISMATCH;
    if (access != 0) {
        PW_TRY_ASSIGN([[maybe_unused]] const ACCESS_MASK granted, caller.grant(*found.object, access, name.attributes));
    }
    return std::move(found.object);
}

std::u16string name_of_object(ob::Object& object) {
    auto* file = ob::object_cast<io::FileObject>(&object);
    if (!file) return object.full_name();
    const UNICODE_STRING& name = file->nt()->FileName;
    std::u16string text = file->device().full_name();
    if (name.Buffer) text.append(reinterpret_cast<const char16_t*>(name.Buffer), name.Length / sizeof(char16_t));
    return text;
}

Result<std::u16string> dos_name_of_file(ob::ObjectManager& objects, io::FileObject& file) {
    const std::u16string device = ob::upcase_name(file.device().full_name());
    PW_TRY_ASSIGN(ob::Found found, objects.find(u"\\GLOBAL??", nullptr, true));
    std::u16string link;
    objects.for_each_entry(*ob::object_cast<ob::Directory>(found.object.get()), [&](const std::u16string& name, ob::Object& entry) {
        const auto* candidate = ob::object_cast<ob::SymbolicLink>(&entry);
        if (link.empty() && candidate && ob::upcase_name(candidate->target()) == device) link = name;
    });
    if (link.empty()) return STATUS_OBJECT_NAME_NOT_FOUND;
    const UNICODE_STRING& name = file.nt()->FileName;
    if (name.Buffer) link.append(reinterpret_cast<const char16_t*>(name.Buffer), name.Length / sizeof(char16_t));
    return link;
}

Result<std::vector<DirectoryEntry>> query_directory(const Caller& caller, std::uint64_t handle) {
    PW_TRY_ASSIGN(auto directory, caller.reference_as<ob::Directory>(handle, directory_query));
    std::vector<DirectoryEntry> entries;
    caller.kernel.objects().for_each_entry(*directory, [&](const std::u16string& name, ob::Object& entry) {
        entries.push_back({name, entry.type().name});
    });
    std::sort(entries.begin(), entries.end(),
              [](const DirectoryEntry& a, const DirectoryEntry& b) { return a.name < b.name; });
    return entries;
}

Result<BasicInformation> query_object(const Caller& caller, std::uint64_t handle) {
    ob::HandleGrant grant;
    PW_TRY_ASSIGN(auto object, caller.reference(handle, nullptr, 0, &grant));
    return BasicInformation{.attributes = (grant.attributes & OBJ_INHERIT) | (object->is_permanent() ? OBJ_PERMANENT : 0u),
                            .granted_access = grant.access,
                            .handle_count = static_cast<ULONG>(object->handle_count()),
                            .pointer_count = static_cast<ULONG>(object->pointer_count() - 1)};  // without ours
}

Result<std::u16string> query_object_name(const Caller& caller, std::uint64_t handle) {
    PW_TRY_ASSIGN(auto object, caller.reference(handle, nullptr, 0));
    return name_of_object(*object);
}

Result<const ob::ObjectType*> query_object_type(const Caller& caller, std::uint64_t handle) {
    PW_TRY_ASSIGN(auto object, caller.reference(handle, nullptr, 0));
    return &object->type();
}

NamedHandle create_symbolic_link(const Caller& caller, const ObjectName& name, ACCESS_MASK access,
                                 std::u16string_view target) {
    if (target.empty()) return {.status = STATUS_INVALID_PARAMETER};
    return insert_and_open(caller, ob::SymbolicLink::create(caller.kernel.objects(), target), name, access);
}

Result<std::u16string> query_symbolic_link(const Caller& caller, std::uint64_t handle) {
    PW_TRY_ASSIGN(auto link, caller.reference_as<ob::SymbolicLink>(handle, symbolic_link_query));
    return std::u16string(link->target());
}

Result<Ref<ob::CallbackObject>> open_callback(const Caller& caller, const ObjectName& name, bool create,
                                              bool allow_multiple) {
    ob::ObjectManager& objects = caller.kernel.objects();
    if (name.has_name && !name.path.empty()) {
        auto existing = reference_by_name(caller, name, &ob::callback_type);
        if (existing) return Ref<ob::CallbackObject>::adopt(static_cast<ob::CallbackObject*>(existing->leak()));
        const bool is_absent = existing.status() == Status(STATUS_OBJECT_NAME_NOT_FOUND);
        if (!create || !is_absent) return existing.status();
    } else if (!create) {
        return STATUS_UNSUCCESSFUL;
    }
    auto callback = ob::CallbackObject::create(objects, caller.kernel.dispatcher(), allow_multiple);
    if (!callback) return STATUS_INSUFFICIENT_RESOURCES;
    if (name.has_name && !name.path.empty() && (name.attributes & OBJ_PERMANENT)) {
        callback->set_permanent(true);
        PW_TRY(objects.insert(*callback, name.path, name.root.get(), name.ignores_case()));
    }
    return callback;
}

}  // namespace pw::nt
