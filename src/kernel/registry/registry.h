// SPDX-License-Identifier: Apache-2.0
// Registry: the tree of keys of one kernel, from \Registry down, in memory.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/lock.h"
#include "kernel/registry/key_object.h"

namespace pw::cm {

// What a key is like, copied at one moment.
struct KeyFacts {
    std::u16string name;
    std::u16string path;  // \REGISTRY\MACHINE\…
    std::u16string class_name;
    LARGE_INTEGER last_write = {};
    ULONG subkeys = 0;
    ULONG longest_subkey_name_units = 0;
    ULONG longest_class_units = 0;
    ULONG values = 0;
    ULONG longest_value_name_units = 0;
    ULONG longest_value_bytes = 0;
};

struct NewKey {
    std::u16string_view class_name{};
    bool is_volatile = false;
    // Of the new key; null: its parent's.
    Ref<const se::SharedDescriptor> security{};
    // Asked under the registry's lock whether a key may be made below that one: calls nothing of ours but security_of().
    std::function<Status(const KeyObject& parent)> may_create{};
};

struct CreatedKey {
    Ref<KeyObject> key;
    bool is_new = false;
};

// All calls at PASSIVE_LEVEL. Statuses as documented for the Zw routines; STATUS_KEY_DELETED for a key that is gone.
class Registry {
public:
    // Makes \Registry\Machine with System, Software and Hardware, and \Registry\User\.Default.
    explicit Registry(ob::ObjectManager& objects);
    ~Registry();
    Registry(const Registry&) = delete;
    Registry& operator=(const Registry&) = delete;

    // `path`: below `root`, or from \Registry where that is null. An empty path below a root is the root itself.
    // STATUS_OBJECT_NAME_NOT_FOUND, STATUS_OBJECT_PATH_SYNTAX_BAD, STATUS_OBJECT_NAME_INVALID.
    [[nodiscard]] Result<Ref<KeyObject>> find(KeyObject* root, std::u16string_view path);
    // The last component is made where it is not there, the others must be. STATUS_CHILD_MUST_BE_VOLATILE,
    // STATUS_REGISTRY_QUOTA_LIMIT, what may_create says.
    [[nodiscard]] Result<CreatedKey> create(KeyObject* root, std::u16string_view path, const NewKey& wanted);
    // As create(), and all that is missing on the way.
    [[nodiscard]] Result<Ref<KeyObject>> create_path(std::u16string_view path);
    // STATUS_CANNOT_DELETE: it has subkeys, or is one of the system's own roots.
    [[nodiscard]] Status remove(KeyObject& key);
    // The key and all below it: what went, for the caller to let go without a lock; nothing where there is no such key.
    [[nodiscard]] std::vector<Ref<KeyObject>> remove_tree(std::u16string_view path);

    [[nodiscard]] Result<KeyFacts> facts(KeyObject& key);
    // In the order of their names. STATUS_NO_MORE_ENTRIES.
    [[nodiscard]] Result<KeyFacts> subkey_facts(KeyObject& key, ULONG index);

    // STATUS_OBJECT_NAME_NOT_FOUND.
    [[nodiscard]] Result<KeyValue> value(KeyObject& key, std::u16string_view name);
    [[nodiscard]] Result<KeyValue> value_at(KeyObject& key, ULONG index);
    // STATUS_INVALID_PARAMETER: the name or the data is longer than documented; STATUS_REGISTRY_QUOTA_LIMIT.
    [[nodiscard]] Status set_value(KeyObject& key, std::u16string_view name, ULONG type, std::span<const std::byte> data);
    [[nodiscard]] Status remove_value(KeyObject& key, std::u16string_view name);

    // Every key that is not volatile, parents first, with its values: for the file.
    void for_each_key(const std::function<void(const std::u16string& path, const std::u16string& class_name,
                                               std::span<const KeyValue> values)>& visit);

private:
    [[nodiscard]] Result<KeyObject*> walk_locked(KeyObject* root, std::u16string_view path, std::u16string_view* last)
        PW_REQUIRES(lock_);
    [[nodiscard]] static std::u16string path_of_locked(const KeyObject& key);
    [[nodiscard]] KeyFacts facts_locked(const KeyObject& key) const PW_REQUIRES(lock_);
    [[nodiscard]] KeyObject* child_locked(KeyObject& key, std::u16string_view name) PW_REQUIRES(lock_);
    void empty_locked(KeyObject& key, std::vector<Ref<KeyObject>>& gone) PW_REQUIRES(lock_);
    Ref<KeyObject> make_root(KeyObject* parent, const char16_t* name);

    ob::ObjectManager& objects_;
    Mutex lock_{LockRank::registry_keys};
    Ref<KeyObject> root_;
    std::size_t used_bytes_ PW_GUARDED_BY(lock_) = 0;
};

// \Registry\Machine\System\CurrentControlSet\Services\.
inline constexpr std::u16string_view services_path = u"\\Registry\\Machine\\System\\CurrentControlSet\\Services\\";

}  // namespace pw::cm
