// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/object_manager.h"

#include "kernel/dispatcher/thread.h"

namespace pw::ob {
namespace {

constexpr int max_symbolic_links = 32;

}  // namespace

// One path on its way down the directories.
struct ObjectManager::Walk {
    std::u16string path;      // what is left to do, always starting with a backslash or empty
    Directory* directory;     // where we stand
    bool ignore_case;
    bool open_symbolic_link;  // a link as last component is the result, not its target
    int links_followed = 0;
    Object* object = nullptr;    // the result, if any
    std::u16string last_name;    // set when only the last component is missing: where an insert may go
};

ObjectManager::ObjectManager() : root_(Directory::create(*this)) { root_->set_permanent(true); }

ObjectManager::~ObjectManager() {
    // Cut the tree apart bottom-up so that every directory's references go. Objects that others still hold stay alive.
    std::function<void(Directory&)> clear = [&](Directory& directory) {
        std::vector<Object*> entries;
        {
            MutexLock lock(lock_);
            directory.for_each_locked([&](const std::u16string&, Object& object) { entries.push_back(&object); });
        }
        for (Object* object : entries) {
            if (auto* child = object_cast<Directory>(object)) clear(*child);
            remove_name(*object);
        }
    };
    clear(*root_);
    delete_deferred();
    root_.reset();
}

Status ObjectManager::walk_locked(Walk& walk) {
    while (true) {
        if (walk.path.empty()) {
            walk.object = walk.directory;
            return STATUS_SUCCESS;
        }
        if (walk.path.front() != u'\\') return STATUS_OBJECT_PATH_SYNTAX_BAD;
        const std::size_t end = walk.path.find(u'\\', 1);
        const std::u16string component = walk.path.substr(1, end == std::u16string::npos ? end : end - 1);
        std::u16string rest = end == std::u16string::npos ? std::u16string() : walk.path.substr(end);
        if (component.empty()) {
            if (!rest.empty()) return STATUS_OBJECT_NAME_INVALID;
            walk.object = walk.directory;  // "\" or a trailing backslash names the directory itself
            return STATUS_SUCCESS;
        }
        Object* entry = walk.directory->find_locked(component, walk.ignore_case);
        if (!entry) {
            if (!rest.empty()) return STATUS_OBJECT_PATH_NOT_FOUND;
            walk.last_name = component;
            return STATUS_OBJECT_NAME_NOT_FOUND;
        }
        if (auto* directory = object_cast<Directory>(entry)) {
            walk.directory = directory;
            walk.path = std::move(rest);
            continue;
        }
        if (auto* link = object_cast<SymbolicLink>(entry); link && !(walk.open_symbolic_link && rest.empty())) {
            if (++walk.links_followed > max_symbolic_links) return STATUS_OBJECT_NAME_INVALID;
            walk.path = link->target() + rest;
            walk.directory = root_.get();
            continue;
        }
        walk.object = entry;
        walk.path = std::move(rest);
        return STATUS_SUCCESS;
    }
}

Result<Found> ObjectManager::find(std::u16string_view path, Directory* root, bool ignore_case, bool open_symbolic_link) {
    if (path.empty()) return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (!root && path.front() != u'\\') return STATUS_OBJECT_PATH_SYNTAX_BAD;
    if (root && path.front() == u'\\') return STATUS_OBJECT_PATH_SYNTAX_BAD;
    Walk walk{.path = root ? u"\\" + std::u16string(path) : std::u16string(path),
              .directory = root ? root : root_.get(),
              .ignore_case = ignore_case,
              .open_symbolic_link = open_symbolic_link,
              .last_name = {}};
    MutexLock lock(lock_);
    PW_TRY(walk_locked(walk));
    return Found{.object = Ref<Object>(walk.object), .remaining = std::move(walk.path)};
}

Status ObjectManager::insert(Object& object, std::u16string_view path, Directory* root, bool ignore_case,
                             Ref<Object>* existing, const MayCreate& may_create) {
    if (path.empty() || (!root && path.front() != u'\\') || (root && path.front() == u'\\')) {
        return STATUS_OBJECT_PATH_SYNTAX_BAD;
    }
    Walk walk{.path = root ? u"\\" + std::u16string(path) : std::u16string(path),
              .directory = root ? root : root_.get(),
              .ignore_case = ignore_case,
              .open_symbolic_link = true,
              .last_name = {}};
    MutexLock lock(lock_);
    const Status status = walk_locked(walk);
    if (status.is_success()) {
        // A name behind something that is no directory cannot be created by the object manager.
        if (!walk.path.empty()) return STATUS_OBJECT_TYPE_MISMATCH;
        if (existing) *existing = Ref<Object>(walk.object);
        return STATUS_OBJECT_NAME_COLLISION;
    }
    if (status != Status(STATUS_OBJECT_NAME_NOT_FOUND)) return status;
    if (may_create) PW_TRY(may_create(*walk.directory));
    walk.directory->insert_locked(walk.last_name, object);
    return STATUS_SUCCESS;
}

void ObjectManager::remove_name(Object& object) {
    {
        MutexLock lock(lock_);
        if (!object.directory_) return;
        object.directory_->remove_locked(object);
    }
    object.name_is_gone();
    object.release();  // the directory's reference
}

std::u16string ObjectManager::full_name(const Object& object) {
    MutexLock lock(lock_);
    std::u16string name;
    for (const Object* o = &object; o->directory_; o = o->directory_) name = u"\\" + o->name_ + name;
    return name;
}

Ref<const se::SharedDescriptor> ObjectManager::security_of(const Object& object) const {
    MutexLock lock(security_lock_);
    return object.security_;
}

void ObjectManager::set_security(Object& object, Ref<const se::SharedDescriptor> security) {
    MutexLock lock(security_lock_);
    object.security_.swap(security);  // the old one goes with the parameter, after the lock
}

bool ObjectManager::replace_security(Object& object, const Ref<const se::SharedDescriptor>& expected,
                                     Ref<const se::SharedDescriptor> security) {
    MutexLock lock(security_lock_);
    if (!(object.security_ == expected)) return false;
    object.security_.swap(security);
    return true;
}

void ObjectManager::make_directory(std::u16string_view path, Ref<const se::SharedDescriptor> security) {
    auto directory = Directory::create(*this);
    PW_CHECK(directory);
    set_security(*directory, std::move(security));
    directory->set_permanent(true);
    PW_CHECK(insert(*directory, path, nullptr, true).is_success());
}

void ObjectManager::make_link(std::u16string_view path, std::u16string_view target, Ref<const se::SharedDescriptor> security) {
    auto link = SymbolicLink::create(*this, target);
    PW_CHECK(link);
    set_security(*link, std::move(security));
    link->set_permanent(true);
    PW_CHECK(insert(*link, path, nullptr, true).is_success());
}

void ObjectManager::destroy(Object* object) {
    object->on_delete();
    delete object;
}

void ObjectManager::delete_object(Object* object) {
    // Destructors may send IRP_MJ_CLOSE, free memory, take locks: PASSIVE_LEVEL only, and no lock of ours held.
    const ke::Thread* thread = ke::Thread::current();
    if (!thread || thread->irql() == PASSIVE_LEVEL) {
        destroy(object);
        return;
    }
    Object* head = deferred_.load(std::memory_order_relaxed);
    do {
        object->next_deferred_ = head;
    } while (!deferred_.compare_exchange_weak(head, object, std::memory_order_release, std::memory_order_relaxed));
    if (deferred_hook_) deferred_hook_();
}

void ObjectManager::delete_deferred() {
    Object* object = deferred_.exchange(nullptr, std::memory_order_acquire);
    while (object) {
        Object* next = object->next_deferred_;
        destroy(object);
        object = next;
    }
}

}  // namespace pw::ob
