// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/directory.h"

#include <new>

#include "kernel/objects/object_manager.h"

namespace pw::ob {

std::u16string upcase_name(std::u16string_view name) {
    std::u16string upper(name);
    for (char16_t& c : upper) {
        const bool ascii = c >= u'a' && c <= u'z';
        const bool latin1 = c >= 0xE0 && c <= 0xFE && c != 0xF7;
        if (ascii || latin1) c = static_cast<char16_t>(c - 0x20);
    }
    return upper;
}

Ref<Directory> Directory::create(ObjectManager& manager) { return Ref<Directory>::adopt(new (std::nothrow) Directory(manager)); }

Object* Directory::find_locked(std::u16string_view name, bool ignore_case) const {
    const auto [first, last] = entries_.equal_range(upcase_name(name));
    for (auto it = first; it != last; ++it) {
        if (ignore_case || it->second->name_ == name) return it->second;
    }
    return nullptr;
}

void Directory::insert_locked(std::u16string_view name, Object& object) {
    PW_CHECK(!object.directory_);
    object.add_ref();
    object.directory_ = this;
    object.name_ = name;
    entries_.emplace(upcase_name(name), &object);
}

void Directory::remove_locked(Object& object) {
    const auto [first, last] = entries_.equal_range(upcase_name(object.name_));
    for (auto it = first; it != last; ++it) {
        if (it->second != &object) continue;
        entries_.erase(it);
        object.directory_ = nullptr;
        object.name_.clear();
        return;  // the caller drops the directory's reference outside the lock
    }
    constexpr bool directory_knows_its_object = false;
    PW_CHECK(directory_knows_its_object);
}

Ref<SymbolicLink> SymbolicLink::create(ObjectManager& manager, std::u16string_view target) {
    return Ref<SymbolicLink>::adopt(new (std::nothrow) SymbolicLink(manager, target));
}

}  // namespace pw::ob
