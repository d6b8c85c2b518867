// SPDX-License-Identifier: Apache-2.0
// EventObject, MutantObject, SemaphoreObject: the dispatcher's structures as objects with names and handles.
#pragma once

#include <nt/ob.h>

#include <new>
#include <type_traits>

#include "kernel/dispatcher/dispatcher.h"
#include "kernel/objects/object.h"

namespace pw::ob {

template <typename Nt, const ObjectType& Type>
class DispatcherObject final : public Object {
public:
    static const ObjectType& static_type() { return Type; }
    // The NT structure is zeroed; the caller initialises it through the dispatcher.
    static Ref<DispatcherObject> create(ObjectManager& manager) {
        return Ref<DispatcherObject>::adopt(new (std::nothrow) DispatcherObject(manager));
    }
    [[nodiscard]] Nt& nt() { return nt_.body; }

private:
    void on_delete() override {
        // An owned mutant that dies leaves its owner's list.
        if constexpr (std::is_same_v<Nt, KMUTANT>) {
            if (ke::Thread* thread = ke::Thread::current()) thread->dispatcher().forget_mutant(nt_.body);
        }
    }
    explicit DispatcherObject(ObjectManager& manager) : Object(manager, Type, &nt_.body), nt_(this) {}
    Body<Nt> nt_;
};

using EventObject = DispatcherObject<KEVENT, event_type>;
using MutantObject = DispatcherObject<KMUTANT, mutant_type>;
using SemaphoreObject = DispatcherObject<KSEMAPHORE, semaphore_type>;

}  // namespace pw::ob
