// SPDX-License-Identifier: Apache-2.0
#include "kernel/registry/registry.h"

#include <algorithm>
#include <new>

#include "kernel/dispatcher/kernel_time.h"
#include "kernel/objects/object_manager.h"
#include "kernel/registry/limits.h"
#include "kernel/rtl/letter_case.h"
#include "kernel/security/defaults.h"

namespace pw::cm {
namespace {

constexpr std::u16string_view control_set = u"ControlSet001";
constexpr std::u16string_view current_control_set = u"CURRENTCONTROLSET";

std::u16string upcase(std::u16string_view text) {
    std::u16string out(text);
    for (char16_t& c : out) c = rtl::upcase(c);
    return out;
}

LARGE_INTEGER now() {
    LARGE_INTEGER time;
    time.QuadPart = ke::system_time();
    return time;
}

std::size_t cost_of(const KeyValue& value) { return entry_bytes + value.name.size() * sizeof(char16_t) + value.data.size(); }
std::size_t cost_of(std::u16string_view name, std::u16string_view class_name) {
    return entry_bytes + (name.size() + class_name.size()) * sizeof(char16_t);
}

// Everybody may read; the system and administrators may do everything.
se::DescriptorRef machine_descriptor() {
    return se::descriptor_from_sddl(u"D:(A;CI;KR;;;WD)(A;CI;KA;;;SY)(A;CI;KA;;;BA)", ob::key_type);
}

}  // namespace

Registry::Registry(ob::ObjectManager& objects) : objects_(objects) {
    root_ = make_root(nullptr, u"REGISTRY");
    const Ref<KeyObject> machine = make_root(root_.get(), u"MACHINE");
    const Ref<KeyObject> user = make_root(root_.get(), u"USER");
    static_cast<void>(make_root(user.get(), u".Default"));
    static_cast<void>(make_root(machine.get(), u"Hardware"));
    const Ref<KeyObject> software = make_root(machine.get(), u"Software");
    const Ref<KeyObject> system = make_root(machine.get(), u"System");
    const Ref<KeyObject> set = make_root(system.get(), control_set.data());
    static_cast<void>(make_root(set.get(), u"Services"));
    static_cast<void>(make_root(set.get(), u"Control"));
    for (const char16_t* path : {u"\\Registry\\Machine\\Hardware\\DeviceMap",
                                 u"\\Registry\\Machine\\Software\\Microsoft\\Windows NT\\CurrentVersion"}) {
        static_cast<void>(create_path(path));
    }
}

Registry::~Registry() = default;

Ref<KeyObject> Registry::make_root(KeyObject* parent, const char16_t* name) {
    auto key = Ref<KeyObject>::adopt(new KeyObject(objects_, name, {}, KeyObject::Kind::root));
    objects_.set_security(*key, machine_descriptor());
    key->last_write_ = now();
    MutexLock lock(lock_);
    key->parent_ = parent;
    if (parent) parent->children_.emplace(upcase(name), key);
    return key;
}

KeyObject* Registry::child_locked(KeyObject& key, std::u16string_view name) {
    std::u16string upper = upcase(name);
    // CurrentControlSet leads to the control set that the system was started with: there is one.
    if (upper == current_control_set && key.parent_ && key.name_ == u"System" && key.parent_->name_ == u"MACHINE") {
        upper = upcase(control_set);
    }
    const auto found = key.children_.find(upper);
    return found == key.children_.end() ? nullptr : found->second.get();
}

// The key that `path` leads to; with `last`, its parent, and the last component.
Result<KeyObject*> Registry::walk_locked(KeyObject* root, std::u16string_view path, std::u16string_view* last) {
    KeyObject* key = root;
    if (last) *last = {};
    if (!root) {
        if (!path.starts_with(u'\\')) return STATUS_OBJECT_PATH_SYNTAX_BAD;
        path.remove_prefix(1);
        const std::u16string_view first = path.substr(0, path.find(u'\\'));
        if (upcase(first) != root_->name_) return STATUS_OBJECT_NAME_NOT_FOUND;
        path.remove_prefix(first.size());
        if (!path.empty()) path.remove_prefix(1);
        key = root_.get();
    } else if (root->is_deleted_) {
        return STATUS_KEY_DELETED;
    }
    if (path.starts_with(u'\\')) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (path.ends_with(u'\\')) path.remove_suffix(1);
    for (std::size_t depth = 0; !path.empty(); ++depth) {
        const std::u16string_view name = path.substr(0, path.find(u'\\'));
        path.remove_prefix(name.size());
        if (name.empty()) return STATUS_OBJECT_PATH_SYNTAX_BAD;
        if (name.size() > max_key_name_units || depth == max_depth) return STATUS_OBJECT_NAME_INVALID;
        KeyObject* const next = child_locked(*key, name);
        if (path.empty() && last) {
            *last = name;
            return key;
        }
        if (!next) return STATUS_OBJECT_NAME_NOT_FOUND;
        if (!path.empty()) path.remove_prefix(1);
        key = next;
    }
    return key;
}

Result<Ref<KeyObject>> Registry::find(KeyObject* root, std::u16string_view path) {
    MutexLock lock(lock_);
    PW_TRY_ASSIGN(KeyObject * key, walk_locked(root, path, nullptr));
    return Ref<KeyObject>(key);
}

Result<CreatedKey> Registry::create(KeyObject* root, std::u16string_view path, const NewKey& wanted) {
    if (wanted.class_name.size() > max_value_name_units) return STATUS_INVALID_PARAMETER;
    MutexLock lock(lock_);
    std::u16string_view name;
    PW_TRY_ASSIGN(KeyObject * parent, walk_locked(root, path, &name));
    if (name.empty()) return CreatedKey{.key = Ref<KeyObject>(parent)};
    if (KeyObject* existing = child_locked(*parent, name)) return CreatedKey{.key = Ref<KeyObject>(existing)};
    std::size_t depth = 0;
    for (const KeyObject* key = parent; key; key = key->parent_) ++depth;
    if (depth > max_depth) return STATUS_INVALID_PARAMETER;
    if (wanted.may_create) PW_TRY(wanted.may_create(*parent));
    if (parent->kind_ == KeyObject::Kind::is_volatile && !wanted.is_volatile) return STATUS_CHILD_MUST_BE_VOLATILE;
    const std::size_t cost = cost_of(name, wanted.class_name);
    if (used_bytes_ + cost > max_registry_bytes) return STATUS_REGISTRY_QUOTA_LIMIT;
    const auto kind = wanted.is_volatile ? KeyObject::Kind::is_volatile : KeyObject::Kind::stored;
    auto key = Ref<KeyObject>::adopt(new (std::nothrow)
                                         KeyObject(objects_, std::u16string(name), std::u16string(wanted.class_name), kind));
    if (!key) return STATUS_INSUFFICIENT_RESOURCES;
    objects_.set_security(*key, wanted.security ? wanted.security : objects_.security_of(*parent));
    key->parent_ = parent;
    key->last_write_ = parent->last_write_ = now();
    parent->children_.emplace(upcase(name), key);
    used_bytes_ += cost;
    return CreatedKey{.key = std::move(key), .is_new = true};
}

Result<Ref<KeyObject>> Registry::create_path(std::u16string_view path) {
    std::size_t end = path.find(u'\\', 1);  // behind \Registry
    while (end != std::u16string_view::npos) {
        end = path.find(u'\\', end + 1);
        PW_TRY_ASSIGN(CreatedKey created, create(nullptr, path.substr(0, end), {}));
        if (end == std::u16string_view::npos) return std::move(created.key);
    }
    return find(nullptr, path);
}

// Takes a key's contents away; its handles find it deleted. What goes is destroyed by the caller, without the lock.
void Registry::empty_locked(KeyObject& key, std::vector<Ref<KeyObject>>& gone) {
    key.is_deleted_ = true;
    used_bytes_ -= cost_of(key.name_, key.class_);
    for (const auto& [name, value] : key.values_) used_bytes_ -= cost_of(value);
    key.values_.clear();
    for (auto& [name, child] : key.children_) {
        empty_locked(*child, gone);
        child->parent_ = nullptr;
        gone.push_back(std::move(child));
    }
    key.children_.clear();
}

Status Registry::remove(KeyObject& key) {
    std::vector<Ref<KeyObject>> gone;
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    if (!key.children_.empty() || key.kind_ == KeyObject::Kind::root) return STATUS_CANNOT_DELETE;
    KeyObject& parent = *key.parent_;
    const auto entry = parent.children_.find(upcase(key.name_));
    gone.push_back(std::move(entry->second));
    parent.children_.erase(entry);
    parent.last_write_ = now();
    empty_locked(key, gone);
    key.parent_ = nullptr;
    return STATUS_SUCCESS;
}

std::vector<Ref<KeyObject>> Registry::remove_tree(std::u16string_view path) {
    std::vector<Ref<KeyObject>> gone;
    MutexLock lock(lock_);
    const Result<KeyObject*> found = walk_locked(nullptr, path, nullptr);
    if (!found || found.value()->kind_ == KeyObject::Kind::root) return gone;
    KeyObject& key = *found.value();
    const auto entry = key.parent_->children_.find(upcase(key.name_));
    gone.push_back(std::move(entry->second));
    key.parent_->children_.erase(entry);
    empty_locked(key, gone);
    key.parent_ = nullptr;
    return gone;
}

std::u16string Registry::path_of_locked(const KeyObject& key) {
    std::vector<const KeyObject*> way;
    for (const KeyObject* at = &key; at; at = at->parent_) way.push_back(at);
    std::u16string path;
    for (auto at = way.rbegin(); at != way.rend(); ++at) path += u"\\" + (*at)->name_;
    return path;
}

KeyFacts Registry::facts_locked(const KeyObject& key) const {
    KeyFacts facts{.name = key.name_, .path = path_of_locked(key), .class_name = key.class_, .last_write = key.last_write_};
    const auto longest = [](ULONG& so_far, std::size_t size) { so_far = std::max(so_far, static_cast<ULONG>(size)); };
    facts.subkeys = static_cast<ULONG>(key.children_.size());
    for (const auto& [name, child] : key.children_) {
        longest(facts.longest_subkey_name_units, child->name_.size());
        longest(facts.longest_class_units, child->class_.size());
    }
    facts.values = static_cast<ULONG>(key.values_.size());
    for (const auto& [name, value] : key.values_) {
        longest(facts.longest_value_name_units, value.name.size());
        longest(facts.longest_value_bytes, value.data.size());
    }
    return facts;
}

Result<KeyFacts> Registry::facts(KeyObject& key) {
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    return facts_locked(key);
}

Result<KeyFacts> Registry::subkey_facts(KeyObject& key, ULONG index) {
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    if (index >= key.children_.size()) return STATUS_NO_MORE_ENTRIES;
    return facts_locked(*std::next(key.children_.begin(), index)->second);
}

Result<KeyValue> Registry::value(KeyObject& key, std::u16string_view name) {
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    const auto found = key.values_.find(upcase(name));
    if (found == key.values_.end()) return STATUS_OBJECT_NAME_NOT_FOUND;
    return found->second;
}

Result<KeyValue> Registry::value_at(KeyObject& key, ULONG index) {
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    if (index >= key.values_.size()) return STATUS_NO_MORE_ENTRIES;
    return std::next(key.values_.begin(), index)->second;
}

Status Registry::set_value(KeyObject& key, std::u16string_view name, ULONG type, std::span<const std::byte> data) {
    if (name.size() > max_value_name_units || data.size() > max_value_bytes) return STATUS_INVALID_PARAMETER;
    KeyValue value{.name = std::u16string(name), .type = type, .data = {data.begin(), data.end()}};
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    const auto found = key.values_.find(upcase(name));
    const std::size_t before = found == key.values_.end() ? 0 : cost_of(found->second);
    const std::size_t after = cost_of(value);
    if (used_bytes_ - before + after > max_registry_bytes) return STATUS_REGISTRY_QUOTA_LIMIT;
    used_bytes_ += after - before;
    key.last_write_ = now();
    if (found == key.values_.end()) {
        key.values_.emplace(upcase(name), std::move(value));
    } else {
        value.name = found->second.name;  // the name stays as it was first given
        found->second = std::move(value);
    }
    return STATUS_SUCCESS;
}

Status Registry::remove_value(KeyObject& key, std::u16string_view name) {
    MutexLock lock(lock_);
    if (key.is_deleted_) return STATUS_KEY_DELETED;
    const auto found = key.values_.find(upcase(name));
    if (found == key.values_.end()) return STATUS_OBJECT_NAME_NOT_FOUND;
    used_bytes_ -= cost_of(found->second);
    key.values_.erase(found);
    key.last_write_ = now();
    return STATUS_SUCCESS;
}

void Registry::for_each_key(const std::function<void(const std::u16string&, const std::u16string&, std::span<const KeyValue>)>& visit) {
    struct Copy {
        std::u16string path;
        std::u16string class_name;
        std::vector<KeyValue> values;
    };
    std::vector<Copy> copies;
    {
        MutexLock lock(lock_);
        std::vector<const KeyObject*> open{root_.get()};
        while (!open.empty()) {
            const KeyObject& key = *open.back();
            open.pop_back();
            if (key.kind_ == KeyObject::Kind::is_volatile) continue;
            Copy copy{path_of_locked(key), key.class_, {}};
            for (const auto& [name, value] : key.values_) copy.values.push_back(value);
            copies.push_back(std::move(copy));
            for (auto child = key.children_.rbegin(); child != key.children_.rend(); ++child) open.push_back(child->second.get());
        }
    }
    for (const Copy& copy : copies) visit(copy.path, copy.class_name, copy.values);
}

}  // namespace pw::cm
