// SPDX-License-Identifier: Apache-2.0
// Object: the base of everything that has a type, two counts (pointers, handles) and perhaps a name.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <string>

#include "base/ref.h"
#include "kernel/objects/object_type.h"
#include "security_format/descriptor.h"

namespace pw::ob {

class Directory;
class Object;
class ObjectManager;

// Stands immediately before the NT body of an object (FILE_OBJECT, KEVENT …): how a driver's pointer leads back to us.
struct BodyPrefix {
    static constexpr std::uint64_t live_magic = 0x6a624f5f6c6c6177;  // "wall_Obj"
    Object* object;
    std::uint64_t magic;
};
static_assert(sizeof(BodyPrefix) == 16, "bodies stay 16-byte aligned");

// An NT body with its prefix; a member of the object's class.
template <typename T>
struct Body {
    explicit Body(Object* object) : prefix{object, BodyPrefix::live_magic}, body{} {}
    ~Body() { prefix.magic = 0; }
    BodyPrefix prefix;
    T body;
};

// Who opens or closes a handle, for the objects that care (files: CLEANUP goes with the last handle).
struct HandleEvent {
    bool is_last_handle_of_object = false;
};

class Object {
public:
    Object(const Object&) = delete;
    Object& operator=(const Object&) = delete;

    [[nodiscard]] const ObjectType& type() const { return type_; }
    [[nodiscard]] ObjectManager& manager() const { return manager_; }
    // The address that drivers know the object by.
    [[nodiscard]] void* body() const { return body_; }
    // The object whose body this is, or null where it is none. Bodies of dead objects are recognised while their memory
    // is not reused.
    [[nodiscard]] static Object* from_body(void* body);

    // Pointer count. release() may run at IRQL <= DISPATCH_LEVEL; the destructor runs at PASSIVE_LEVEL (deferred if need be).
    void add_ref() const { pointer_count_.fetch_add(1, std::memory_order_relaxed); }
    void release() const;
    [[nodiscard]] std::int64_t pointer_count() const { return pointer_count_.load(std::memory_order_relaxed); }

    // Handle count, kept by the handle tables.
    void handle_opened();
    void handle_closed();
    [[nodiscard]] std::int64_t handle_count() const { return handle_count_.load(std::memory_order_relaxed); }

    // A permanent object keeps its name without handles (OBJ_PERMANENT, devices).
    void set_permanent(bool permanent) { permanent_.store(permanent); }
    [[nodiscard]] bool is_permanent() const { return permanent_.load(); }

    // Counts the object's name in *counter until the name goes; null: nowhere. Once, before the object gets its name.
    void count_name_in(std::shared_ptr<std::atomic<std::uint32_t>> counter);

    // ZwMakeTemporaryObject: the name goes now when there is no handle, else with the last one.
    void make_temporary();

    // "\Device\Foo", or empty for an unnamed object. PASSIVE_LEVEL.
    [[nodiscard]] std::u16string full_name() const;

protected:
    // Born with one pointer reference, which create() functions hand to their caller.
    Object(ObjectManager& manager, const ObjectType& type, void* body);
    virtual ~Object();

    // Before the destructor, at PASSIVE_LEVEL, while the object is whole: IRP_MJ_CLOSE of a file goes here.
    virtual void on_delete() {}
    // After a handle was closed; PASSIVE_LEVEL, no lock held.
    virtual void on_handle_closed(const HandleEvent&) {}

private:
    friend class Directory;
    friend class ObjectManager;

    void name_is_gone();

    ObjectManager& manager_;
    const ObjectType& type_;
    void* const body_;
    mutable std::atomic<std::int64_t> pointer_count_{1};
    std::atomic<std::int64_t> handle_count_{0};
    std::atomic<bool> permanent_{false};
    mutable Object* next_deferred_ = nullptr;  // on the manager's list of objects to delete at PASSIVE_LEVEL
    std::shared_ptr<std::atomic<std::uint32_t>> name_counter_;
    // Guarded by the manager's namespace lock. The directory holds one pointer reference while the object has a name.
    Directory* directory_ = nullptr;
    std::u16string name_;
    // Guarded by the manager's security lock; null: no descriptor, whoever has a handle is free to use it.
    Ref<const se::SharedDescriptor> security_;
};

// The object behind `body` if it is a T (compared by object type), else null.
template <typename T>
[[nodiscard]] T* object_cast(Object* object) {
    return object && &object->type() == &T::static_type() ? static_cast<T*>(object) : nullptr;
}

}  // namespace pw::ob
