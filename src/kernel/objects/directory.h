// SPDX-License-Identifier: Apache-2.0
// Directory: an object directory, names to objects; all directories share the manager's namespace lock.
#pragma once

#include <map>
#include <string>

#include "kernel/objects/object.h"

namespace pw::ob {

class Directory final : public Object {
public:
    static const ObjectType& static_type() { return directory_type; }
    // Null when memory is short.
    static Ref<Directory> create(ObjectManager& manager);

    // The entry of that name, or null. Case-insensitive where asked; a case-sensitive search still finds only exact names.
    [[nodiscard]] Object* find_locked(std::u16string_view name, bool ignore_case) const;
    // Precondition: no entry has that name in this directory, the object has no name yet.
    void insert_locked(std::u16string_view name, Object& object);
    void remove_locked(Object& object);
    [[nodiscard]] bool is_empty_locked() const { return entries_.empty(); }
    template <typename Visit>
    void for_each_locked(Visit visit) const {
        for (const auto& [key, object] : entries_) visit(object->name_, *object);  // the name as it was given
    }

private:
    explicit Directory(ObjectManager& manager) : Object(manager, directory_type, &nt_.body), nt_(this) {}

    struct Nothing {
        std::uint64_t unused;
    };
    Body<Nothing> nt_;
    std::multimap<std::u16string, Object*> entries_;  // by upper-cased name
};

// A symbolic link of the object namespace: \DosDevices\Foo -> \Device\Foo.
class SymbolicLink final : public Object {
public:
    static const ObjectType& static_type() { return symbolic_link_type; }
    // Null when memory is short.
    static Ref<SymbolicLink> create(ObjectManager& manager, std::u16string_view target);
    [[nodiscard]] const std::u16string& target() const { return target_; }

private:
    SymbolicLink(ObjectManager& manager, std::u16string_view target)
        : Object(manager, symbolic_link_type, &nt_.body), nt_(this), target_(target) {}

    struct Nothing {
        std::uint64_t unused;
    };
    Body<Nothing> nt_;
    const std::u16string target_;
};

// Upper case of a name, as object names are compared: ASCII and Latin-1, the part that does not depend on a locale table.
[[nodiscard]] std::u16string upcase_name(std::u16string_view name);

}  // namespace pw::ob
