// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/object.h"

#include "kernel/objects/object_manager.h"

namespace pw::ob {

Object::Object(ObjectManager& manager, const ObjectType& type, void* body) : manager_(manager), type_(type), body_(body) {}

Object::~Object() { name_is_gone(); }

void Object::count_name_in(std::shared_ptr<std::atomic<std::uint32_t>> counter) {
    name_counter_ = std::move(counter);
    if (name_counter_) name_counter_->fetch_add(1, std::memory_order_relaxed);
}

void Object::name_is_gone() {
    // By whoever took the name out of its directory, or at the end of an object that never got one.
    if (const auto counter = std::exchange(name_counter_, nullptr)) counter->fetch_sub(1, std::memory_order_relaxed);
}

Object* Object::from_body(void* body) {
    if (!body || reinterpret_cast<std::uintptr_t>(body) % alignof(BodyPrefix) != 0) return nullptr;
    const auto* prefix = static_cast<const BodyPrefix*>(body) - 1;
    return prefix->magic == BodyPrefix::live_magic && prefix->object->body() == body ? prefix->object : nullptr;
}

void Object::release() const {
    const auto before = pointer_count_.fetch_sub(1, std::memory_order_acq_rel);
    PW_CHECK(before > 0);
    if (before == 1) manager_.delete_object(const_cast<Object*>(this));
}

void Object::handle_opened() { handle_count_.fetch_add(1, std::memory_order_relaxed); }

void Object::handle_closed() {
    const auto before = handle_count_.fetch_sub(1, std::memory_order_acq_rel);
    PW_CHECK(before > 0);
    // A temporary object's name goes with its last handle (Microsoft: "Life Cycle of an Object").
    if (before == 1 && !is_permanent()) manager_.remove_name(*this);
    on_handle_closed(HandleEvent{.is_last_handle_of_object = before == 1});
}

void Object::make_temporary() {
    set_permanent(false);
    if (handle_count() == 0) manager_.remove_name(*this);
}

std::u16string Object::full_name() const { return manager_.full_name(*this); }

}  // namespace pw::ob
