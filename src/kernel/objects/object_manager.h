// SPDX-License-Identifier: Apache-2.0
// ObjectManager: the namespace of one kernel, and the place where objects die.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "base/lock.h"
#include "base/result.h"
#include "kernel/objects/directory.h"
#include "kernel/objects/object.h"

namespace pw::ob {

// What a path leads to. `remaining` is what stands behind an object that parses names itself (a device): "\dir\file".
struct Found {
    Ref<Object> object;
    std::u16string remaining;
};

class ObjectManager {
public:
    ObjectManager();
    ~ObjectManager();
    ObjectManager(const ObjectManager&) = delete;
    ObjectManager& operator=(const ObjectManager&) = delete;

    // Finds the object that an absolute path ("\Device\Foo") names, or a path relative to `root`. Follows symbolic links
    // (at most 32). Statuses as documented for ZwOpen…: STATUS_OBJECT_NAME_INVALID, STATUS_OBJECT_PATH_SYNTAX_BAD,
    // STATUS_OBJECT_PATH_NOT_FOUND, STATUS_OBJECT_NAME_NOT_FOUND. PASSIVE_LEVEL.
    [[nodiscard]] Result<Found> find(std::u16string_view path, Directory* root, bool ignore_case,
                                     bool open_symbolic_link = false);

    // Gives `object` the name. STATUS_OBJECT_NAME_COLLISION when it is taken; then *existing (if asked for) is what has it.
    // `may_create`, if given, is asked under the namespace lock whether the name may go into that directory: it calls
    // nothing of ours but security_of().
    using MayCreate = std::function<Status(const Directory&)>;
    [[nodiscard]] Status insert(Object& object, std::u16string_view path, Directory* root, bool ignore_case,
                                Ref<Object>* existing = nullptr, const MayCreate& may_create = {});
    // Takes the name away (a temporary object's last handle; IoDeleteSymbolicLink). Nothing happens to an unnamed object.
    void remove_name(Object& object);
    [[nodiscard]] std::u16string full_name(const Object& object);

    [[nodiscard]] Directory& root() { return *root_; }
    // A directory of the system's own, made permanent: \Device, \BaseNamedObjects … PASSIVE_LEVEL, at start.
    void make_directory(std::u16string_view path, Ref<const se::SharedDescriptor> security = {});
    void make_link(std::u16string_view path, std::u16string_view target, Ref<const se::SharedDescriptor> security = {});

    // The descriptor of an object; null where it has none. Any IRQL <= APC_LEVEL, under any lock but a leaf.
    [[nodiscard]] Ref<const se::SharedDescriptor> security_of(const Object& object) const;
    void set_security(Object& object, Ref<const se::SharedDescriptor> security);
    // The same, if `expected` is still the object's; else false.
    [[nodiscard]] bool replace_security(Object& object, const Ref<const se::SharedDescriptor>& expected,
                                        Ref<const se::SharedDescriptor> security);

    // Visits the entries of a directory under the namespace lock; the visitor calls nothing of ours.
    template <typename Visit>
    void for_each_entry(Directory& directory, Visit visit) {
        MutexLock lock(lock_);
        directory.for_each_locked(visit);
    }

    // Called by Object::release() with the last reference gone: destroys now, or later when the IRQL is too high.
    void delete_object(Object* object);
    // Asked to run delete_deferred() soon at PASSIVE_LEVEL, from any IRQL; set once at start.
    void set_deferred_delete_hook(std::function<void()> hook) { deferred_hook_ = std::move(hook); }
    void delete_deferred();

private:
    struct Walk;
    Status walk_locked(Walk& walk) PW_REQUIRES(lock_);
    void destroy(Object* object);

    Mutex lock_{LockRank::object_namespace};
    mutable Mutex security_lock_{LockRank::leaf};  // Object::security_ of every object
    Ref<Directory> root_;
    std::atomic<Object*> deferred_{nullptr};
    std::function<void()> deferred_hook_;
};

}  // namespace pw::ob
