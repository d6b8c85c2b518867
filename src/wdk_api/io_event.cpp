// SPDX-License-Identifier: Apache-2.0
// Façade: named events of drivers.
#include <nt/io.h>

#include "kernel/objects/dispatcher_objects.h"
#include "kernel/services/synchronization_services.h"
#include "wdk_api/current.h"
#include "wdk_api/irql_limit.h"
#include "wdk_api/text.h"

using namespace pw;

namespace {

// The event of that name, created when it is not there; documented to be signalled when new.
PKEVENT named_event(PUNICODE_STRING event_name, PHANDLE handle, EVENT_TYPE type) {
    const nt::Caller caller = wdk::kernel_caller();
    nt::ObjectName name;
    name.has_name = true;
    name.path = wdk::text_of(event_name);
    name.attributes = OBJ_CASE_INSENSITIVE | OBJ_OPENIF | OBJ_KERNEL_HANDLE;
    const nt::NamedHandle event = nt::create_event(caller, name, EVENT_ALL_ACCESS, type, true);
    if (event.status.is_failure()) return nullptr;
    auto object = caller.reference_as<ob::EventObject>(event.handle, 0);
    if (!object) return nullptr;
    *handle = reinterpret_cast<HANDLE>(event.handle);
    return &(*object)->nt();  // the handle keeps it alive, as documented
}

}  // namespace

extern "C" {

PKEVENT NTAPI IoCreateNotificationEvent(PUNICODE_STRING name, PHANDLE handle) {
    PW_IRQL_LIMIT(IoCreateNotificationEvent);
    return named_event(name, handle, NotificationEvent);
}

PKEVENT NTAPI IoCreateSynchronizationEvent(PUNICODE_STRING name, PHANDLE handle) {
    PW_IRQL_LIMIT(IoCreateSynchronizationEvent);
    return named_event(name, handle, SynchronizationEvent);
}

}  // extern "C"
