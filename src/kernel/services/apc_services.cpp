// SPDX-License-Identifier: Apache-2.0
#include "kernel/services/apc_services.h"

#include "kernel/objects/dispatcher_objects.h"
#include "kernel/services/synchronization_services.h"

namespace pw::nt {
namespace {

constexpr ACCESS_MASK thread_set_context = 0x0010;
constexpr ACCESS_MASK event_modify_state = 0x0002;
constexpr ACCESS_MASK semaphore_modify_state = 0x0002;

Status signal(const Caller& caller, ob::Object& object, ACCESS_MASK granted) {
    ke::Dispatcher& dispatcher = caller.kernel.dispatcher();
    const auto allows = [&](ACCESS_MASK wanted) { return caller.mode == KernelMode || (granted & wanted) == wanted; };
    if (auto* event = ob::object_cast<ob::EventObject>(&object)) {
        if (!allows(event_modify_state)) return STATUS_ACCESS_DENIED;
        dispatcher.set_event(event->nt());
        return STATUS_SUCCESS;
    }
    if (auto* mutant = ob::object_cast<ob::MutantObject>(&object)) {
        return dispatcher.release_mutant(mutant->nt(), caller.thread, nullptr);
    }
    if (auto* semaphore = ob::object_cast<ob::SemaphoreObject>(&object)) {
        if (!allows(semaphore_modify_state)) return STATUS_ACCESS_DENIED;
        return dispatcher.release_semaphore(semaphore->nt(), 1, nullptr);
    }
    return STATUS_OBJECT_TYPE_MISMATCH;
}

}  // namespace

Status queue_user_apc(const Caller& caller, std::uint64_t handle, const ps::UserApc& apc) {
    if (apc.kind > ps::UserApcKind::timer) return STATUS_INVALID_PARAMETER;
    PW_TRY_ASSIGN(auto thread, caller.reference_as<ps::Thread>(handle, thread_set_context));
    // System threads never return to user mode.
    if (thread->owner().is_system()) return STATUS_INVALID_HANDLE;
    return thread->user_apcs.queue(apc);
}

Status take_user_apc(const Caller& caller, ps::UserApc* apc) {
    if (caller.thread.termination_requested()) return STATUS_THREAD_IS_TERMINATING;
    return caller.thread.user_apcs.take(apc) ? STATUS_SUCCESS : STATUS_NO_MORE_ENTRIES;
}

Status signal_and_wait(const Caller& caller, std::uint64_t signal_handle, std::uint64_t wait_handle, bool alertable,
                       const LARGE_INTEGER* timeout) {
    ob::HandleGrant grant;
    PW_TRY_ASSIGN(auto to_signal, caller.reference(signal_handle, nullptr, 0, &grant));
    PW_TRY_ASSIGN(auto to_wait, caller.reference(wait_handle, nullptr, SYNCHRONIZE));
    DISPATCHER_HEADER* header = waitable_header(*to_wait);
    if (!header) return STATUS_OBJECT_TYPE_MISMATCH;
    PW_TRY(signal(caller, *to_signal, grant.access));
    return caller.kernel.dispatcher().wait(*header, caller.mode, alertable, timeout);
}

}  // namespace pw::nt
