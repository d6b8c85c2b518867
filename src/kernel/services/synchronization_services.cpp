// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/synchronization_services.h"

#include <array>

#include "kernel/io/file.h"
#include "kernel/objects/dispatcher_objects.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK event_modify_state = 0x0002;
constexpr ACCESS_MASK semaphore_modify_state = 0x0002;

Result<Ref<ob::EventObject>> event_of(const Caller& caller, std::uint64_t handle) {
    return caller.reference_as<ob::EventObject>(handle, event_modify_state);
}

}  // namespace

DISPATCHER_HEADER* waitable_header(ob::Object& object) {
    if (auto* file = ob::object_cast<io::FileObject>(&object)) return &file->watch_event();
    return object.type().is_waitable ? static_cast<DISPATCHER_HEADER*>(object.body()) : nullptr;
}

NamedHandle create_event(const Caller& caller, const ObjectName& name, ACCESS_MASK access, EVENT_TYPE type,
                         bool initial_state) {
    if (type != NotificationEvent && type != SynchronizationEvent) return {.status = STATUS_INVALID_PARAMETER};
    auto event = ob::EventObject::create(caller.kernel.objects());
    if (!event) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    caller.kernel.dispatcher().initialize_event(event->nt(), type, initial_state);
    return insert_and_open(caller, std::move(event), name, access);
}

Status set_event(const Caller& caller, std::uint64_t handle, LONG* previous) {
    PW_TRY_ASSIGN(auto event, event_of(caller, handle));
    *previous = caller.kernel.dispatcher().set_event(event->nt());
    return STATUS_SUCCESS;
}

Status reset_event(const Caller& caller, std::uint64_t handle, LONG* previous) {
    PW_TRY_ASSIGN(auto event, event_of(caller, handle));
    *previous = caller.kernel.dispatcher().reset_event(event->nt());
    return STATUS_SUCCESS;
}

Status pulse_event(const Caller& caller, std::uint64_t handle, LONG* previous) {
    PW_TRY_ASSIGN(auto event, event_of(caller, handle));
    *previous = caller.kernel.dispatcher().pulse_event(event->nt());
    return STATUS_SUCCESS;
}

NamedHandle create_mutant(const Caller& caller, const ObjectName& name, ACCESS_MASK access, bool initial_owner) {
    auto mutant = ob::MutantObject::create(caller.kernel.objects());
    if (!mutant) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    caller.kernel.dispatcher().initialize_mutant(mutant->nt(), initial_owner ? &caller.thread : nullptr);
    return insert_and_open(caller, std::move(mutant), name, access);
}

Status release_mutant(const Caller& caller, std::uint64_t handle, LONG* previous) {
    PW_TRY_ASSIGN(auto mutant, caller.reference_as<ob::MutantObject>(handle, 0));
    return caller.kernel.dispatcher().release_mutant(mutant->nt(), caller.thread, previous);
}

NamedHandle create_semaphore(const Caller& caller, const ObjectName& name, ACCESS_MASK access, LONG initial, LONG maximum) {
    if (maximum <= 0 || initial < 0 || initial > maximum) return {.status = STATUS_INVALID_PARAMETER};
    auto semaphore = ob::SemaphoreObject::create(caller.kernel.objects());
    if (!semaphore) return {.status = STATUS_INSUFFICIENT_RESOURCES};
    caller.kernel.dispatcher().initialize_semaphore(semaphore->nt(), initial, maximum);
    return insert_and_open(caller, std::move(semaphore), name, access);
}

Status release_semaphore(const Caller& caller, std::uint64_t handle, LONG count, LONG* previous) {
    PW_TRY_ASSIGN(auto semaphore, caller.reference_as<ob::SemaphoreObject>(handle, semaphore_modify_state));
    if (count <= 0) return STATUS_INVALID_PARAMETER;
    return caller.kernel.dispatcher().release_semaphore(semaphore->nt(), count, previous);
}

Status wait_for_single_object(const Caller& caller, std::uint64_t handle, bool alertable, const LARGE_INTEGER* timeout) {
    PW_TRY_ASSIGN(auto object, caller.reference(handle, nullptr, SYNCHRONIZE));
    DISPATCHER_HEADER* header = waitable_header(*object);
    if (!header) return STATUS_OBJECT_TYPE_MISMATCH;
    return caller.kernel.dispatcher().wait(*header, caller.mode, alertable, timeout);
}

Status wait_for_multiple_objects(const Caller& caller, std::span<const std::uint64_t> handles, WAIT_TYPE type,
                                 bool alertable, const LARGE_INTEGER* timeout) {
    if (handles.empty() || handles.size() > MAXIMUM_WAIT_OBJECTS) return STATUS_INVALID_PARAMETER_1;
    if (type != WaitAll && type != WaitAny) return STATUS_INVALID_PARAMETER_3;
    std::array<Ref<ob::Object>, MAXIMUM_WAIT_OBJECTS> objects;
    std::array<DISPATCHER_HEADER*, MAXIMUM_WAIT_OBJECTS> headers{};
    for (std::size_t i = 0; i < handles.size(); ++i) {
        PW_TRY_ASSIGN(objects[i], caller.reference(handles[i], nullptr, SYNCHRONIZE));
        headers[i] = waitable_header(*objects[i]);
        if (!headers[i]) return STATUS_OBJECT_TYPE_MISMATCH;
        // "With WaitAll no object may be there twice": STATUS_INVALID_PARAMETER_MIX.
        for (std::size_t j = 0; type == WaitAll && j < i; ++j) {
            if (headers[j] == headers[i]) return STATUS_INVALID_PARAMETER_MIX;
        }
    }
    std::array<KWAIT_BLOCK, MAXIMUM_WAIT_OBJECTS> blocks;
    return caller.kernel.dispatcher().wait_multiple(static_cast<ULONG>(handles.size()), headers.data(), type, caller.mode,
                                                    alertable, timeout, blocks.data());
}

Status delay_execution(const Caller& caller, bool alertable, const LARGE_INTEGER* interval) {
    // Without an interval the wait never ends by itself: an alertable thread's sleep for ever.
    LARGE_INTEGER for_ever;
    for_ever.QuadPart = -0x7FFFFFFFFFFFFFFF;
    return caller.kernel.dispatcher().delay(caller.mode, alertable, interval ? *interval : for_ever);
}

}  // namespace pw::nt
