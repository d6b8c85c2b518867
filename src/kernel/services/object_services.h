// SPDX-License-Identifier: Apache-2.0
// Names of objects and what can be asked about them (NtQueryObject, symbolic links, callback objects, lookups by name).
#pragma once

#include <string>
#include <vector>

#include "kernel/objects/callback_object.h"
#include "kernel/services/caller.h"

namespace pw::nt {

// A reference to the object of that name, which grants `access` to a caller that is checked; of `type` unless that is null. With symbolic_link_type the link itself is found.
// STATUS_OBJECT_TYPE_MISMATCH, STATUS_OBJECT_PATH_NOT_FOUND for what stands behind a device, and find()'s statuses.
[[nodiscard]] Result<Ref<ob::Object>> reference_by_name(const Caller& caller, const ObjectName& name,
                                                        const ob::ObjectType* type, ACCESS_MASK access = 0);

// "\Device\Foo", for a file the device's name and the file's behind it; empty for an object without a name.
[[nodiscard]] std::u16string name_of_object(ob::Object& object);

// IoQueryFileDosDeviceName: the symbolic link of \GLOBAL?? that leads to the file's device, and the file's name behind it.
// STATUS_OBJECT_NAME_NOT_FOUND when no link does.
[[nodiscard]] Result<std::u16string> dos_name_of_file(ob::ObjectManager& objects, io::FileObject& file);

// NtQueryDirectoryObject: the entries of a directory, in the order of their names. PASSIVE_LEVEL.
struct DirectoryEntry {
    std::u16string name;
    std::u16string type;
};
[[nodiscard]] Result<std::vector<DirectoryEntry>> query_directory(const Caller& caller, std::uint64_t handle);

struct BasicInformation {
    ULONG attributes = 0;  // OBJ_PERMANENT, OBJ_INHERIT
    ACCESS_MASK granted_access = 0;
    ULONG handle_count = 0;
    ULONG pointer_count = 0;
};
[[nodiscard]] Result<BasicInformation> query_object(const Caller& caller, std::uint64_t handle);
[[nodiscard]] Result<std::u16string> query_object_name(const Caller& caller, std::uint64_t handle);
[[nodiscard]] Result<const ob::ObjectType*> query_object_type(const Caller& caller, std::uint64_t handle);

[[nodiscard]] NamedHandle create_symbolic_link(const Caller& caller, const ObjectName& name, ACCESS_MASK access,
                                               std::u16string_view target);
[[nodiscard]] Result<std::u16string> query_symbolic_link(const Caller& caller, std::uint64_t handle);

// ExCreateCallback: the callback object of that name; a new one where there is none and `create` asks for it. A name without
// OBJ_PERMANENT goes at once, since no handle keeps it.
[[nodiscard]] Result<Ref<ob::CallbackObject>> open_callback(const Caller& caller, const ObjectName& name, bool create,
                                                            bool allow_multiple);

}  // namespace pw::nt
