// SPDX-License-Identifier: Apache-2.0
// Caller: who calls a service, in which mode; the handles and names it may use.
#pragma once

#include <nt/io_inlines.h>

#include <string>

#include "base/result.h"
#include "kernel/objects/handle_table.h"
#include "kernel/processes/thread.h"
#include "kernel/registry/key_object.h"
#include "kernel/services/kernel.h"

namespace pw::nt {

struct Caller {
    Kernel& kernel;
    ps::Thread& thread;
    KPROCESSOR_MODE mode;

    // The table that a handle belongs to: kernel handles (OBJ_KERNEL_HANDLE) live in the System process and are valid for
    // kernel-mode callers only. *handle loses the mark.
    [[nodiscard]] ob::HandleTable& table_of(std::uint64_t* handle) const;
    // Resolves a handle, also NtCurrentProcess() and NtCurrentThread(). Kernel-mode callers pass every access check.
    [[nodiscard]] Result<Ref<ob::Object>> reference(std::uint64_t handle, const ob::ObjectType* type, ACCESS_MASK access,
                                                    ob::HandleGrant* grant = nullptr) const;
    template <typename T>
    [[nodiscard]] Result<Ref<T>> reference_as(std::uint64_t handle, ACCESS_MASK access) const {
        auto object = reference(handle, &T::static_type(), access);
        if (!object) return object.status();
        return Ref<T>::adopt(static_cast<T*>(object->leak()));
    }
    // Opens a handle in the caller's table, or a kernel handle where the attributes ask for one.
    [[nodiscard]] Result<std::uint64_t> open_handle(ob::Object& object, ACCESS_MASK access, ULONG attributes) const;
    [[nodiscard]] Status close_handle(std::uint64_t handle) const;

    // Whether access checks apply: always to user mode, to kernel mode where OBJ_FORCE_ACCESS_CHECK asks for them.
    [[nodiscard]] bool is_checked(ULONG attributes) const { return mode == UserMode || (attributes & OBJ_FORCE_ACCESS_CHECK); }
    // The rights that an open of an existing object gets: STATUS_ACCESS_DENIED, STATUS_PRIVILEGE_NOT_HELD. PASSIVE_LEVEL.
    [[nodiscard]] Result<ACCESS_MASK> grant(ob::Object& object, ACCESS_MASK desired, ULONG attributes) const;
};

// An OBJECT_ATTRIBUTES, captured.
struct ObjectName {
    bool has_name = false;
    std::u16string path;
    Ref<ob::Directory> root;
    Ref<io::FileObject> root_file{};  // instead of root: a file that NtCreateFile opens relative to
    Ref<cm::KeyObject> root_key{};    // instead of root: a registry key
    ULONG attributes = 0;
    // The descriptor that the creator asks for, captured and validated; null: none.
    Ref<const se::SharedDescriptor> security;

    [[nodiscard]] bool ignores_case() const { return (attributes & OBJ_CASE_INSENSITIVE) != 0; }
};

// The root directory of object attributes: a directory object, or a file or key to open relative to. STATUS_INVALID_HANDLE,
// STATUS_OBJECT_TYPE_MISMATCH.
[[nodiscard]] Status take_root(const Caller& caller, std::uint64_t handle, ObjectName& name);
// Gives a new object the descriptor that `name` asks for, or its creator's default. An object without a name and without an
// explicit descriptor has none, as in NT. STATUS_INVALID_OWNER, STATUS_PRIVILEGE_NOT_HELD.
[[nodiscard]] Status assign_security(const Caller& caller, ob::Object& object, const ObjectName& name);
// objects().insert() with the caller's right to create in that directory.
[[nodiscard]] Status insert_name(const Caller& caller, ob::Object& object, const ObjectName& name,
                                 Ref<ob::Object>* existing = nullptr);

// Gives a new object its name, or opens what has the name already (OBJ_OPENIF), and a handle. On STATUS_OBJECT_NAME_EXISTS
// (a success) the handle leads to the existing object. Consumes `object`.
struct NamedHandle {
    std::uint64_t handle = 0;
    Status status;
};
[[nodiscard]] NamedHandle insert_and_open(const Caller& caller, Ref<ob::Object> object, const ObjectName& name,
                                          ACCESS_MASK desired_access);
// NtOpen…: a handle to the object of that type and name.
[[nodiscard]] Result<std::uint64_t> open_by_name(const Caller& caller, const ObjectName& name, const ob::ObjectType& type,
                                                 ACCESS_MASK desired_access);

// A kernel handle's mark: the sign bit pattern that NT's kernel handles show.
constexpr std::uint64_t kernel_handle_mark = 0xFFFFFFFF80000000ull;

}  // namespace pw::nt
