// SPDX-License-Identifier: Apache-2.0
// CallbackObject (ExCreateCallback): routines that drivers register to be told of a named event, in order of registration.
#pragma once

#include <nt/ex.h>

#include "kernel/objects/object.h"

namespace pw::ke {
class Dispatcher;
}

namespace pw::ob {

class CallbackObject final : public Object {
public:
    static const ObjectType& static_type() { return callback_type; }
    // allow_multiple: more than one routine may be registered at a time.
    static Ref<CallbackObject> create(ObjectManager& manager, ke::Dispatcher& dispatcher, bool allow_multiple);

    // A registration, which keeps the object; null when memory is short or another routine is registered and only one is
    // allowed. IRQL <= APC_LEVEL.
    [[nodiscard]] PVOID add(PCALLBACK_FUNCTION function, PVOID context);
    // Takes a registration away; waits until no call of its routine is under way. Not from the routine itself.
    // IRQL <= APC_LEVEL.
    static void remove(PVOID registration);
    // Calls every routine at the caller's IRQL. IRQL <= DISPATCH_LEVEL.
    void notify(PVOID argument1, PVOID argument2);

private:
    struct Registration;
    CallbackObject(ObjectManager& manager, ke::Dispatcher& dispatcher, bool allow_multiple);
    ~CallbackObject() override;

    struct Nothing {
        std::uint64_t unused;
    };
    Body<Nothing> nt_;
    ke::Dispatcher& dispatcher_;
    const bool allow_multiple_;
    KSPIN_LOCK lock_ = 0;       // guards the list and what is in it
    LIST_ENTRY registrations_;
};

}  // namespace pw::ob
