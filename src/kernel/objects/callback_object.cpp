// SPDX-License-Identifier: Apache-2.0
#include "kernel/objects/callback_object.h"

#include <new>

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/dispatcher/spin_lock.h"

namespace pw::ob {
namespace {

class SpinGuard {
public:
    explicit SpinGuard(KSPIN_LOCK& lock) : lock_(lock), irql_(ke::acquire_spin_lock(lock)) {}
    ~SpinGuard() { ke::release_spin_lock(lock_, irql_); }
    SpinGuard(const SpinGuard&) = delete;
    SpinGuard& operator=(const SpinGuard&) = delete;

private:
    KSPIN_LOCK& lock_;
    const KIRQL irql_;
};

}  // namespace

struct CallbackObject::Registration {
    LIST_ENTRY link;
    Ref<CallbackObject> object;
    PCALLBACK_FUNCTION function;
    PVOID context;
    ULONG calls_under_way = 0;
    bool is_going = false;  // no new call; the remover waits for the calls under way
    KEVENT idle;
};

Ref<CallbackObject> CallbackObject::create(ObjectManager& manager, ke::Dispatcher& dispatcher, bool allow_multiple) {
    return Ref<CallbackObject>::adopt(new (std::nothrow) CallbackObject(manager, dispatcher, allow_multiple));
}

CallbackObject::CallbackObject(ObjectManager& manager, ke::Dispatcher& dispatcher, bool allow_multiple)
    : Object(manager, callback_type, &nt_.body), nt_(this), dispatcher_(dispatcher), allow_multiple_(allow_multiple) {
    InitializeListHead(&registrations_);
}

CallbackObject::~CallbackObject() { PW_CHECK(IsListEmpty(&registrations_)); }

PVOID CallbackObject::add(PCALLBACK_FUNCTION function, PVOID context) {
    auto* registration = new (std::nothrow) Registration{{}, Ref<CallbackObject>(this), function, context, 0, false, {}};
    if (!registration) return nullptr;
    ke::Dispatcher::initialize_event(registration->idle, SynchronizationEvent, false);
    bool added = false;
    {
        SpinGuard guard(lock_);
        added = allow_multiple_ || IsListEmpty(&registrations_);
        if (added) InsertTailList(&registrations_, &registration->link);
    }
    if (added) return registration;
    delete registration;
    return nullptr;
}

void CallbackObject::remove(PVOID handle) {
    auto* registration = static_cast<Registration*>(handle);
    const Ref<CallbackObject> object = registration->object;
    bool must_wait = false;
    {
        SpinGuard guard(object->lock_);
        registration->is_going = true;
        must_wait = registration->calls_under_way != 0;
        // A registration with calls under way stays in the list: a notification that stands at it goes on from it.
        if (!must_wait) RemoveEntryList(&registration->link);
    }
    if (must_wait) {
        object->dispatcher_.wait(registration->idle.Header, KernelMode, false, nullptr).ignore();
        SpinGuard guard(object->lock_);
        RemoveEntryList(&registration->link);
    }
    delete registration;
}

void CallbackObject::notify(PVOID argument1, PVOID argument2) {
    KIRQL irql = ke::acquire_spin_lock(lock_);
    for (PLIST_ENTRY link = registrations_.Flink; link != &registrations_;) {
        auto& registration = *CONTAINING_RECORD(link, Registration, link);
        if (registration.is_going) {
            link = link->Flink;
            continue;
        }
        ++registration.calls_under_way;
        ke::release_spin_lock(lock_, irql);
        registration.function(registration.context, argument1, argument2);
        irql = ke::acquire_spin_lock(lock_);
        link = link->Flink;
        if (--registration.calls_under_way == 0 && registration.is_going) dispatcher_.set_event(registration.idle);
    }
    ke::release_spin_lock(lock_, irql);
}

}  // namespace pw::ob
